#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "snnl/points/points.hpp"
#include "snnl/points/queries.hpp"
#include "snnl/product/products.hpp"
#include "snnl/tiles/rectangles.hpp"
#include "snnl/tiles/schedule.hpp"
#include "snnl/tiles/tile.hpp"

namespace snnl::engine {

/// Rows of a block: a sixteenth of n, between 64 and 512, so that a tile stays in the second-level cache and small
/// problems still make enough tiles to share. Depends on n alone, as the order of additions does.
std::size_t block_rows(std::size_t n);

/// The tiles of all pairs of a query and a sample.
///
/// Where every sample is a query, each unordered pair of blocks is visited once, and the tile serves both
/// (mirrored). Else the tiles are Rectangles, and the columns are converted a chunk at a time, so that no second copy
/// of all samples is made.
template <class Real>
class Tiles {
 public:
  /// Keeps `points` and `queries`, which must outlive it. The tiles are products by `maker`.
  Tiles(const Points& points, const Queries& queries, std::size_t threads,
        const product::Products<Real>& maker = product::products<Real>());

  const Points& points() const { return points_; }
  const Queries& queries() const { return queries_; }
  std::size_t threads() const { return threads_; }
  /// Most rows of a tile, and of a block of queries: query q is in block q / edge().
  std::size_t edge() const { return edge_; }
  /// Most columns of a tile.
  std::size_t width() const { return width_; }
  /// The queries.
  const product::RowSet<Real>& rows() const { return rows_; }
  /// [queries] squared norms, the engine's units
  const std::vector<double>& norms() const { return rows_.norms(); }

  /// From the next visit on keeps tiles, up to `bytes` of them, so that later visits need not make them again.
  /// Tiles of a sample of queries are not kept.
  void keep(std::size_t bytes);

  /// Visits all tiles, as `consume(tile, worker)` with worker < threads(). It may add to what belongs to the rows, and
  /// to the columns of a mirrored tile, without locks, and in the same order for any number of threads (see
  /// run_schedule).
  using Consume = std::function<void(const Tile<Real>&, std::size_t worker)>;
  void for_each(const Consume& consume);

 private:
  void for_each_pair(const Consume& consume);
  void for_each_rectangle(const Consume& consume);

  const Points& points_;
  const Queries& queries_;
  std::size_t threads_, edge_, width_;
  product::RowSet<Real> rows_;  // of the queries
  std::vector<BlockPair> schedule_;
  memory::Buffer<Real> kept_;  // tiles, the first of the schedule
  std::vector<char> is_made_;  // of those that may be kept
};

}  // namespace snnl::engine
