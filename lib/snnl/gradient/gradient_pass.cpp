#include "snnl/gradient/gradient_pass.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

#include "snnl/gradient/feature_panels.hpp"
#include "snnl/kernels/kernels.hpp"
#include "snnl/tiles/tile_parts.hpp"

namespace snnl::engine {
namespace {

/// Offsets of all rows; after them a line of those that weigh nothing.
template <class Real>
struct Offsets {
  static constexpr Real nothing = std::numeric_limits<Real>::lowest() / 4;
  std::vector<Real> other, same;

  Offsets(const std::vector<Nearest>& nearest, double temperature)
      : other(nearest.size() + product::line<Real>, nothing), same(other) {
    for (std::size_t i = 0; i < nearest.size(); ++i) {
      const auto [s, o] = nearest[i];
      if (std::isinf(s) || std::isinf(o)) continue;  // not scored; or a loss of 0, whatever the samples do
      const double z = std::min(s, o) - temperature * std::log1p(std::exp(-std::abs(s - o) / temperature));
      other[i] = static_cast<Real>(z);
      same[i] = static_cast<Real>(z + (s - o));
    }
  }
};

template <class Real>
struct Worker {
  std::size_t edge;
  memory::Buffer<Real> weights;
  std::vector<Real> row_sums, col_sums, moments;
  std::vector<std::size_t> same_begin, same_end;

  // A product reads whole groups of rows.
  explicit Worker(std::size_t edge_)
      : edge(edge_),
        weights((edge_ + product::line<Real>)*edge_),
        row_sums(edge_),
        col_sums(edge_),
        moments(edge_),
        same_begin(edge_),
        same_end(edge_) {}

  void clear() {
    for (auto* sums : {&row_sums, &col_sums, &moments}) std::fill(sums->begin(), sums->end(), Real(0));
  }

  /// Columns of the tile that have the class of each row.
  void find_same(const Points& points, const Tile<Real>& tile) {
    const auto in_tile = [&](std::size_t column) {
      return column <= tile.col_begin ? 0 : std::min(column - tile.col_begin, tile.rect.cols);
    };
    for_each_class_in(
        points.class_begin(), tile.row_begin, tile.rect.rows, [&](std::size_t c, std::size_t begin, std::size_t end) {
          const auto at = [](std::size_t row) { return static_cast<std::ptrdiff_t>(row); };
          std::fill(same_begin.begin() + at(begin), same_begin.begin() + at(end), in_tile(points.class_begin()[c]));
          std::fill(same_end.begin() + at(begin), same_end.begin() + at(end), in_tile(points.class_begin()[c + 1]));
        });
  }
};

}  // namespace

template <class Real>
GradientSums<Real> gradient_pass(Tiles<Real>& tiles, double temperature, const std::vector<Nearest>& nearest) {
  const Points& points = tiles.points();
  const std::size_t n = points.size(), edge = tiles.edge();
  const product::Products<Real>& maker = tiles.rows().maker();
  const FeaturePanels<Real> features(points, maker, tiles.threads());
  const Offsets<Real> offsets(nearest, temperature);
  GradientSums<Real> out;
  out.stride = features.width();
  out.products = memory::Buffer<Real>(n * out.stride);
  std::fill_n(out.products.data(), n * out.stride, Real(0));
  out.row_sums.assign(n, 0.);
  std::vector<double> moments(n, 0.);  // by row: those of a block are added in one order
  std::vector<Worker<Real>> own;
  for (std::size_t w = 0; w < tiles.threads(); ++w) own.emplace_back(edge);

  tiles.for_each([&](const Tile<Real>& tile, std::size_t worker) {
    Worker<Real>& local = own[worker];
    const std::size_t rows = tile.rect.rows, cols = tile.rect.cols;
    local.clear();
    local.find_same(points, tile);
    const product::PairBlock<Real> weights{local.weights.data(), rows, cols, maker.pair_panel(cols)};
    kernels::WeightOffsets<Real> by;
    by.kappa = static_cast<Real>(std::numbers::log2e / temperature);
    by.row_other = offsets.other.data() + tile.row_begin;
    by.row_same = offsets.same.data() + tile.row_begin;
    by.col_other = offsets.other.data() + tile.col_begin;
    by.col_same = offsets.same.data() + tile.col_begin;
    by.same_begin = local.same_begin.data();
    by.same_end = local.same_end.data();
    kernels::in_use<Real>().gradient_weights(tile.rect, by, weights, local.row_sums.data(), local.col_sums.data(),
                                             local.moments.data());
    const auto products_of = [&](std::size_t row) { return out.products.data() + row * out.stride; };
    maker.accumulate(weights, false, features.view(), tile.col_begin, products_of(tile.row_begin), out.stride);
    // A block with itself has each pair twice.
    const double share = tile.mirrored ? 1 : .5;
    for (std::size_t i = 0; i < rows; ++i) {
      out.row_sums[tile.row_begin + i] += static_cast<double>(local.row_sums[i]);
      moments[tile.row_begin + i] += share * static_cast<double>(local.moments[i]);
    }
    if (!tile.mirrored) return;
    maker.accumulate(weights, true, features.view(), tile.row_begin, products_of(tile.col_begin), out.stride);
    for (std::size_t j = 0; j < cols; ++j) out.row_sums[tile.col_begin + j] += static_cast<double>(local.col_sums[j]);
  });
  out.moment = std::accumulate(moments.begin(), moments.end(), 0.);
  return out;
}

template GradientSums<float> gradient_pass(Tiles<float>&, double, const std::vector<Nearest>&);
template GradientSums<double> gradient_pass(Tiles<double>&, double, const std::vector<Nearest>&);

}  // namespace snnl::engine
