#include "snnl/entanglement/near_rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <type_traits>

#include "snnl/entanglement/softplus.hpp"
#include "snnl/kernels/kernels.hpp"
#include "snnl/parallel/threads.hpp"
#include "snnl/tiles/tile_parts.hpp"

namespace snnl::engine {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Distances up to which neighbours are near, in Real and not below what they are.
template <class Real>
std::vector<Real> limits_of(const std::vector<Nearest>& nearest, double window, bool same) {
  std::vector<Real> out;
  for (const Nearest& row : nearest) {
    const double least = same ? row.same : std::min(row.same, row.other);
    out.push_back(std::isfinite(least) ? std::nextafter(static_cast<Real>(least + window), Real(1e30)) : Real(-1));
  }
  return out;
}

/// Of one query: its weights are exp((least - d) / T).
struct NearSums {
  double same = 0, other = 0, moment = 0;  ///< moment: of (d - least) / T
};

template <class Real, class Visit>
NearSums sum_up(const std::vector<NearNeighbor<Real>>& neighbors, double least, double temperature,
                const Visit& is_same) {
  NearSums sums;
  for (const NearNeighbor<Real>& one : neighbors) {
    const double u = (static_cast<double>(one.distance) - least) / temperature, weight = std::exp(-u);
    (is_same(one) ? sums.same : sums.other) += weight;
    sums.moment += weight * u;
  }
  return sums;
}

}  // namespace

double near_window(double temperature) {
  constexpr double octaves = 55;  // 2^30 neighbours so far away weigh 2^-25
  return octaves * std::numbers::ln2 * temperature;
}

template <class Real>
std::vector<std::vector<NearNeighbor<Real>>> near_pass(Tiles<Real>& tiles, const std::vector<Nearest>& nearest,
                                                       double window) {
  const Points& points = tiles.points();
  const Queries& queries = tiles.queries();
  const std::vector<Real> of_same = limits_of<Real>(nearest, window, true),
                          of_other = limits_of<Real>(nearest, window, false);
  std::vector<std::vector<NearNeighbor<Real>>> out(queries.size());
  std::vector<std::vector<std::uint32_t>> found(tiles.threads(), std::vector<std::uint32_t>(tiles.width()));
  tiles.for_each([&](const Tile<Real>& tile, std::size_t worker) {
    std::uint32_t* const places = found[worker].data();
    split_by_sameness(points, queries, tile, [&](const TilePart<Real>& part, bool same) {
      const std::vector<Real>& limits = same ? of_same : of_other;
      const std::size_t first_row = tile.row_begin + part.row, first_col = tile.col_begin + part.col;
      const Real* const of_cols = tile.mirrored ? limits.data() + first_col : nullptr;
      for (std::size_t i = 0; i < part.rect.rows; ++i) {
        const Real* const d = part.rect.data + i * part.rect.stride;
        const Real limit = limits[first_row + i];
        const std::size_t count = of_cols
                                      ? kernels::in_use<Real>().select_near(d, of_cols, part.rect.cols, limit, places)
                                      : kernels::in_use<Real>().select_within(d, part.rect.cols, limit, places);
        for (std::size_t k = 0; k < count; ++k) {
          const std::size_t j = places[k];
          if (d[j] <= limit) out[first_row + i].push_back({static_cast<std::uint32_t>(first_col + j), d[j]});
          if (of_cols && d[j] <= of_cols[j]) {
            out[first_col + j].push_back({static_cast<std::uint32_t>(first_row + i), d[j]});
          }
        }
      }
    });
  });
  return out;
}

template <class Real>
PointDetails near_details(Tiles<Real>& tiles, const std::vector<Nearest>& nearest, double temperature,
                          const std::vector<char>& exact, std::size_t threads) {
  const Points& points = tiles.points();
  const Queries& queries = tiles.queries();
  const std::size_t n = queries.size(), classes = points.classes();
  const auto neighbors = near_pass(tiles, nearest, near_window(temperature));
  PointDetails out;
  out.in_double = std::is_same_v<Real, double>;
  out.losses.assign(n, nan);
  out.class_similarity.assign(classes * classes, 0.);
  std::vector<double> effective(n, 0.);
  parallel::run_parallel(classes, threads, [&](std::size_t c, std::size_t) {
    double* const shares = out.class_similarity.data() + c * classes;
    const std::size_t begin = points.class_begin()[c], end = points.class_begin()[c + 1];
    const auto is_same = [&](const auto& one) { return one.index >= begin && one.index < end; };
    for (std::size_t i = queries.class_begin()[c]; i < queries.class_begin()[c + 1]; ++i) {
      if (!exact.empty() && exact[i]) continue;
      const double least = std::min(nearest[i].same, nearest[i].other);
      const NearSums sums = sum_up(neighbors[i], least, temperature, is_same);
      const double total = sums.same + sums.other;
      effective[i] = total * std::exp(sums.moment / total);
      for (const auto& one : neighbors[i]) {
        const auto b = static_cast<std::size_t>(points.label(one.index));
        shares[b] += std::exp((least - static_cast<double>(one.distance)) / temperature) / total;
      }
      if (end - begin < 2) continue;
      // Relative to the nearest of the own class: its weight may be nothing beside that of the others.
      const NearSums own = nearest[i].same > least ? sum_up(neighbors[i], nearest[i].same, temperature, is_same) : sums;
      const double gap = (nearest[i].same - least) / temperature;
      out.losses[i] = sums.other > 0 ? softplus(std::log(sums.other / own.same) + gap) : 0;
    }
  });
  std::vector<std::size_t> redo;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    if (exact[i]) redo.push_back(i);
  }
  set_exact_rows(points, queries, redo, temperature, threads, out.losses, effective, out.class_similarity);
  out.effective_neighbors = mean_over_all(points, queries, effective);
  normalise_rows(out.class_similarity, classes);
  return out;
}

#define SNNL_INSTANTIATE(Real)                                                                                        \
  template std::vector<std::vector<NearNeighbor<Real>>> near_pass(Tiles<Real>&, const std::vector<Nearest>&, double); \
  template PointDetails near_details(Tiles<Real>&, const std::vector<Nearest>&, double, const std::vector<char>&,     \
                                     std::size_t);
SNNL_INSTANTIATE(float)
SNNL_INSTANTIATE(double)
#undef SNNL_INSTANTIATE

}  // namespace snnl::engine
