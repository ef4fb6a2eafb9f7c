#include "snnl/entanglement/judged_rows.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>

namespace snnl::engine {
namespace {

/// As many rows as are sampled: what they tell saves a pass, and of few samples they would cost more than that.
std::size_t sample_rows(std::size_t n) {
  constexpr std::size_t share = 64, least = 32, most = 128;
  return std::clamp(n / share, least, most);
}

constexpr std::size_t extreme_rows = 8;
/// More temperatures than one pass takes are not kept.
constexpr std::size_t most_kept = 24;

/// A fixed sequence of well-mixed bits (the finaliser of SplitMix64): sampling must not differ between runs.
double uniform_of(std::uint64_t k) {
  std::uint64_t z = (k + 1) * 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

/// One row from each of `count` equal stretches of the rows, which are ordered by class.
std::vector<std::size_t> stratified(std::size_t n, std::size_t count) {
  std::vector<std::size_t> rows(std::min(n, count));
  for (std::size_t k = 0; k < rows.size(); ++k) {
    const double at =
        (static_cast<double>(k) + uniform_of(k)) * static_cast<double>(n) / static_cast<double>(rows.size());
    rows[k] = rows.size() == n ? k : std::min(n - 1, static_cast<std::size_t>(at));
  }
  return rows;
}

std::vector<std::size_t> largest(const std::vector<double>& norms, std::size_t count) {
  std::vector<std::size_t> rows(norms.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  count = std::min(count, rows.size());
  std::partial_sort(
      rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(count), rows.end(),
      [&](std::size_t a, std::size_t b) { return norms[a] > norms[b] || (norms[a] == norms[b] && a < b); });
  rows.resize(count);
  return rows;
}

std::vector<std::size_t> joined(std::vector<std::size_t> a, const std::vector<std::size_t>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace

JudgedRows::JudgedRows(const Points& points, const Queries& queries, const std::vector<double>& norms, bool extremes,
                       std::size_t threads, const product::Products<double>& maker)
    : sampled_(stratified(queries.size(), sample_rows(queries.size()))),
      extreme_(extremes ? largest(norms, extreme_rows) : std::vector<std::size_t>{}),
      sampled_rows_(queries.rows(sampled_)),
      rows_(points, joined(sampled_rows_, queries.rows(extreme_)), threads, maker) {}

std::vector<double> JudgedRows::sample_losses(const std::vector<double>& temperatures) {
  const std::size_t count = sampled_.size(), stride = rows_.rows().size();
  if (temperatures.size() > most_kept) return rows_.losses(temperatures, count);
  evaluate(temperatures);
  std::vector<double> out(temperatures.size() * count);
  for (std::size_t t = 0; t < temperatures.size(); ++t) std::copy_n(&losses_[t * stride], count, &out[t * count]);
  return out;
}

void JudgedRows::evaluate(const std::vector<double>& temperatures) {
  if (temperatures == temperatures_) return;
  losses_ = rows_.losses(temperatures);
  temperatures_ = temperatures;
}

const double* JudgedRows::losses_at(double temperature) const {
  const auto at = std::find(temperatures_.begin(), temperatures_.end(), temperature);
  return losses_.data() + static_cast<std::size_t>(at - temperatures_.begin()) * rows_.rows().size();
}

}  // namespace snnl::engine
