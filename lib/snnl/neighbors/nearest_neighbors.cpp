#include "snnl/nearest_neighbors.hpp"

#include <algorithm>
#include <iterator>
#include <string>

#include "snnl/error.hpp"
#include "snnl/kernels/kernels.hpp"
#include "snnl/neighbors/candidates.hpp"
#include "snnl/neighbors/comparable_rows.hpp"
#include "snnl/parallel/threads.hpp"
#include "snnl/product/distances.hpp"
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
void settle(const ComparableRows& rows, std::size_t query, Candidates& candidates, Neighbors& out) {
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

  const std::size_t threads = thread_count(options.threads);
  const ComparableRows rows(queries, training, options.distance, threads);
  const std::size_t edge = std::min<std::size_t>(block_rows(queries.rows), 256), width = 512;
  const std::size_t blocks = (queries.rows + edge - 1) / edge;
  const std::size_t chunk = std::max<std::size_t>(chunk_bytes / (width * training.cols * sizeof(float)), 1) * width;
  std::vector<Candidates> candidates;
  candidates.reserve(queries.rows);
  for (std::size_t i = 0; i < queries.rows; ++i) candidates.emplace_back(k, rows.error_bound(i));
  const product::RowSet<float> all_queries = rows.queries(0, queries.rows, threads);

  const product::OneThread one;
  std::vector<Buffer<float>> tiles(threads);
  std::vector<std::vector<std::uint32_t>> found(threads);
  for (std::size_t first = 0; first < training.rows; first += chunk) {
    const product::RowSet<float> columns = rows.training(first, std::min(chunk, training.rows - first), threads);
    run_parallel(blocks, threads, [&](std::size_t block, std::size_t worker) {
      if (!tiles[worker]) {
        tiles[worker] = Buffer<float>(edge * width);
        found[worker].resize(width);
      }
      float* const tile = tiles[worker].data();
      std::uint32_t* const near = found[worker].data();
      const std::size_t begin = block * edge, count = std::min(edge, queries.rows - begin);
      for (std::size_t col = 0; col < columns.rows(); col += width) {
        const std::size_t cols = std::min(width, columns.rows() - col), stride = product::whole_lines<float>(cols);
        product::distances(all_queries, begin, count, columns, col, cols, tile, stride);
        for (std::size_t i = 0; i < count; ++i) {
          Candidates& mine = candidates[begin + i];
          const float* const row = tile + i * stride;
          const std::size_t hits = kernels<float>().select_within(row, cols, mine.limit(), near);
          for (std::size_t h = 0; h < hits; ++h) {
            // The limit may have fallen since.
            if (row[near[h]] <= mine.limit()) {
              mine.add(row[near[h]], static_cast<std::uint32_t>(first + col + near[h]));
            }
          }
        }
      }
      if (first + chunk < training.rows) return;
      for (std::size_t i = begin; i < begin + count; ++i) {
        settle(rows, i, candidates[i], out);
        candidates[i] = Candidates(k, 0);
      }
    });
  }
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
