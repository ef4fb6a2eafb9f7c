#include "snnl/distance/tiles.hpp"

#include <algorithm>
#include <limits>

#include "snnl/distance/gemm.hpp"
#include "snnl/simd/kernels.hpp"

namespace snnl {
namespace {

/// Below this fraction of the norms, a distance in double loses more than ten of its sixteen digits' share to
/// cancellation: |error| <= about 1e-15 (|x|^2 + |y|^2) is then more than 1e-10 of it.
constexpr double close_fraction = 1e-5;

void mend_close_pairs(const RowSet<double>& left, std::size_t left_begin, std::size_t left_count,
                      const RowSet<double>& right, std::size_t right_begin, std::size_t right_count, double* out) {
  const std::size_t d = left.features;
  for (std::size_t i = 0; i < left_count; ++i) {
    double* row = out + i * right_count;
    const double left_norm = left.norms[left_begin + i];
    const double* right_norms = right.norms.data() + right_begin;
    for (std::size_t j = 0; j < right_count; ++j) {
      if (row[j] >= close_fraction * (left_norm + right_norms[j])) continue;
      const double* x = left.values.data() + (left_begin + i) * d;
      const double* y = right.values.data() + (right_begin + j) * d;
      double sum = 0;
      for (std::size_t f = 0; f < d; ++f) sum += (x[f] - y[f]) * (x[f] - y[f]);
      row[j] = sum;
    }
  }
}

void mend_close_pairs(const RowSet<float>&, std::size_t, std::size_t, const RowSet<float>&, std::size_t, std::size_t,
                      float*) {}  // float is used only where T is far above its errors

}  // namespace

std::size_t block_rows(std::size_t n) {
  const std::size_t sixteenth = (n / 16 + 31) / 32 * 32;
  return std::clamp<std::size_t>(sixteenth, 64, 512);
}

template <class Real>
void distances(const RowSet<Real>& left, std::size_t left_begin, std::size_t left_count, const RowSet<Real>& right,
               std::size_t right_begin, std::size_t right_count, Real* out) {
  gemm_abt(-2, left.block(left_begin, left_count), right.block(right_begin, right_count),
           {out, left_count, right_count});
  kernels<Real>().finish_distances(out, left_count, right_count, left.norms_as_real.data() + left_begin,
                                   right.norms_as_real.data() + right_begin);
  mend_close_pairs(left, left_begin, left_count, right, right_begin, right_count, out);
}

template <class Real>
void for_each_tile(const RowSet<Real>& rows, std::size_t threads,
                   const std::function<void(const Tile<Real>&, std::size_t)>& consume) {
  const std::size_t n = rows.rows();
  const std::size_t size = block_rows(n);
  const std::size_t blocks = (n + size - 1) / size;
  std::vector<std::vector<Real>> buffers(threads);
  run_schedule(tournament(blocks), blocks, threads, [&](const BlockPair& pair, std::size_t worker) {
    auto& buffer = buffers[worker];
    buffer.resize(size * size);
    Tile<Real> tile;
    tile.row_begin = pair.first * size;
    tile.col_begin = pair.second * size;
    tile.diagonal = pair.first == pair.second;
    tile.rect = {buffer.data(), std::min(size, n - tile.col_begin), std::min(size, n - tile.row_begin),
                 std::min(size, n - tile.col_begin)};
    distances(rows, tile.row_begin, tile.rect.rows, rows, tile.col_begin, tile.rect.cols, buffer.data());
    if (tile.diagonal) {
      for (std::size_t i = 0; i < tile.rect.rows; ++i) {
        buffer[i * tile.rect.stride + i] = std::numeric_limits<Real>::infinity();
      }
    }
    consume(tile, worker);
  });
}

template void distances(const RowSet<float>&, std::size_t, std::size_t, const RowSet<float>&, std::size_t, std::size_t,
                        float*);
template void distances(const RowSet<double>&, std::size_t, std::size_t, const RowSet<double>&, std::size_t,
                        std::size_t, double*);
template void for_each_tile(const RowSet<float>&, std::size_t,
                            const std::function<void(const Tile<float>&, std::size_t)>&);
template void for_each_tile(const RowSet<double>&, std::size_t,
                            const std::function<void(const Tile<double>&, std::size_t)>&);

}  // namespace snnl
