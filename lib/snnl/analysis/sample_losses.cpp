#include "snnl/analysis/sample_losses.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "snnl/files/digest.hpp"
#include "snnl/text/base64.hpp"

namespace snnl::analysis {

std::string pack_losses(const std::vector<float>& losses) {
  std::string bytes;
  bytes.reserve(losses.size() * 4);
  for (const float loss : losses) {
    const auto bits = std::bit_cast<std::uint32_t>(loss);
    for (unsigned shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(bits >> shift & 255);
  }
  return text::to_base64(bytes);
}

std::optional<std::vector<float>> unpack_losses(std::string_view text) {
  const std::optional<std::string> bytes = text::from_base64(text);
  if (!bytes || bytes->size() % 4 != 0) return std::nullopt;
  std::vector<float> out(bytes->size() / 4);
  for (std::size_t i = 0; i < out.size(); ++i) {
    std::uint32_t bits = 0;
    for (std::size_t b = 4; b-- > 0;) bits = bits << 8 | static_cast<unsigned char>((*bytes)[4 * i + b]);
    out[i] = std::bit_cast<float>(bits);
  }
  return out;
}

std::string sample_digest(const dump::Activations& activations) {
  files::Digest digest;
  digest.add(activations.labels.data(), activations.labels.size() * sizeof(activations.labels[0]));
  for (const std::size_t row : activations.rows) {
    const auto number = static_cast<std::uint64_t>(row);
    digest.add(&number, sizeof number);
  }
  return digest.text();
}

std::optional<SampleIds> sample_ids(const dump::Activations& activations) {
  std::vector<std::uint64_t> ids = activations.ids;
  if (ids.empty()) return std::nullopt;
  const auto digest_of = [](const std::vector<std::uint64_t>& values) {
    files::Digest digest;
    digest.add(values.data(), values.size() * sizeof values[0]);
    return digest.text();
  };
  SampleIds out;
  out.order = digest_of(ids);
  std::sort(ids.begin(), ids.end());
  out.set = digest_of(ids);
  return out;
}

Samples compare_samples(const AnalysedItem& a, const AnalysedItem& b) {
  if (!a.sample_ids || !b.sample_ids) return Samples::unknown;
  if (a.sample_ids->set != b.sample_ids->set) return Samples::others;
  return a.sample_ids->order == b.sample_ids->order ? Samples::same : Samples::reordered;
}

std::optional<PairedChange> paired_change(const AnalysedItem& before, const AnalysedItem& after, std::string* why) {
  const auto unpaired = [&](const char* reason) {
    if (why) *why = reason;
    return std::nullopt;
  };
  const Samples samples = compare_samples(before, after);
  if (samples == Samples::others) return unpaired("the samples are others: their ids differ");
  if (samples == Samples::reordered) return unpaired("the samples are in another order, by their ids");
  if (before.sample_losses.empty() || after.sample_losses.empty()) return unpaired("losses of samples were not kept");
  if (before.sample_digest != after.sample_digest) {
    return unpaired(samples == Samples::same ? "the samples are the same, but have other classes or rows"
                                             : "the samples are others, or in another order");
  }
  if (before.sample_losses.size() != after.sample_losses.size()) return unpaired("the samples are others");
  PairedChange out;
  double sum = 0, squares = 0;
  const auto change = [&](std::size_t i) {
    return static_cast<double>(after.sample_losses[i]) - static_cast<double>(before.sample_losses[i]);
  };
  for (std::size_t i = 0; i < after.sample_losses.size(); ++i) {
    if (std::isnan(change(i))) continue;
    sum += change(i);
    ++out.pairs;
  }
  if (out.pairs < 2) return unpaired("no two samples are scored on both sides");
  out.mean = sum / static_cast<double>(out.pairs);
  for (std::size_t i = 0; i < after.sample_losses.size(); ++i) {
    if (!std::isnan(change(i))) squares += std::pow(change(i) - out.mean, 2);
  }
  const auto pairs = static_cast<double>(out.pairs);
  out.standard_error = std::sqrt(squares / (pairs - 1) / pairs);
  return out;
}

}  // namespace snnl::analysis
