#include "snnl/dump/reading_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <functional>
#include <memory>
#include <type_traits>

#include "snnl/dump/likely_bits.hpp"
#include "snnl/error.hpp"
#include "snnl/hdf5/attribute.hpp"
#include "snnl/hdf5/elements.hpp"
#include "snnl/hdf5/watch.hpp"
#include "snnl/parallel/threads.hpp"

namespace snnl::dump {
namespace {

// About so much is read before it is pooled: large beside a chunk, small beside the memory.
constexpr std::size_t stretch_bytes = std::size_t{16} << 20;

/// Axis of the dataset that is axis `axis` of its shape without epochs.
std::size_t stored_axis(const Slice& slice, std::size_t axis) {
  switch (slice.axis) {
    case EpochAxis::none:
      return axis;
    case EpochAxis::first:
      return axis + 1;
    case EpochAxis::second:
      return axis == 0 ? 0 : axis + 1;
  }
  return axis;
}

/// What the dataset says of its maps; nothing where it does not.
std::optional<bool> says_channels_last(const hdf5::Handle& file, const std::string& file_name, const std::string& path,
                                       const std::string& where) {
  const auto given = hdf5::string_attribute(file, file_name, path, "data_format");
  if (!given) return std::nullopt;
  std::string text = given->empty() ? "" : given->front();
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (text == "channels_last" || text == "nhwc") return true;
  if (text == "channels_first" || text == "nchw") return false;
  throw Error(where, fmt::format("its attribute 'data_format' is '{}'", text),
              "write it as 'channels_first' (NCHW) or 'channels_last' (NHWC)");
}

MapPooling maps_of(const std::vector<std::size_t>& shape, bool channels_last, const Pooling& pooling) {
  MapPooling maps;
  maps.channels_last = channels_last;
  maps.channels = shape[channels_last ? 3 : 1];
  maps.rows = shape[channels_last ? 1 : 2];
  maps.columns = shape[channels_last ? 2 : 3];
  maps.largest = pooling.maps == Pool::max;
  if (pooling.maps == Pool::grid) {
    maps.grid_rows = pooling.grid_rows;
    maps.grid_columns = pooling.grid_columns;
  }
  return maps;
}

/// Their mean is that of a map of one column, channels last.
MapPooling mean_of_tokens(const std::vector<std::size_t>& shape) {
  MapPooling maps;
  maps.rows = shape[1];
  maps.columns = 1;
  maps.channels = shape[2];
  maps.channels_last = true;
  return maps;
}

/// Whole chunks: none is decompressed twice.
std::size_t stretch_of(const hdf5::Dataset& dataset, std::size_t axis, std::size_t samples, std::size_t row_bytes) {
  const std::size_t chunk = hdf5::chunk_extent(dataset, axis);
  const std::size_t chunks = std::max<std::size_t>(1, stretch_bytes / std::max<std::size_t>(1, row_bytes) / chunk);
  return std::min(samples, chunks * chunk);
}

template <class Real>
void read_box(const hdf5::Dataset& dataset, hdf5::ElementKind kind, const hdf5::Box& box, std::size_t threads,
              Real* out) {
  if constexpr (std::is_same_v<Real, double>) {
    hdf5::read_elements(dataset, box, threads, out);
  } else {
    hdf5::read_elements(dataset, kind, box, threads, out);
  }
}

template <class Real>
bool any_other_than_zero(const hdf5::Dataset& dataset, const Real* values, std::size_t count) {
  return dataset.complete || std::any_of(values, values + count, [](Real x) { return x != 0; });
}

/// Called with what is read, before it is pooled.
template <class Real>
using Seen = std::function<void(const Real* values, std::size_t count)>;

template <class Real>
bool read_pooled(const hdf5::Dataset& dataset, hdf5::ElementKind kind, const ReadingPlan& plan, std::size_t threads,
                 MatrixView<Real> values, const Seen<Real>& seen) {
  constexpr std::size_t at_once = 16;  // samples
  const std::shared_ptr<void> memory = own_memory(plan.elements_beside() * sizeof(Real));
  Real* const raw = static_cast<Real*>(memory.get());
  bool written = false;
  for (std::size_t first = 0; first < plan.samples; first += plan.stretch) {
    hdf5::Box box = plan.box;
    box.start[plan.sample_axis] = first;
    const std::size_t count = std::min(plan.stretch, plan.samples - first);
    box.count[plan.sample_axis] = count;
    read_box(dataset, kind, box, threads, raw);
    const hdf5::OwnWork own_work;
    written = written || any_other_than_zero(dataset, raw, count * plan.read_features);
    if (seen) seen(raw, count * plan.read_features);
    parallel::run_stretches(count, at_once, threads, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        pool_maps(*plan.maps, raw + i * plan.read_features, values.row(first + i));
      }
    });
  }
  return written;
}

