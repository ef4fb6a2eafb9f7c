#include "snnl/gradient/soft_nearest.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "snnl/entanglement/middle_shift.hpp"
#include "snnl/entanglement/tile_passes.hpp"
#include "snnl/tiles/rectangles.hpp"

namespace snnl::engine {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// The middle_shift of a few rows, one line from all over the samples.
template <class Real>
double shift_for(const Tiles<Real>& tiles, double temperature) {
  const Points& points = tiles.points();
  const std::size_t n = points.size(), count = std::min(n, product::line<Real>);
  std::vector<std::size_t> chosen(count);
  for (std::size_t k = 0; k < count; ++k) chosen[k] = (2 * k + 1) * n / (2 * count);
  const auto sample = points.rows(tiles.rows().maker(), chosen);
  std::vector<double> nearest(count, infinity);
  Rectangles<Real> rectangles(sample, chosen, {count, 512}, 1);
  rectangles.along_rows(tiles.rows(), 0, [&](const Tile<Real>& tile, std::size_t) {
    for (std::size_t k = 0; k < count; ++k) {
      const auto c = static_cast<std::size_t>(points.label(chosen[k]));
      const std::size_t begin = std::max(points.class_begin()[c], tile.col_begin),
                        end = std::min(points.class_begin()[c + 1], tile.col_begin + tile.rect.cols);
      for (std::size_t j = begin; j < end; ++j) {
        const Real distance = tile.rect.data[k * tile.rect.stride + j - tile.col_begin];
        nearest[k] = std::min(nearest[k], static_cast<double>(distance));
      }
    }
  });
  return middle_shift(std::move(nearest), temperature);
}

}  // namespace

template <class Real>
std::vector<Nearest> soft_nearest(Tiles<Real>& tiles, double temperature) {
  using Range = kernels::ExpRange<double>;
  const Points& points = tiles.points();
  const std::size_t n = points.size();
  const double shift = shift_for(tiles, temperature);
  std::vector<Nearest> nearest;
  const WeightSums sums = weight_sums_pass<Real>(tiles, {temperature}, shift, Grouping::by_sameness, nearest);
  std::vector<Nearest> out(n);
  std::vector<std::size_t> redo;
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t members = points.class_size(static_cast<std::size_t>(points.label(i)));
    const auto soft = [&](std::size_t group, bool any) {
      if (!any) return infinity;
      const double sum = sums.at(0, group)[i];
      // NaN: not to be trusted.
      if (sums.doubtful[i] || !(sum >= Range::lowest && sum <= Range::highest))
        return std::numeric_limits<double>::quiet_NaN();
      return shift - temperature * std::log(sum);
    };
    out[i] = {soft(0, members > 1), soft(1, members < n)};
    if (std::isnan(out[i].same) || std::isnan(out[i].other)) redo.push_back(i);
  }
  if (redo.empty()) return out;
  ExactRows exact(points, redo, tiles.threads());
  const std::vector<Nearest> redone = exact.soft_nearest(temperature);
  for (std::size_t k = 0; k < redo.size(); ++k) out[redo[k]] = redone[k];
  return out;
}

template std::vector<Nearest> soft_nearest(Tiles<float>&, double);
template std::vector<Nearest> soft_nearest(Tiles<double>&, double);

}  // namespace snnl::engine
