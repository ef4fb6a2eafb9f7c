#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "snnl/memory/buffer.hpp"
#include "snnl/product/row_set.hpp"
#include "snnl/tiles/tile.hpp"

namespace snnl::engine {

/// Most rows and columns of a tile: whole groups of RowSet.
struct TileShape {
  std::size_t rows = 0;
  std::size_t cols = 0;
};

/// Makes the tiles of two sets: all pairs of a row and a column.
template <class Real>
class Rectangles {
 public:
  /// Keeps `rows`, which must outlive it. `selves` [rows.rows()], which must as well, are the columns that the rows
  /// are themselves; none where it is empty. Threads >= 1.
  Rectangles(const product::RowSet<Real>& rows, std::span<const std::size_t> selves, TileShape shape,
             std::size_t threads);

  /// What visits a tile, which is gone after it; `worker` < threads.
  using Consume = std::function<void(const Tile<Real>& tile, std::size_t worker)>;
  /// Columns [first, first + count) as operands.
  using Columns = std::function<product::RowSet<Real>(std::size_t first, std::size_t count)>;

  /// Visits the tiles with the columns [0, count). One thread goes along the columns of a block of rows: it may add to
  /// what belongs to the rows without locks, and in one order. `columns` is called by this thread, for so many at a
  /// time that they take about `bytes`.
  void along_rows(std::size_t count, const Columns& columns, std::size_t bytes, const Consume& consume);
  /// The same, where the columns are there: the first of them is column `first` of the whole.
  void along_rows(const product::RowSet<Real>& columns, std::size_t first, const Consume& consume);
  /// Visits the tiles with the columns [0, count) where there are few rows: one thread makes the columns of a tile
  /// ready, in its cache, and takes all rows along them. `columns` is called by several threads.
  void along_columns(std::size_t count, const Columns& columns, const Consume& consume);

 private:
  void visit(const product::RowSet<Real>& columns, std::size_t first, std::size_t row, std::size_t col,
             std::size_t worker, const Consume& consume);

  const product::RowSet<Real>& rows_;
  std::span<const std::size_t> selves_;
  TileShape shape_;
  std::size_t threads_;
  std::vector<memory::Buffer<Real>> buffers_;  // [threads]
};

}  // namespace snnl::engine
