#include "snnl/dump/activations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <numeric>
#include <optional>
#include <type_traits>

#include "snnl/dump/all_finite.hpp"
#include "snnl/dump/likely_bits.hpp"
#include "snnl/dump/reading_plan.hpp"
#include "snnl/error.hpp"
#include "snnl/hdf5/chunks/reader.hpp"
#include "snnl/hdf5/dataset.hpp"
#include "snnl/hdf5/watch.hpp"
#include "snnl/memory/buffer.hpp"
#include "snnl/parallel/threads.hpp"
#include "snnl/text/wording.hpp"

namespace snnl::dump {
namespace {

using hdf5::Dataset;

std::string nonfinite_message(const std::vector<std::size_t>& rows) {
  constexpr std::size_t shown = 5;
  std::string text = rows.size() == 1 ? "1 row holds" : std::to_string(rows.size()) + " rows hold";
  text += rows.size() == 1 ? " NaN or Inf (row " : " NaN or Inf (rows ";
  for (std::size_t i = 0; i < std::min(shown, rows.size()); ++i) text += (i == 0 ? "" : ", ") + std::to_string(rows[i]);
  if (rows.size() > shown) text += ", ...";
  return text + ")";
}

// Takes these rows out, ascending ones; returns those that are left.
template <typename Scalar>
MatrixView<Scalar> take_out(MatrixView<Scalar> values, const std::vector<std::size_t>& rows, Activations& result) {
  if (rows.empty()) return values;
  std::size_t next = rows[0];
  auto next_out = rows.begin();
  for (std::size_t row = next; row < values.rows; ++row) {
    if (next_out != rows.end() && *next_out == row) {
      ++next_out;
      continue;
    }
    std::copy_n(values.row(row), values.cols, values.row(next));
    result.labels[next] = result.labels[row];
    result.rows[next] = result.rows[row];
    ++next;
  }
  result.labels.resize(next);
  result.rows.resize(next);
  return {values.data, next, values.cols};
}

// Those with a label of no class.
template <typename Scalar>
MatrixView<Scalar> take_out_ignored(MatrixView<Scalar> values, Activations& result, const std::string& where) {
  std::vector<std::size_t> ignored;
  for (std::size_t row = 0; row < values.rows; ++row) {
    if (result.labels[row] < 0) ignored.push_back(row);
  }
  if (ignored.size() == values.rows) {
    throw Error(where, "the labels of all samples are ignored", "nothing is left to analyse");
  }
  result.ignored = ignored.size();
  return take_out(values, ignored, result);
}

template <typename Scalar>
MatrixView<Scalar> take_out_nonfinite(MatrixView<Scalar> values, Activations& result, const std::string& where,
                                      Nonfinite nonfinite) {
  std::vector<std::size_t> bad, rows;
  for (std::size_t row = 0; row < values.rows; ++row) {
    if (all_finite(values.row(row), values.cols)) continue;
    bad.push_back(row);
    rows.push_back(result.rows[row]);
  }
  if (bad.empty()) return values;
  if (nonfinite == Nonfinite::error) {
    throw Error(where, nonfinite_message(rows), "use --nonfinite drop of snnl-analyze to leave them out");
  }
  if (bad.size() == values.rows) throw Error(where, "all rows hold NaN or Inf", "nothing is left to analyse");
  result.dropped = bad.size();
  return take_out(values, bad, result);
}

std::size_t axis_index(EpochAxis axis) { return axis == EpochAxis::first ? 0 : 1; }

// The shape without the epoch axis. [n] and [] are refused: a feature axis is what makes activations.
std::vector<std::size_t> sample_shape(const Dataset& dataset, const Slice& slice) {
  std::vector<std::size_t> shape = dataset.shape;
  if (slice.axis != EpochAxis::none) {
    const std::size_t axis = axis_index(slice.axis);
    if (shape.size() <= axis || slice.epoch_index >= shape[axis]) {
      throw Error(dataset.where, fmt::format("has shape {} and no such epoch", text::shape_text(dataset.shape)),
                  "check --layout");
    }
    shape.erase(shape.begin() + static_cast<std::ptrdiff_t>(axis));
  }
  if (shape.size() < 2) {
    throw Error(dataset.where,
                fmt::format("has shape {}{}, but activations are an array of [samples, features]",
                            text::shape_text(dataset.shape),
                            shape.size() == dataset.shape.size() ? "" : " with its epoch axis"),
                "leave it out with --layers, or store one feature as [samples, 1]");
  }
  return shape;
}

// A dataset that may be read, as far as can be told without its values.
struct Prepared {
  Dataset dataset;
  ReadingPlan plan;
  hdf5::ElementKind kind = hdf5::ElementKind::single;
};

// In memory.
std::size_t element_bytes(hdf5::ElementKind kind) {
  return kind == hdf5::ElementKind::wide ? sizeof(double) : sizeof(float);
}

Prepared prepare(const hdf5::Handle& file, const std::string& file_name, const Slice& slice, std::size_t labels,
                 const std::string& label_path, const Options& options) {
  Prepared prepared;
  Dataset& dataset = prepared.dataset;
  dataset = hdf5::open_dataset(file, file_name, slice.path);
  dataset.where = text::location(file_name, slice.text());
  const std::vector<std::size_t> shape = sample_shape(dataset, slice);
  if (shape[0] == 0)
    throw Error(dataset.where, fmt::format("holds no samples (shape {})", text::shape_text(dataset.shape)));
  if (std::find(shape.begin(), shape.end(), 0) != shape.end()) {
    throw Error(dataset.where, fmt::format("holds no features (shape {})", text::shape_text(dataset.shape)));
  }
  if (shape[0] != labels) {
    throw Error(dataset.where, fmt::format("holds {} samples, but {} has {}", shape[0], label_path, labels),
                "write one row per label, or name the label set that fits with --labels");
  }
  prepared.kind = hdf5::element_kind(file, file_name, slice.path, dataset, format_of(options.integer_bits));
  prepared.plan = plan_reading(file, file_name, slice, dataset, shape, element_bytes(prepared.kind), options.pooling);
  // Along an epoch axis the epochs that were written are good.
  if (!dataset.complete && slice.axis == EpochAxis::none) hdf5::fail_incomplete(dataset);
  return prepared;
}

// What HDF5, or the threads that decompress, take of it at most beside the values.
std::size_t reading_memory(const Dataset& dataset, std::size_t threads) {
  constexpr std::size_t copies = 4;  // as stored, after each of two filters, and in HDF5's cache
  return hdf5::gzip_memory(dataset, threads) + copies * hdf5::chunk_bytes(dataset);
}

}  // namespace

std::string Slice::text() const {
  switch (axis) {
    case EpochAxis::first:
      return fmt::format("{}[{}]", path, epoch_index);
    case EpochAxis::second:
      return fmt::format("{}[:,{}]", path, epoch_index);
    default:
      return path;
  }
}

ItemSize activations_size(const hdf5::Handle& file, const std::string& file_name, const Slice& slice,
                          const Pooling& pooling, std::size_t threads) {
  Dataset dataset = hdf5::open_dataset(file, file_name, slice.path);
  dataset.where = text::location(file_name, slice.text());
  const std::vector<std::size_t> shape = sample_shape(dataset, slice);
  const std::size_t size = element_bytes(hdf5::element_kind(file, file_name, slice.path, dataset));
  const ReadingPlan plan = plan_reading(file, file_name, slice, dataset, shape, size, pooling);
  const std::size_t reading = hdf5::gzip_memory(dataset, parallel::thread_count(threads));
  return {plan.samples, plan.features, size, reading + plan.elements_beside() * size, plan.pooled};
}

void check_activations(const hdf5::Handle& file, const std::string& file_name, const Slice& slice, std::size_t labels,
                       const std::string& label_path) {
  prepare(file, file_name, slice, labels, label_path, {});
}

std::shared_ptr<void> own_memory(std::size_t bytes, std::size_t) {
  return {memory::allocate_large(bytes), memory::free_large};
}

Activations read_activations(const hdf5::Handle& file, const std::string& file_name, const Slice& slice,
                             const std::vector<std::int32_t>& labels, const std::string& label_path,
                             const Options& options, const Memory& memory) {
  const std::size_t threads = parallel::thread_count(options.threads);
  const Prepared prepared = prepare(file, file_name, slice, labels.size(), label_path, options);
  const Dataset& dataset = prepared.dataset;
  const ReadingPlan& plan = prepared.plan;
  const std::size_t samples = plan.samples;
  const std::size_t size = element_bytes(prepared.kind);
  const std::size_t elements = samples * plan.features;

  Activations result;
  hdf5::need_memory(reading_memory(dataset, threads) + (elements + plan.elements_beside()) * size +
                    4 * samples * sizeof(std::size_t));
  try {
    result.labels = labels;
    result.rows.resize(samples);
    std::iota(result.rows.begin(), result.rows.end(), std::size_t{0});
    const std::shared_ptr<void> owner = memory(elements * size, samples);
    const auto fill = [&]<typename Scalar>(Scalar* data) {
      const MatrixView<Scalar> values{data, samples, plan.features};
      std::vector<std::uint64_t> words;
      const bool may_be_bits = prepared.kind == hdf5::ElementKind::single && hdf5::is_sixteen_bit_integer(dataset);
      const bool written = read_planned(dataset, prepared.kind, plan, threads, values, may_be_bits ? &words : nullptr);
      const hdf5::OwnWork own_work;
      // Of a dataset made for more epochs than were trained.
      if (!written) {
        throw Error(dataset.where, "this epoch was never written (all zeros)", "leave it out with --epochs");
      }
      if (!words.empty()) result.looks_like = likely_bits(words);
      // Samples that nobody looks at may hold anything.
      const auto chosen = take_out_ignored(values, result, dataset.where);
      const auto kept = take_out_nonfinite(chosen, result, dataset.where, options.nonfinite);
      result.values = Values<Scalar>(owner, data, kept.rows, kept.cols);
    };
    if (prepared.kind == hdf5::ElementKind::wide) {
      fill(static_cast<double*>(owner.get()));
    } else {
      fill(static_cast<float*>(owner.get()));
    }
  } catch (const std::bad_alloc&) {
    const std::size_t gib = ((elements + plan.elements_beside()) * size >> 30) + 1;
    throw Error(dataset.where, fmt::format("needs {} GiB, more memory than there is", gib),
                "store fewer samples or features");
  }
  return result;
}

bool integer_bits_apply(const hdf5::Handle& file, const std::string& file_name, const Slice& slice) {
  try {
    const Dataset dataset = hdf5::open_dataset(file, file_name, slice.path);
    return hdf5::is_sixteen_bit_integer(dataset) &&
           hdf5::element_kind(file, file_name, slice.path, dataset) == hdf5::ElementKind::single;
  } catch (const Error&) {
    return false;  // reading it says why
  }
}

std::optional<hdf5::SixteenBit> format_of(IntegerBits bits) {
  switch (bits) {
    case IntegerBits::numbers:
      break;
    case IntegerBits::bfloat16:
      return hdf5::SixteenBit::bfloat16;
    case IntegerBits::float16:
      return hdf5::SixteenBit::half;
  }
  return std::nullopt;
}

}  // namespace snnl::dump
