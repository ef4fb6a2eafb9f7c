#include "snnl/nearest_neighbors.hpp"

#include <algorithm>
#include <iterator>
#include <string>

#include "snnl/error.hpp"
#include "snnl/kernels/kernels.hpp"
#include "snnl/neighbors/candidates.hpp"
#include "snnl/neighbors/comparable_rows.hpp"
#include "snnl/parallel/threads.hpp"
#include "snnl/tiles/rectangles.hpp"
#include "snnl/tiles/tiles.hpp"

namespace snnl {
namespace {

/// Training rows that are converted at a time.
constexpr std::size_t chunk_bytes = std::size_t{64} << 20;

void check(const MatrixView<const float>& queries, const MatrixView<const float>& training, std::size_t k) {
  if (queries.cols != training.cols) {
    throw Error("", std::to_string(queries.cols)
                        .append(" features, but ")
                        .append(std::to_string(training.cols))
                        .append(" in the training set"));
  }
  if (training.cols == 0) throw Error("", "no features");
  if (training.rows > 0xffffffffU) throw Error("", "more than 2^32 training samples");
  if (k == 0) throw Error("", "k is 0: no neighbours are asked for");
  if (k > training.rows) {
    throw Error("", std::to_string(k)
                        .append(" neighbours are asked for, but there are ")
                        .append(std::to_string(training.rows))
                        .append(" training samples"));
  }
}

/// Distances in double of the candidates of one query; the k smallest go to `out`.
void settle(const engine::ComparableRows& rows, std::size_t query, engine::Candidates& candidates, Neighbors& out) {
  struct Exact {
    double distance;
    std::uint32_t index;
  };
  candidates.prune();
  std::vector<Exact> exact;
  exact.reserve(candidates.all().size());
  for (const auto& candidate : candidates.all()) {
    exact.push_back({rows.exact(query, candidate.index), candidate.index});
  }
  const auto end = exact.begin() + static_cast<std::ptrdiff_t>(out.k);
  std::partial_sort(exact.begin(), end, exact.end(), [](const Exact& a, const Exact& b) {
    return a.distance < b.distance || (a.distance == b.distance && a.index < b.index);
  });
  for (std::size_t r = 0; r < out.k; ++r) {
    out.indices[query * out.k + r] = exact[r].index;
    out.distances[query * out.k + r] = exact[r].distance;
  }
}

}  // namespace

Neighbors nearest_neighbors(MatrixView<const float> queries, MatrixView<const float> training, std::size_t k,
                            const NeighborOptions& options) {
  check(queries, training, k);
  Neighbors out;
  out.queries = queries.rows;
  out.k = k;
  out.indices.resize(queries.rows * k);
  out.distances.resize(queries.rows * k);
  if (queries.rows == 0) return out;

  const std::size_t threads = parallel::thread_count(options.threads);
  const engine::ComparableRows rows(queries, training, options.distance, threads);
  std::vector<engine::Candidates> candidates;
  candidates.reserve(queries.rows);
  for (std::size_t i = 0; i < queries.rows; ++i) candidates.emplace_back(k, rows.error_bound(i));

  const product::RowSet<float> all_queries = rows.queries(0, queries.rows, threads);
  const engine::TileShape shape{std::min<std::size_t>(engine::block_rows(queries.rows), 256), 512};
  std::vector<std::vector<std::uint32_t>> found(threads, std::vector<std::uint32_t>(shape.cols));
  const auto columns = [&](std::size_t first, std::size_t count) { return rows.training(first, count, threads); };
  const auto select = [&](const engine::Tile<float>& tile, std::size_t worker) {
    std::uint32_t* const near = found[worker].data();
    for (std::size_t i = 0; i < tile.rect.rows; ++i) {
      engine::Candidates& mine = candidates[tile.row_begin + i];
      const float* const row = tile.rect.data + i * tile.rect.stride;
      const std::size_t hits = kernels::in_use<float>().select_within(row, tile.rect.cols, mine.limit(), near);
      for (std::size_t h = 0; h < hits; ++h) {
        // The limit may have fallen since.
        if (row[near[h]] <= mine.limit()) mine.add(row[near[h]], static_cast<std::uint32_t>(tile.col_begin + near[h]));
      }
    }
  };
  engine::Rectangles<float>(all_queries, {}, shape, threads).along_rows(training.rows, columns, chunk_bytes, select);
  parallel::run_stretches(queries.rows, 64, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) settle(rows, i, candidates[i], out);
  });
  return out;
}

double recall(const Neighbors& found, const Neighbors& exact) {
  if (found.queries != exact.queries || found.k != exact.k || found.queries == 0) {
    throw Error("", "recall needs neighbours of the same queries, as many of each");
  }
  std::size_t shared = 0;
  std::vector<std::uint32_t> a(found.k), b(found.k), both;
  for (std::size_t q = 0; q < found.queries; ++q) {
    std::copy_n(found.indices_of(q), found.k, a.begin());
    std::copy_n(exact.indices_of(q), exact.k, b.begin());
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    both.clear();
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
    shared += both.size();
  }
  return static_cast<double>(shared) / static_cast<double>(found.queries * found.k);
}

}  // namespace snnl
