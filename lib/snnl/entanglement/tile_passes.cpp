#include "snnl/entanglement/tile_passes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "snnl/entanglement/ladder.hpp"
#include "snnl/entanglement/part_shifts.hpp"
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
  std::vector<Real> shifts;  // of the rows

  TileSums(std::size_t layers_, const Tiles<Real>& tiles)
      : layers(layers_),
        block(std::max(tiles.edge(), tiles.width())),
        rows(layers_ * block),
        cols(layers_ * block),
        shifts(block) {}
  void clear() {
    std::fill(rows.begin(), rows.end(), Real(0));
    std::fill(cols.begin(), cols.end(), Real(0));
  }
  Real* row(std::size_t layer, std::size_t i) { return rows.data() + layer * block + i; }
  Real* col(std::size_t layer, std::size_t j) { return cols.data() + layer * block + j; }
};

template <class Real>
typename PartShifts<Real>::Kind kind_of(bool same) {
  return same ? PartShifts<Real>::Kind::same : PartShifts<Real>::Kind::other;
}

}  // namespace

template <class Real>
std::vector<Nearest> nearest_pass(Tiles<Real>& tiles) {
  const Queries& queries = tiles.queries();
  const std::size_t n = queries.size();
  std::vector<Real> least(2 * n, std::numeric_limits<Real>::infinity());
  tiles.for_each([&](const Tile<Real>& tile, std::size_t) {
    split_by_sameness(tiles.points(), queries, tile, [&](const TilePart<Real>& part, bool same) {
      Real* const line = least.data() + (same ? 0 : n);
      kernels::in_use<Real>().minima(part.rect, line + tile.row_begin + part.row,
                                     tile.mirrored ? line + tile.col_begin + part.col : nullptr);
    });
  });
  std::vector<Nearest> out(n);
  for (std::size_t i = 0; i < n; ++i) out[i] = {static_cast<double>(least[i]), static_cast<double>(least[n + i])};
  return out;
}

template <class Real>
WeightSums weight_sums_pass(Tiles<Real>& tiles, const std::vector<double>& temperatures, double shift,
                            Grouping grouping, std::vector<Nearest>& nearest) {
  const Points& points = tiles.points();
  const Queries& queries = tiles.queries();
  const std::size_t n = queries.size(), count = temperatures.size();
  const bool by_class = grouping == Grouping::by_class;
  WeightSums out{grouping, by_class ? points.classes() : 2, n, {}, {}};
  memory::assign_zeros(out.values, count * out.groups * n);
  const std::vector<Ladder> ladders = make_ladders(temperatures);
  PartShifts<Real> part_shifts(nearest, n, temperatures, shift, tiles);
  std::vector<TileSums<Real>> own(tiles.threads(), TileSums<Real>(count, tiles));
  const std::size_t block = own[0].block;

  // One part of a tile: its columns are of one group to its rows, its rows of one group to its columns.
  const auto sum = [&](const Tile<Real>& tile, const TilePart<Real>& part, TileSums<Real>& local,
                       std::size_t group_of_cols, std::size_t group_of_rows, double part_shift) {
    const std::size_t first_row = tile.row_begin + part.row, first_col = tile.col_begin + part.col;
    for (std::size_t layer = 0; layer < count; ++layer) {
      std::fill_n(local.row(layer, 0), part.rect.rows, Real(0));
      std::fill_n(local.col(layer, 0), part.rect.cols, Real(0));
    }
    std::fill_n(local.shifts.begin(), part.rect.rows, static_cast<Real>(part_shift));
    std::size_t layer = 0;
    for (const Ladder& ladder : ladders) {
      kernels::in_use<Real>().exp_sums(part.rect, kappa_of<Real>(ladder.top), local.shifts.data(), ladder.index.size(),
                                       local.row(layer, 0), block, tile.mirrored ? local.col(layer, 0) : nullptr,
                                       block);
      for (const std::size_t t : ladder.index) {
        const PartFactor factor = part_shifts.factor(part_shift, t);
        double* row_sums = out.values.data() + (t * out.groups + group_of_cols) * n + first_row;
        for (std::size_t i = 0; i < part.rect.rows; ++i)
          row_sums[i] += factor(static_cast<double>(*local.row(layer, i)));
        if (tile.mirrored) {
          double* col_sums = out.values.data() + (t * out.groups + group_of_rows) * n + first_col;
          for (std::size_t j = 0; j < part.rect.cols; ++j)
            col_sums[j] += factor(static_cast<double>(*local.col(layer, j)));
        }
        ++layer;
      }
    }
  };

  tiles.for_each([&](const Tile<Real>& tile, std::size_t worker) {
    const auto consume = [&](const TilePart<Real>& part, std::size_t group_of_cols, std::size_t group_of_rows,
                             bool same) {
      part_shifts.visit(tile, part, kind_of<Real>(same), worker, [&](const TilePart<Real>& piece, double part_shift) {
        sum(tile, piece, own[worker], group_of_cols, group_of_rows, part_shift);
      });
    };
    if (!by_class) {
      split_by_sameness(points, queries, tile, [&](const TilePart<Real>& part, bool same) {
        consume(part, same ? 0 : 1, same ? 0 : 1, same);
      });
      return;
    }
    for_each_class_in(queries.class_begin(), tile.row_begin, tile.rect.rows,
                      [&](std::size_t a, std::size_t row, std::size_t row_end) {
                        for_each_class_in(points.class_begin(), tile.col_begin, tile.rect.cols,
                                          [&](std::size_t b, std::size_t col, std::size_t col_end) {
                                            consume(tile_part(tile, row, row_end - row, col, col_end - col), b, a,
                                                    a == b);
                                          });
                      });
  });
  nearest = part_shifts.nearest();
  out.doubtful = part_shifts.doubtful();
  return out;
}

