#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "snnl/points/points.hpp"
#include "snnl/points/queries.hpp"
#include "snnl/tiles/tiles.hpp"

namespace snnl::engine {

/// Part of a tile. (row, col) is its first pair inside the tile.
template <class Real>
struct TilePart {
  kernels::DistanceRect<Real> rect;
  std::size_t row = 0;
  std::size_t col = 0;
};

template <class Real>
TilePart<Real> tile_part(const Tile<Real>& tile, std::size_t row, std::size_t rows, std::size_t col, std::size_t cols) {
  return {{tile.rect.data + row * tile.rect.stride + col, tile.rect.stride, rows, cols}, row, col};
}

/// Calls `visit(class, begin, end)` for the stretch of each class in places [first, first + count), counted from
/// `first`. Class c has the places [begin[c], begin[c + 1]).
template <class Visit>
void for_each_class_in(const std::vector<std::size_t>& begin, std::size_t first, std::size_t count,
                       const Visit& visit) {
  auto c = static_cast<std::size_t>(std::upper_bound(begin.begin(), begin.end(), first) - begin.begin()) - 1;
  for (std::size_t at = 0; at < count; ++c) {
    const std::size_t end = std::min(begin[c + 1] - first, count);
    if (end > at) visit(c, at, end);
    at = std::max(at, end);
  }
}

/// Splits a tile into parts whose pairs all have equal, or all have different classes: `visit(part, same)`.
/// Rows and columns are ordered by class, so that there are three parts at most for each class of the tile's rows.
template <class Real, class Visit>
void split_by_sameness(const Points& points, const Queries& queries, const Tile<Real>& tile, const Visit& visit) {
  const std::size_t cols = tile.rect.cols;
  const auto in_tile = [&](std::size_t column) {
    return column <= tile.col_begin ? 0 : std::min(column - tile.col_begin, cols);
  };
  std::size_t plain_from = 0;  // rows whose class does not occur among the columns are visited together
  const auto flush = [&](std::size_t until) {
    if (until > plain_from) visit(tile_part(tile, plain_from, until - plain_from, 0, cols), false);
  };
  const auto& query_begin = queries.class_begin();
  for_each_class_in(
      query_begin, tile.row_begin, tile.rect.rows, [&](std::size_t c, std::size_t begin, std::size_t end) {
        const std::size_t from = in_tile(points.class_begin()[c]), to = in_tile(points.class_begin()[c + 1]);
        if (from == to) return;
        flush(begin);
        plain_from = end;
        if (from > 0) visit(tile_part(tile, begin, end - begin, 0, from), false);
        visit(tile_part(tile, begin, end - begin, from, to - from), true);
        if (to < cols) visit(tile_part(tile, begin, end - begin, to, cols - to), false);
      });
  flush(tile.rect.rows);
}

}  // namespace snnl::engine
