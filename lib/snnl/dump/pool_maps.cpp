#include "snnl/dump/pool_maps.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "snnl/dump/all_finite.hpp"

namespace snnl::dump {
namespace {

/// Places [first, last) along an axis.
struct Stretch {
  std::size_t first, last;
};

/// Those of cell `cell` of `cells` along an axis of `extent` places.
Stretch cell_places(std::size_t cell, std::size_t cells, std::size_t extent) {
  return {cell * extent / cells, ((cell + 1) * extent + cells - 1) / cells};
}

/// How a place is reached from the next: the strides of the stored axes.
struct Strides {
  std::size_t channel, row, column;
};

Strides strides_of(const MapPooling& p) {
  if (p.channels_last) return {1, p.columns * p.channels, p.channels};
  return {p.rows * p.columns, p.columns, 1};
}

/// Place k of a cell is added to sum k % sums, and the sums in order: the same additions however channels lie, and none
/// waits for the one before.
constexpr std::size_t sums = 4;

/// Adds `size` values to the sums, the first of them being place k of its cell.
template <class Real>
void add_line(const Real* values, std::size_t size, std::size_t k, double scale, std::array<double, sums>& sum) {
  std::size_t i = 0;
  for (; i < size && (k + i) % sums != 0; ++i) sum[(k + i) % sums] += scale * static_cast<double>(values[i]);
  for (; i + sums <= size; i += sums) {
    for (std::size_t s = 0; s < sums; ++s) sum[s] += scale * static_cast<double>(values[i + s]);
  }
  for (; i < size; ++i) sum[(k + i) % sums] += scale * static_cast<double>(values[i]);
}

template <class Real>
class CellSums {
 public:
  explicit CellSums(const MapPooling& p) : p_(p), strides_(strides_of(p)), by_sum_(sums * p.channels) {}

  /// Writes the mean of the cell in each channel, `step` elements apart.
  void means(const Real* in, Stretch rows, Stretch columns, Real* out, std::size_t step) {
    add(in, rows, columns, 1);
    const double count = static_cast<double>((rows.last - rows.first) * (columns.last - columns.first));
    double scale = 1;
    if (!std::all_of(by_sum_.begin(), by_sum_.end(), [](double sum) { return std::abs(sum) < 0x1p1021; })) {
      scale = 0x1p-64;  // large doubles, whose sum would be none
      add(in, rows, columns, scale);
    }
    for (std::size_t c = 0; c < p_.channels; ++c) {
      const double* const part = by_sum_.data() + c;
      const double sum = (part[0] + part[p_.channels]) + (part[2 * p_.channels] + part[3 * p_.channels]);
      // By rounding, a mean of the largest numbers may be beyond them.
      constexpr double most = std::numeric_limits<Real>::max();
      out[c * step] = static_cast<Real>(std::clamp(sum / count / scale, -most, most));
    }
  }

  void largest(const Real* in, Stretch rows, Stretch columns, Real* out, std::size_t step) const {
    for (std::size_t c = 0; c < p_.channels; ++c) {
      Real most = -std::numeric_limits<Real>::infinity();
      for (std::size_t y = rows.first; y < rows.last; ++y) {
        const Real* const line = in + c * strides_.channel + y * strides_.row;
        for (std::size_t x = columns.first; x < columns.last; ++x) most = std::max(most, line[x * strides_.column]);
      }
      out[c * step] = most;
    }
  }

 private:
  void add(const Real* in, Stretch rows, Stretch columns, double scale) {
    std::fill(by_sum_.begin(), by_sum_.end(), 0.);
    if (p_.channels_last) {
      std::size_t k = 0;
      for (std::size_t y = rows.first; y < rows.last; ++y) {
        for (std::size_t x = columns.first; x < columns.last; ++x, ++k) {
          const Real* const place = in + y * strides_.row + x * strides_.column;
          double* const sum = by_sum_.data() + k % sums * p_.channels;
          for (std::size_t c = 0; c < p_.channels; ++c) sum[c] += scale * static_cast<double>(place[c]);
        }
      }
      return;
    }
    for (std::size_t c = 0; c < p_.channels; ++c) {
      std::array<double, sums> sum{};
      std::size_t k = 0;
      const std::size_t width = columns.last - columns.first;
      for (std::size_t y = rows.first; y < rows.last; ++y, k += width) {
        const Real* const line = in + c * strides_.channel + y * strides_.row + columns.first;
        add_line(line, width, k, scale, sum);
      }
      for (std::size_t s = 0; s < sums; ++s) by_sum_[s * p_.channels + c] = sum[s];
    }
  }

  const MapPooling& p_;
  Strides strides_;
  std::vector<double> by_sum_;  // [sums][channels]
};

template <class Real>
void pool(const MapPooling& p, const Real* in, Real* out) {
  if (!all_finite(in, p.values())) {
    std::fill_n(out, p.features(), std::numeric_limits<Real>::quiet_NaN());
    return;
  }
  CellSums<Real> cell(p);
  const std::size_t step = p.grid_rows * p.grid_columns;
  for (std::size_t i = 0; i < p.grid_rows; ++i) {
    const Stretch rows = cell_places(i, p.grid_rows, p.rows);
    for (std::size_t j = 0; j < p.grid_columns; ++j) {
      const Stretch columns = cell_places(j, p.grid_columns, p.columns);
      Real* const at = out + i * p.grid_columns + j;
      if (p.largest) {
        cell.largest(in, rows, columns, at, step);
      } else {
        cell.means(in, rows, columns, at, step);
      }
    }
  }
}

}  // namespace

void pool_maps(const MapPooling& pooling, const float* in, float* out) { pool(pooling, in, out); }
void pool_maps(const MapPooling& pooling, const double* in, double* out) { pool(pooling, in, out); }

}  // namespace snnl::dump