template <class Real>
std::vector<RowMass> mass_pass(Tiles<Real>& tiles, double temperature, double shift,
                               const std::vector<Nearest>& nearest) {
  const Points& points = tiles.points();
  const Queries& queries = tiles.queries();
  const std::size_t n = queries.size();
  PartShifts<Real> part_shifts(nearest, n, {temperature}, shift, tiles);
  std::vector<RowMass> masses(n);
  enum Layer : std::size_t { mass, moment, layers };
  std::vector<TileSums<Real>> own(tiles.threads(), TileSums<Real>(layers, tiles));
  const auto add = [&](RowMass& to, bool same, const PartFactor& factor, double octaves, Real sum, Real of_moments) {
    (same ? to.same : to.other) += factor(static_cast<double>(sum));
    to.moment += factor(static_cast<double>(of_moments) + octaves * static_cast<double>(sum));
  };
  tiles.for_each([&](const Tile<Real>& tile, std::size_t worker) {
    TileSums<Real>& local = own[worker];
    split_by_sameness(points, queries, tile, [&](const TilePart<Real>& part, bool same) {
      part_shifts.visit(tile, part, kind_of<Real>(same), worker, [&](const TilePart<Real>& piece, double part_shift) {
        const bool columns = tile.mirrored;
        local.clear();
        std::fill_n(local.shifts.begin(), piece.rect.rows, static_cast<Real>(part_shift));
        kernels::in_use<Real>().entropy_sums(
            piece.rect, kappa_of<Real>(temperature), local.shifts.data(), local.row(mass, 0), local.row(moment, 0),
            columns ? local.col(mass, 0) : nullptr, columns ? local.col(moment, 0) : nullptr);
        const PartFactor factor = part_shifts.factor(part_shift, 0);
        const double octaves = part_shifts.octaves(part_shift, 0);
        RowMass* const rows = masses.data() + tile.row_begin + piece.row;
        for (std::size_t i = 0; i < piece.rect.rows; ++i)
          add(rows[i], same, factor, octaves, *local.row(mass, i), *local.row(moment, i));
        RowMass* const cols = masses.data() + tile.col_begin + piece.col;
        for (std::size_t j = 0; columns && j < piece.rect.cols; ++j)
          add(cols[j], same, factor, octaves, *local.col(mass, j), *local.col(moment, j));
      });
    });
  });
  const std::vector<char> doubtful = part_shifts.doubtful();
  for (std::size_t c = 0; c < points.classes(); ++c) {
    for (std::size_t i = queries.class_begin()[c]; i < queries.class_begin()[c + 1]; ++i) {
      RowMass& of_row = masses[i];
      // A class of one has neighbours, but none of its own class.
      of_row.trusted = !doubtful[i] && in_range(points.class_size(c) > 1 ? of_row.same : of_row.other, of_row.other);
    }
  }
  return masses;
}

