#include "snnl/tiles/tiles.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "snnl/kernels/kernels.hpp"
#include "snnl/parallel/threads.hpp"

namespace snnl {
namespace {

/// Columns converted at a time for a sample of queries.
constexpr std::size_t chunk_bytes = std::size_t{32} << 20;

template <class Real>
constexpr Real infinity = std::numeric_limits<Real>::infinity();

void mend_close_pairs(const RowSet<double>& left, std::size_t left_begin, std::size_t left_count,
                      const RowSet<double>& right, std::size_t right_begin, std::size_t right_count, double* out,
                      std::size_t stride) {
  for (std::size_t i = 0; i < left_count; ++i) {
    double* row = out + i * stride;
    const double left_norm = left.norms()[left_begin + i];
    const double* right_norms = right.norms().data() + right_begin;
    for (std::size_t j = 0; j < right_count; ++j) {
      if (row[j] >= close_fraction * (left_norm + right_norms[j])) continue;
      double sum = 0;
      for (std::size_t f = 0; f < left.features(); ++f) {
        const double difference = left.value(left_begin + i, f) - right.value(right_begin + j, f);
        sum += difference * difference;
      }
      row[j] = sum;
    }
  }
}

void mend_close_pairs(const RowSet<float>&, std::size_t, std::size_t, const RowSet<float>&, std::size_t, std::size_t,
                      float*, std::size_t) {}  // float is used only where T is far above its errors

}  // namespace

std::size_t block_rows(std::size_t n) {
  const std::size_t sixteenth = (n / 16 + 31) / 32 * 32;
  return std::clamp<std::size_t>(sixteenth, 64, 512);
}

template <class Real>
std::size_t padded(std::size_t cols) {
  return (cols + panel_rows<Real> - 1) / panel_rows<Real> * panel_rows<Real>;
}

template <class Real>
void distances(const RowSet<Real>& left, std::size_t left_begin, std::size_t left_count, const RowSet<Real>& right,
               std::size_t right_begin, std::size_t right_count, Real* out, std::size_t stride) {
  if (left.features() != right.features()) throw std::invalid_argument("distances: rows of other lengths");
  if (left_begin % panel_rows<Real> != 0 || right_begin % panel_rows<Real> != 0 || stride < padded<Real>(right_count)) {
    throw std::invalid_argument("distances: not whole panels");
  }
  kernels<Real>().distances(left.view(left_begin, left_count), right.view(right_begin, right_count), left.features(),
                            out, stride);
  mend_close_pairs(left, left_begin, left_count, right, right_begin, right_count, out, stride);
}

template <class Real>
Tiles<Real>::Tiles(const Points& points, const Queries& queries, std::size_t threads)
    : points_(points),
      queries_(queries),
      threads_(threads),
      edge_(block_rows(queries.size())),
      width_(block_rows(points.size())),
      rows_(queries.all() ? points.rows<Real>() : points.rows<Real>(queries.rows())) {
  if (queries.all()) schedule_ = tournament((queries.size() + edge_ - 1) / edge_);
}

template <class Real>
void Tiles<Real>::keep(std::size_t bytes) {
  const std::size_t most = std::min(schedule_.size(), bytes / (edge_ * edge_ * sizeof(Real)));
  if (most == is_made_.size()) return;
  kept_ = {};
  kept_ = Buffer<Real>(most * edge_ * edge_);
  is_made_.assign(most, 0);
}

template <class Real>
void Tiles<Real>::for_each(const Consume& consume) {
  queries_.all() ? for_each_pair(consume) : for_each_rectangle(consume);
}

template <class Real>
void Tiles<Real>::for_each_pair(const Consume& consume) {
  const std::size_t n = points_.size(), blocks = (n + edge_ - 1) / edge_;
  std::vector<Buffer<Real>> buffers(threads_);
  run_schedule(schedule_, blocks, threads_, [&](const BlockPair& pair, std::size_t worker) {
    const auto index = static_cast<std::size_t>(&pair - schedule_.data());
    const bool is_kept = index < is_made_.size();
    if (!is_kept && !buffers[worker]) buffers[worker] = Buffer<Real>(edge_ * edge_);
    Real* const data = is_kept ? kept_.data() + index * edge_ * edge_ : buffers[worker].data();
    Tile<Real> tile;
    tile.row_begin = pair.first * edge_;
    tile.col_begin = pair.second * edge_;
    tile.mirrored = pair.first != pair.second;
    const std::size_t rows = std::min(edge_, n - tile.row_begin), cols = std::min(edge_, n - tile.col_begin);
    const std::size_t stride = padded<Real>(cols);
    tile.rect = {data, stride, rows, cols};
    if (!is_kept || !is_made_[index]) {
      distances(rows_, tile.row_begin, rows, rows_, tile.col_begin, cols, data, stride);
      for (std::size_t i = 0; !tile.mirrored && i < rows; ++i) data[i * stride + i] = infinity<Real>;
      if (is_kept) is_made_[index] = 1;
    }
    consume(tile, worker);
  });
}

template <class Real>
void Tiles<Real>::for_each_rectangle(const Consume& consume) {
  const std::size_t n = points_.size(), queries = queries_.size();
  const std::size_t widths = chunk_bytes / (width_ * points_.features() * sizeof(Real));
  const std::size_t chunk = std::max<std::size_t>(widths, 1) * width_;
  std::vector<Buffer<Real>> buffers(threads_);
  for (std::size_t first = 0; first < n; first += chunk) {
    const RowSet<Real> columns = points_.rows<Real>(first, std::min(chunk, n - first), threads_);
    // One thread goes along the columns of a block of queries, so that its sums grow in one order.
    run_parallel((queries + edge_ - 1) / edge_, threads_, [&](std::size_t block, std::size_t worker) {
      auto& buffer = buffers[worker];
      if (!buffer) buffer = Buffer<Real>(edge_ * width_);
      Tile<Real> tile;
      tile.row_begin = block * edge_;
      const std::size_t rows = std::min(edge_, queries - tile.row_begin);
      for (std::size_t col = 0; col < columns.rows(); col += width_) {
        const std::size_t cols = std::min(width_, columns.rows() - col);
        tile.col_begin = first + col;
        const std::size_t stride = padded<Real>(cols);
        tile.rect = {buffer.data(), stride, rows, cols};
        distances(rows_, tile.row_begin, rows, columns, col, cols, buffer.data(), stride);
        for (std::size_t i = 0; i < rows; ++i) {
          const std::size_t self = queries_.row(tile.row_begin + i);
          if (self >= tile.col_begin && self < tile.col_begin + cols) {
            buffer.data()[i * stride + self - tile.col_begin] = infinity<Real>;
          }
        }
        consume(tile, worker);
      }
    });
  }
}

template class Tiles<float>;
template class Tiles<double>;
template void distances(const RowSet<float>&, std::size_t, std::size_t, const RowSet<float>&, std::size_t, std::size_t,
                        float*, std::size_t);
template void distances(const RowSet<double>&, std::size_t, std::size_t, const RowSet<double>&, std::size_t,
                        std::size_t, double*, std::size_t);
template std::size_t padded<float>(std::size_t);
template std::size_t padded<double>(std::size_t);

}  // namespace snnl