template <class Real>
bool read(const hdf5::Dataset& dataset, hdf5::ElementKind kind, const ReadingPlan& plan, std::size_t threads,
          MatrixView<Real> values, const Seen<Real>& seen) {
  if (plan.maps) return read_pooled(dataset, kind, plan, threads, values, seen);
  read_box(dataset, kind, plan.box, threads, values.data);
  const hdf5::OwnWork own_work;
  if (seen) seen(values.data, values.rows * values.cols);
  return any_other_than_zero(dataset, values.data, values.rows * values.cols);
}

}  // namespace

ReadingPlan plan_reading(const hdf5::Handle& file, const std::string& file_name, const Slice& slice,
                         const hdf5::Dataset& dataset, const std::vector<std::size_t>& shape, std::size_t element_bytes,
                         const Pooling& pooling) {
  ReadingPlan plan;
  plan.samples = shape[0];
  plan.sample_axis = stored_axis(slice, 0);
  plan.box = {std::vector<std::size_t>(dataset.shape.size(), 0), dataset.shape};
  if (slice.axis != EpochAxis::none) {
    const std::size_t axis = slice.axis == EpochAxis::first ? 0 : 1;
    plan.box.start[axis] = slice.epoch_index;
    plan.box.count[axis] = 1;
  }
  const bool empty = std::find(shape.begin(), shape.end(), 0) != shape.end();
  if (!empty && shape.size() == 4 && pooling.maps != Pool::none) {
    plan.pooled = Pooled::maps;
    const std::optional<bool> said = says_channels_last(file, file_name, slice.path, dataset.where);
    plan.maps = maps_of(shape, said.value_or(pooling.channels_last), pooling);
  } else if (!empty && shape.size() == 3 && pooling.tokens != Tokens::all) {
    plan.pooled = Pooled::tokens;
    if (pooling.tokens == Tokens::mean) {
      plan.maps = mean_of_tokens(shape);
    } else {
      const std::size_t axis = stored_axis(slice, 1);
      plan.box.start[axis] = pooling.tokens == Tokens::first ? 0 : shape[1] - 1;
      plan.box.count[axis] = 1;
    }
  }
  const auto features = [&](std::vector<std::size_t> axes) {
    return hdf5::checked_bytes(axes, element_bytes, dataset.where) / element_bytes;
  };
  if (plan.maps) {
    plan.read_features = features({shape.begin() + 1, shape.end()});
    plan.features = features({plan.maps->channels, plan.maps->grid_rows, plan.maps->grid_columns});
    plan.stretch = stretch_of(dataset, plan.sample_axis, plan.samples, plan.read_features * element_bytes);
    features({plan.samples, plan.features});
    features({plan.stretch, plan.read_features});
  } else {
    const std::size_t all = features(shape);
    plan.features = plan.samples == 0 ? 0 : all / plan.samples;
    if (plan.pooled == Pooled::tokens) plan.features /= shape[1];
    plan.read_features = plan.features;
    plan.stretch = plan.samples;
  }
  return plan;
}

bool read_planned(const hdf5::Dataset& dataset, hdf5::ElementKind kind, const ReadingPlan& plan, std::size_t threads,
                  MatrixView<float> values, std::vector<std::uint64_t>* words) {
  Seen<float> count;
  if (words) count = [words](const float* read, std::size_t size) { count_words(read, size, *words); };
  return read(dataset, kind, plan, threads, values, count);
}

bool read_planned(const hdf5::Dataset& dataset, hdf5::ElementKind kind, const ReadingPlan& plan, std::size_t threads,
                  MatrixView<double> values, std::vector<std::uint64_t>*) {
  return read<double>(dataset, kind, plan, threads, values, {});
}

}  // namespace snnl::dump
