#include "snnl/tiles/rectangles.hpp"

#include <algorithm>
#include <limits>

#include "snnl/parallel/threads.hpp"
#include "snnl/product/distances.hpp"
#include "snnl/product/products.hpp"

namespace snnl::engine {

template <class Real>
Rectangles<Real>::Rectangles(const product::RowSet<Real>& rows, std::span<const std::size_t> selves, TileShape shape,
                             std::size_t threads)
    : rows_(rows), selves_(selves), shape_(shape), threads_(threads), buffers_(threads) {}

template <class Real>
void Rectangles<Real>::visit(const product::RowSet<Real>& columns, std::size_t first, std::size_t row, std::size_t col,
                             std::size_t worker, const Consume& consume) {
  memory::Buffer<Real>& buffer = buffers_[worker];
  if (!buffer) buffer = memory::Buffer<Real>(shape_.rows * shape_.cols);
  const std::size_t rows = std::min(shape_.rows, rows_.rows() - row),
                    cols = std::min(shape_.cols, columns.rows() - col);
  const std::size_t stride = product::whole_lines<Real>(cols);
  product::distances(rows_, row, rows, columns, col, cols, buffer.data(), stride);
  Tile<Real> tile;
  tile.row_begin = row;
  tile.col_begin = first + col;
  tile.rect = {buffer.data(), stride, rows, cols};
  for (std::size_t i = 0; i < rows && !selves_.empty(); ++i) {
    const std::size_t self = selves_[row + i];
    if (self >= tile.col_begin && self < tile.col_begin + cols) {
      buffer.data()[i * stride + self - tile.col_begin] = std::numeric_limits<Real>::infinity();
    }
  }
  consume(tile, worker);
}

template <class Real>
void Rectangles<Real>::along_rows(const product::RowSet<Real>& columns, std::size_t first, const Consume& consume) {
  const product::OneThread one;
  const std::size_t blocks = (rows_.rows() + shape_.rows - 1) / shape_.rows;
  parallel::run_parallel(blocks, threads_, [&](std::size_t block, std::size_t worker) {
    for (std::size_t col = 0; col < columns.rows(); col += shape_.cols) {
      visit(columns, first, block * shape_.rows, col, worker, consume);
    }
  });
}

template <class Real>
void Rectangles<Real>::along_rows(std::size_t count, const Columns& columns, std::size_t bytes,
                                  const Consume& consume) {
  const std::size_t strips = bytes / (shape_.cols * rows_.features() * sizeof(Real));
  const std::size_t chunk = std::max<std::size_t>(strips, 1) * shape_.cols;
  for (std::size_t first = 0; first < count; first += chunk) {
    along_rows(columns(first, std::min(chunk, count - first)), first, consume);
  }
}

template <class Real>
void Rectangles<Real>::along_columns(std::size_t count, const Columns& columns, const Consume& consume) {
  const product::OneThread one;
  parallel::run_parallel((count + shape_.cols - 1) / shape_.cols, threads_, [&](std::size_t strip, std::size_t worker) {
    const std::size_t first = strip * shape_.cols;
    const auto ready = columns(first, std::min(shape_.cols, count - first));
    for (std::size_t row = 0; row < rows_.rows(); row += shape_.rows) visit(ready, first, row, 0, worker, consume);
  });
}

template class Rectangles<float>;
template class Rectangles<double>;

}  // namespace snnl::engine
