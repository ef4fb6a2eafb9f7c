#include "snnl/product/plain.hpp"

#include <cstring>

#include "snnl/simd/instruction_set.hpp"

namespace snnl::product {
namespace {

constexpr std::size_t panel = 8;

/// Features whose products are added up one after the other. As packed() has it for double, and so are its sums fused
/// with the products where the instruction set does that: the same bits, by other code.
constexpr std::size_t run = 128;

/// So many values as compilers know vectors.
template <class Real, std::size_t Count>
struct VectorOf {
  using type [[gnu::vector_size(Count * sizeof(Real))]] = Real;
};

/// Rows rows at a time, by vectors of Width values.
template <std::size_t Width, std::size_t Rows, class Real>
[[gnu::always_inline]] inline void distances_by(const RowBlock<Real>& left, const RowBlock<Real>& right, Real* out,
                                                std::size_t stride) {
  using Narrow = typename VectorOf<Real, Width>::type;
  using Sums = typename VectorOf<double, Width>::type;
  constexpr std::size_t parts = panel / Width;
  const std::size_t features = left.features;
  for (std::size_t row = 0; row < left.rows; row += Rows) {
    const Real* const x = left.values + row / panel * features * panel + row % panel;
    for (std::size_t col = 0; col < whole_lines<Real>(right.rows); col += panel) {
      const Real* const y = right.values + col * features;
      Sums totals[Rows][parts] = {};
      for (std::size_t begin = 0; begin < features; begin += run) {
        const std::size_t end = features - begin < run ? features : begin + run;
        Sums sums[Rows][parts] = {};
        for (std::size_t f = begin; f < end; ++f) {
          for (std::size_t p = 0; p < parts; ++p) {
            Narrow values;
            std::memcpy(&values, y + f * panel + p * Width, sizeof values);
            const Sums columns = __builtin_convertvector(values, Sums);
            for (std::size_t r = 0; r < Rows; ++r) {
              // Product and sum side by side: compilers fuse them only where nothing, a check say, lies between.
              const auto value = static_cast<double>(x[f * panel + r]);
              const Sums before = sums[r][p];
              sums[r][p] = before + value * columns;
            }
          }
        }
        for (std::size_t r = 0; r < Rows; ++r) {
          for (std::size_t p = 0; p < parts; ++p) totals[r][p] += sums[r][p];
        }
      }
      for (std::size_t r = 0; r < Rows && row + r < left.rows; ++r) {
        for (std::size_t c = 0; c < panel; ++c) {
          const double sum = totals[r][c / Width][c % Width];
          const double norms = static_cast<double>(left.norms[row + r]) + static_cast<double>(right.norms[col + c]);
          const double distance = norms - (sum + sum);
          out[(row + r) * stride + col + c] = static_cast<Real>(distance > 0 ? distance : 0);
        }
      }
    }
  }
}

#if defined(__x86_64__)
template <class Real>
[[gnu::target("avx512f")]] void distances_avx512(const RowBlock<Real>& left, const RowBlock<Real>& right, Real* out,
                                                 std::size_t stride) {
  distances_by<8, 4>(left, right, out, stride);
}
template <class Real>
[[gnu::target("avx2,fma")]] void distances_avx2(const RowBlock<Real>& left, const RowBlock<Real>& right, Real* out,
                                                std::size_t stride) {
  distances_by<4, 4>(left, right, out, stride);
}
template <class Real>
void distances(const RowBlock<Real>& left, const RowBlock<Real>& right, Real* out, std::size_t stride) {
  const simd::InstructionSet set = simd::instruction_set();
  if (set == simd::InstructionSet::avx512) return distances_avx512(left, right, out, stride);
  if (set == simd::InstructionSet::avx2) return distances_avx2(left, right, out, stride);
  distances_by<2, 2>(left, right, out, stride);
}
#else
template <class Real>
void distances(const RowBlock<Real>& left, const RowBlock<Real>& right, Real* out, std::size_t stride) {
  distances_by<2, 4>(left, right, out, stride);
}
#endif

template <class Real>
void accumulate(const PairBlock<Real>& w, bool transposed, const FeatureBlock<Real>& y, std::size_t first, Real* out,
                std::size_t stride) {
  const std::size_t rows = transposed ? w.cols : w.rows, terms = transposed ? w.rows : w.cols;
  for (std::size_t a = 0; a < rows; ++a) {
    for (std::size_t b = 0; b < terms; ++b) {
      const std::size_t i = transposed ? b : a, j = transposed ? a : b;
      const Real weight = w.values[(j / w.panel * w.rows + i) * w.panel + j % w.panel];
      for (std::size_t p = 0; p < y.width(); p += y.panel) {
        const Real* const from = y.values + (p * y.rows + (first + b) * y.panel);
        for (std::size_t f = 0; f < y.panel; ++f) out[a * stride + p + f] += weight * from[f];
      }
    }
  }
}

template <class Real>
constexpr Products<Real> table{"plain", panel, run, &distances<Real>, &accumulate<Real>};

}  // namespace

template <>
const Products<float>& plain() {
  return table<float>;
}
template <>
const Products<double>& plain() {
  return table<double>;
}

}  // namespace snnl::product
