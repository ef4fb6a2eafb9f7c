#pragma once

#include <cstddef>
#include <type_traits>
#include <xsimd/xsimd.hpp>

#include "snnl/product/operands.hpp"
#include "snnl/simd/each.hpp"
#include "snnl/simd/fma.hpp"

namespace snnl::product {

// A microtile is what a product holds in registers: MR rows of its left operand, times NR columns of its right one, in
// so many batches, with as many registers as a batch of columns needs left over. There are 32 registers in AVX-512 and
// NEON, 16 in AVX2 and SSE2, of which SSE2 spends one on each product. Internal linkage: each instruction set has its
// own.
namespace {
#if defined(__AVX512F__) || defined(__aarch64__)
constexpr std::size_t mr = 8, nr_batches = 3;
#elif defined(__AVX2__)
constexpr std::size_t mr = 4, nr_batches = 3;
#else
constexpr std::size_t mr = 2, nr_batches = 4;
#endif
}  // namespace

/// KC: terms that go through the registers at a time: 3 batches of columns, and 8 rows, of so many stay in the
/// first-level cache.
template <class Real>
inline constexpr std::size_t kc = 1024 / sizeof(Real);

/// Sums of mr x Batches batches, and the one inner loop of all products.
template <class Real, class Arch, std::size_t Batches>
struct Microtile {
  using Batch = xsimd::batch<Real, Arch>;
  static constexpr std::size_t panel = line<Real>;

  Batch sums[mr][Batches];

  [[gnu::always_inline]] void clear() {
    simd::each<mr * Batches>([&](auto k) { sums[k / Batches][k % Batches] = Batch(Real(0)); });
  }

  /// sums(r, b) += sum over k in [0, terms) of x[r * RowStride + k * TermStride] times the batch at y[b] + k * panel.
  template <std::size_t RowStride, std::size_t TermStride>
  [[gnu::always_inline]] void add(const Real* x, const Real* const (&y)[Batches], std::size_t terms) {
    for (std::size_t k = 0; k < terms; ++k) {
      Batch columns[Batches];
      simd::each<Batches>([&](auto b) { columns[b] = Batch::load_aligned(y[b] + k * panel); });
      simd::each<mr>([&](auto r) {
        const Batch value(x[r * RowStride + k * TermStride]);
        simd::each<Batches>([&](auto b) { sums[r][b] = simd::fma(value, columns[b], sums[r][b]); });
      });
    }
  }
};

/// Calls `visit(col, batches)` for strips of NR columns, then narrower ones, until `cols` of them, which are whole
/// batches, are done. `batches` is known to the compiler.
template <std::size_t Width, class Visit>
[[gnu::always_inline]] inline void for_each_strip(std::size_t cols, const Visit& visit) {
  std::size_t col = 0;
  for (; col + nr_batches * Width <= cols; col += nr_batches * Width) {
    visit(col, std::integral_constant<std::size_t, nr_batches>());
  }
  for (; col + (nr_batches - 1) * Width <= cols; col += (nr_batches - 1) * Width) {
    visit(col, std::integral_constant<std::size_t, nr_batches - 1>());
  }
  for (; col < cols; col += Width) visit(col, std::integral_constant<std::size_t, 1>());
}

}  // namespace snnl::product
