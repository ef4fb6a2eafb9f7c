#include "snnl/entanglement/tile_passes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "snnl/entanglement/ladder.hpp"
#include "snnl/kernels/kernels.hpp"
#include "snnl/memory/buffer.hpp"
#include "snnl/tiles/tile_parts.hpp"
#include "snnl/tiles/tiles.hpp"

namespace snnl::engine {
namespace {

template <class Real>
Real kappa_of(double temperature) {
  return static_cast<Real>(std::numbers::log2e / temperature);
}

/// Sums of one tile for its rows and its columns: `layers` values each, layer-major.
template <class Real>
struct TileSums {
  std::size_t layers, block;
  std::vector<Real> rows, cols;

  TileSums(std::size_t layers_, const Tiles<Real>& tiles)
      : layers(layers_), block(std::max(tiles.edge(), tiles.width())), rows(layers_ * block), cols(layers_ * block) {}
  void clear() {
    std::fill(rows.begin(), rows.end(), Real(0));
    std::fill(cols.begin(), cols.end(), Real(0));
  }
  Real* row(std::size_t layer, std::size_t i) { return rows.data() + layer * block + i; }
  Real* col(std::size_t layer, std::size_t j) { return cols.data() + layer * block + j; }
};

/// Adds a tile's sums to those of all rows, total[layer * n + i].
template <class Real>
void add_tile(const Tile<Real>& tile, const TileSums<Real>& sums, std::size_t n, std::vector<double>& total) {
  for (std::size_t layer = 0; layer < sums.layers; ++layer) {
    double* out = total.data() + layer * n;
    const Real* rows = sums.rows.data() + layer * sums.block;
    const Real* cols = sums.cols.data() + layer * sums.block;
    for (std::size_t i = 0; i < tile.rect.rows; ++i) out[tile.row_begin + i] += static_cast<double>(rows[i]);
    if (!tile.mirrored) continue;
    for (std::size_t j = 0; j < tile.rect.cols; ++j) out[tile.col_begin + j] += static_cast<double>(cols[j]);
  }
}

}  // namespace

template <class Real>
WeightSums weight_sums_pass(Tiles<Real>& tiles, const std::vector<double>& temperatures, double shift,
                            Grouping grouping, std::vector<Nearest>* nearest) {
  const Points& points = tiles.points();
  const Queries& queries = tiles.queries();
  const std::size_t n = queries.size(), count = temperatures.size();
  const bool by_class = grouping == Grouping::by_class;
  WeightSums out{grouping, by_class ? points.classes() : 2, n, {}};
  memory::assign_zeros(out.values, count * out.groups * n);
  const std::vector<Ladder> ladders = make_ladders(temperatures);
  const std::vector<Real> shifts(tiles.edge(), static_cast<Real>(shift));
  constexpr Real infinity = std::numeric_limits<Real>::infinity();
  std::vector<Real> least(nearest ? 2 * n : 0, infinity);
  std::vector<TileSums<Real>> own(tiles.threads(), TileSums<Real>(count, tiles));
  const std::size_t block = own[0].block;

  // One part of a tile: its columns are of one group to its rows, its rows of one group to its columns.
  const auto consume = [&](const Tile<Real>& tile, const TilePart<Real>& part, TileSums<Real>& local,
                           std::size_t group_of_cols, std::size_t group_of_rows, bool same) {
    const std::size_t first_row = tile.row_begin + part.row, first_col = tile.col_begin + part.col;
    for (std::size_t layer = 0; layer < count; ++layer) {
      std::fill_n(local.row(layer, 0), part.rect.rows, Real(0));
      std::fill_n(local.col(layer, 0), part.rect.cols, Real(0));
    }
    std::size_t layer = 0;
    for (const Ladder& ladder : ladders) {
      kernels::in_use<Real>().exp_sums(part.rect, kappa_of<Real>(ladder.top), shifts.data(), ladder.index.size(),
                                       local.row(layer, 0), block, tile.mirrored ? local.col(layer, 0) : nullptr,
                                       block);
      for (const std::size_t t : ladder.index) {
        double* row_sums = out.values.data() + (t * out.groups + group_of_cols) * n + first_row;
        for (std::size_t i = 0; i < part.rect.rows; ++i) row_sums[i] += static_cast<double>(*local.row(layer, i));
        if (tile.mirrored) {
          double* col_sums = out.values.data() + (t * out.groups + group_of_rows) * n + first_col;
          for (std::size_t j = 0; j < part.rect.cols; ++j) col_sums[j] += static_cast<double>(*local.col(layer, j));
        }
        ++layer;
      }
    }
    if (nearest) {
      Real* line = least.data() + (same ? 0 : n);
      kernels::in_use<Real>().minima(part.rect, line + first_row, tile.mirrored ? line + first_col : nullptr);
    }
  };

  tiles.for_each([&](const Tile<Real>& tile, std::size_t worker) {
    TileSums<Real>& local = own[worker];
    if (!by_class) {
      split_by_sameness(points, queries, tile, [&](const TilePart<Real>& part, bool same) {
        consume(tile, part, local, same ? 0 : 1, same ? 0 : 1, same);
      });
      return;
    }
    for_each_class_in(queries.class_begin(), tile.row_begin, tile.rect.rows,
                      [&](std::size_t a, std::size_t row, std::size_t row_end) {
                        for_each_class_in(points.class_begin(), tile.col_begin, tile.rect.cols,
                                          [&](std::size_t b, std::size_t col, std::size_t col_end) {
                                            consume(tile, tile_part(tile, row, row_end - row, col, col_end - col),
                                                    local, b, a, a == b);
                                          });
                      });
  });
  if (nearest) {
    nearest->resize(n);
    for (std::size_t i = 0; i < n; ++i) {
      (*nearest)[i] = {static_cast<double>(least[i]), static_cast<double>(least[n + i])};
    }
  }
  return out;
}

template <class Real>
std::vector<RowMass> mass_pass(Tiles<Real>& tiles, double temperature, double shift) {
  enum Layer : std::size_t { same_sum, other_sum, moment, layers };
  const Points& points = tiles.points();
  const Queries& queries = tiles.queries();
  const std::size_t n = queries.size();
  const std::vector<Real> shifts(tiles.edge(), static_cast<Real>(shift));
  std::vector<double> sums(layers * n, 0.);
  std::vector<TileSums<Real>> own(tiles.threads(), TileSums<Real>(layers, tiles));
  tiles.for_each([&](const Tile<Real>& tile, std::size_t worker) {
    TileSums<Real>& local = own[worker];
    local.clear();
    split_by_sameness(points, queries, tile, [&](const TilePart<Real>& part, bool same) {
      const std::size_t layer = same ? same_sum : other_sum;
      const bool columns = tile.mirrored;
      kernels::in_use<Real>().entropy_sums(part.rect, kappa_of<Real>(temperature), shifts.data(),
                                           local.row(layer, part.row), local.row(moment, part.row),
                                           columns ? local.col(layer, part.col) : nullptr,
                                           columns ? local.col(moment, part.col) : nullptr);
    });
    add_tile(tile, local, n, sums);
  });
  std::vector<RowMass> masses(n);
  for (std::size_t c = 0; c < points.classes(); ++c) {
    for (std::size_t i = queries.class_begin()[c]; i < queries.class_begin()[c + 1]; ++i) {
      RowMass& mass = masses[i];
      mass = {sums[same_sum * n + i], sums[other_sum * n + i], sums[moment * n + i], true};
      // A class of one has neighbours, but none of its own class.
      mass.trusted = trusted<Real>(points.class_size(c) > 1 ? mass.same : mass.other, mass.other);
    }
  }
  return masses;
}

template <class Real>
std::vector<double> class_pass(Tiles<Real>& tiles, double temperature, double shift, const std::vector<double>& share) {
  const Points& points = tiles.points();
  const Queries& queries = tiles.queries();
  const std::size_t n = queries.size(), classes = points.classes(), size = tiles.edge();
  const std::vector<Real> shifts(size, static_cast<Real>(shift));

  // A block owns one line of sums for each class among its queries: the tasks of a block never run at the same time.
  const std::size_t blocks = (n + size - 1) / size;
  std::vector<std::vector<double>> lines(blocks);
  std::vector<std::size_t> first_class(blocks);
  for (std::size_t b = 0; b < blocks; ++b) {
    std::size_t last = 0;
    first_class[b] = classes;
    for_each_class_in(queries.class_begin(), b * size, std::min(size, n - b * size),
                      [&](std::size_t c, std::size_t, std::size_t) {
                        first_class[b] = std::min(first_class[b], c);
                        last = c;
                      });
    lines[b].assign((last - first_class[b] + 1) * classes, 0.);
  }

  std::vector<Real> shares(n);
  for (std::size_t i = 0; i < n; ++i) shares[i] = static_cast<Real>(share[i]);
  struct Columns {
    std::vector<Real> weighted, plain;
  };
  std::vector<Columns> own(tiles.threads(), {std::vector<Real>(tiles.width()), std::vector<Real>(tiles.width())});
  tiles.for_each([&](const Tile<Real>& tile, std::size_t worker) {
    Columns& local = own[worker];
    const std::size_t cols = tile.rect.cols;
    const std::size_t row_block = tile.row_begin / size, col_block = tile.col_begin / size;
    // All rows of a class at once: what is left is one sum, or two, for each column.
    for_each_class_in(queries.class_begin(), tile.row_begin, tile.rect.rows,
                      [&](std::size_t a, std::size_t row, std::size_t row_end) {
                        std::fill_n(local.weighted.begin(), cols, Real(0));
                        std::fill_n(local.plain.begin(), cols, Real(0));
                        kernels::in_use<Real>().share_sums(tile_part(tile, row, row_end - row, 0, cols).rect,
                                                           kappa_of<Real>(temperature), shifts.data(),
                                                           shares.data() + tile.row_begin + row, local.weighted.data(),
                                                           tile.mirrored ? local.plain.data() : nullptr);
                        for_each_class_in(points.class_begin(), tile.col_begin, cols,
                                          [&](std::size_t b, std::size_t col, std::size_t col_end) {
                                            double of_rows = 0, of_cols = 0;
                                            for (std::size_t j = col; j < col_end; ++j)
                                              of_rows += static_cast<double>(local.weighted[j]);
                                            lines[row_block][(a - first_class[row_block]) * classes + b] += of_rows;
                                            if (!tile.mirrored) return;
                                            for (std::size_t j = col; j < col_end; ++j) {
                                              const double weight = share[tile.col_begin + j];
                                              if (weight > 0) of_cols += weight * static_cast<double>(local.plain[j]);
                                            }
                                            lines[col_block][(b - first_class[col_block]) * classes + a] += of_cols;
                                          });
                      });
  });

  std::vector<double> out(classes * classes, 0.);
  for (std::size_t b = 0; b < blocks; ++b) {
    for (std::size_t k = 0; k < lines[b].size(); ++k) out[first_class[b] * classes + k] += lines[b][k];
  }
  return out;
}

#define SNNL_INSTANTIATE(Real)                                                                     \
  template WeightSums weight_sums_pass(Tiles<Real>&, const std::vector<double>&, double, Grouping, \
                                       std::vector<Nearest>*);                                     \
  template std::vector<RowMass> mass_pass(Tiles<Real>&, double, double);                           \
  template std::vector<double> class_pass(Tiles<Real>&, double, double, const std::vector<double>&);
SNNL_INSTANTIATE(float)
SNNL_INSTANTIATE(double)
#undef SNNL_INSTANTIATE

}  // namespace snnl::engine
