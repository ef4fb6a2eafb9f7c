#include "snnl/tiles/tiles.hpp"

#include <algorithm>
#include <limits>

#include "snnl/parallel/threads.hpp"
#include "snnl/product/distances.hpp"

namespace snnl::engine {
namespace {

/// Columns converted at a time for a sample of queries.
constexpr std::size_t chunk_bytes = std::size_t{32} << 20;

template <class Real>
constexpr Real infinity = std::numeric_limits<Real>::infinity();

}  // namespace

std::size_t block_rows(std::size_t n) {
  const std::size_t sixteenth = (n / 16 + 31) / 32 * 32;
  return std::clamp<std::size_t>(sixteenth, 64, 512);
}

template <class Real>
Tiles<Real>::Tiles(const Points& points, const Queries& queries, std::size_t threads,
                   const product::Products<Real>& maker)
    : points_(points),
      queries_(queries),
      threads_(threads),
      edge_(block_rows(queries.size())),
      width_(block_rows(points.size())),
      rows_(queries.all() ? points.rows(maker) : points.rows(maker, queries.rows())) {
  if (queries.all()) schedule_ = tournament((queries.size() + edge_ - 1) / edge_);
}

template <class Real>
void Tiles<Real>::keep(std::size_t bytes) {
  const std::size_t most = std::min(schedule_.size(), bytes / (edge_ * edge_ * sizeof(Real)));
  if (most == is_made_.size()) return;
  kept_ = {};
  kept_ = memory::Buffer<Real>(most * edge_ * edge_);
  is_made_.assign(most, 0);
}

template <class Real>
void Tiles<Real>::for_each(const Consume& consume) {
  queries_.all() ? for_each_pair(consume) : for_each_rectangle(consume);
}

template <class Real>
void Tiles<Real>::for_each_pair(const Consume& consume) {
  const product::OneThread one;
  const std::size_t n = points_.size(), blocks = (n + edge_ - 1) / edge_;
  std::vector<memory::Buffer<Real>> buffers(threads_);
  run_schedule(schedule_, blocks, threads_, [&](const BlockPair& pair, std::size_t worker) {
    const auto index = static_cast<std::size_t>(&pair - schedule_.data());
    const bool is_kept = index < is_made_.size();
    if (!is_kept && !buffers[worker]) buffers[worker] = memory::Buffer<Real>(edge_ * edge_);
    Real* const data = is_kept ? kept_.data() + index * edge_ * edge_ : buffers[worker].data();
    Tile<Real> tile;
    tile.row_begin = pair.first * edge_;
    tile.col_begin = pair.second * edge_;
    tile.mirrored = pair.first != pair.second;
    const std::size_t rows = std::min(edge_, n - tile.row_begin), cols = std::min(edge_, n - tile.col_begin);
    const std::size_t stride = product::whole_lines<Real>(cols);
    tile.rect = {data, stride, rows, cols};
    if (!is_kept || !is_made_[index]) {
      product::distances(rows_, tile.row_begin, rows, rows_, tile.col_begin, cols, data, stride);
      for (std::size_t i = 0; !tile.mirrored && i < rows; ++i) data[i * stride + i] = infinity<Real>;
      if (is_kept) is_made_[index] = 1;
    }
    consume(tile, worker);
  });
}

template <class Real>
void Tiles<Real>::for_each_rectangle(const Consume& consume) {
  Rectangles<Real> rectangles(rows_, queries_.rows(), {edge_, width_}, threads_);
  const auto columns = [&](std::size_t first, std::size_t count) {
    return points_.rows(rows_.maker(), first, count, threads_);
  };
  rectangles.along_rows(points_.size(), columns, chunk_bytes, consume);
}

template class Tiles<float>;
template class Tiles<double>;

}  // namespace snnl::engine