template <class Real>
std::vector<double> class_pass(Tiles<Real>& tiles, double temperature, double shift, const std::vector<double>& share,
                               const std::vector<Nearest>& nearest) {
  const Points& points = tiles.points();
  const Queries& queries = tiles.queries();
  const std::size_t n = queries.size(), classes = points.classes(), size = tiles.edge();
  PartShifts<Real> part_shifts(nearest, n, {temperature}, shift, tiles);

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

  struct Local {
    std::vector<Real> weighted, plain, shares, shifts;
  };
  std::vector<Local> own(tiles.threads(), {std::vector<Real>(tiles.width()), std::vector<Real>(tiles.width()),
                                           std::vector<Real>(size), std::vector<Real>(size)});
  // All rows of a class at once: what is left is one sum, or two, for each column.
  const auto sum = [&](const Tile<Real>& tile, const TilePart<Real>& part, std::size_t a, double part_shift,
                       Local& local) {
    const std::size_t row_block = tile.row_begin / size, col_block = tile.col_begin / size;
    const std::size_t first_col = tile.col_begin + part.col;
    std::fill_n(local.weighted.begin(), part.rect.cols, Real(0));
    std::fill_n(local.plain.begin(), part.rect.cols, Real(0));
    std::fill_n(local.shifts.begin(), part.rect.rows, static_cast<Real>(part_shift));
    const PartFactor factor = part_shifts.factor(part_shift, 0);
    constexpr auto most = static_cast<double>(std::numeric_limits<Real>::max()) / 4;
    for (std::size_t i = 0; i < part.rect.rows; ++i) {
      local.shares[i] = static_cast<Real>(std::min(factor(share[tile.row_begin + part.row + i]), most));
    }
    kernels::in_use<Real>().share_sums(part.rect, kappa_of<Real>(temperature), local.shifts.data(), local.shares.data(),
                                       local.weighted.data(), tile.mirrored ? local.plain.data() : nullptr);
    for_each_class_in(points.class_begin(), first_col, part.rect.cols,
                      [&](std::size_t b, std::size_t col, std::size_t col_end) {
                        double of_rows = 0, of_cols = 0;
                        for (std::size_t j = col; j < col_end; ++j) of_rows += static_cast<double>(local.weighted[j]);
                        lines[row_block][(a - first_class[row_block]) * classes + b] += of_rows;
                        if (!tile.mirrored) return;
                        for (std::size_t j = col; j < col_end; ++j) {
                          const double weight = factor(share[first_col + j]);
                          if (weight > 0) of_cols += weight * static_cast<double>(local.plain[j]);
                        }
                        lines[col_block][(b - first_class[col_block]) * classes + a] += of_cols;
                      });
  };
  tiles.for_each([&](const Tile<Real>& tile, std::size_t worker) {
    for_each_class_in(
        queries.class_begin(), tile.row_begin, tile.rect.rows,
        [&](std::size_t a, std::size_t row, std::size_t row_end) {
          part_shifts.visit(
              tile, tile_part(tile, row, row_end - row, 0, tile.rect.cols), PartShifts<Real>::Kind::mixed, worker,
              [&](const TilePart<Real>& part, double part_shift) { sum(tile, part, a, part_shift, own[worker]); });
        });
  });

  std::vector<double> out(classes * classes, 0.);
  for (std::size_t b = 0; b < blocks; ++b) {
    for (std::size_t k = 0; k < lines[b].size(); ++k) out[first_class[b] * classes + k] += lines[b][k];
  }
  return out;
}

#define SNNL_INSTANTIATE(Real)                                                                        \
  template std::vector<Nearest> nearest_pass(Tiles<Real>&);                                           \
  template WeightSums weight_sums_pass(Tiles<Real>&, const std::vector<double>&, double, Grouping,    \
                                       std::vector<Nearest>&);                                        \
  template std::vector<RowMass> mass_pass(Tiles<Real>&, double, double, const std::vector<Nearest>&); \
  template std::vector<double> class_pass(Tiles<Real>&, double, double, const std::vector<double>&,   \
                                          const std::vector<Nearest>&);
SNNL_INSTANTIATE(float)
SNNL_INSTANTIATE(double)
#undef SNNL_INSTANTIATE

}  // namespace snnl::engine
