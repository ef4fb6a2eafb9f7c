#include "snnl/product/blas/blas_module.hpp"

#include <algorithm>
#include <new>

#include "snnl/memory/room.hpp"
#include "snnl/product/blas/eigenvectors.hpp"
#include "snnl/product/blas/gemm.hpp"
#include "snnl/product/blas/openblas.hpp"

namespace snnl::product {
namespace {

/// OpenBLAS asks the system for so much for each thread that multiplies, and without end where it does not get it.
constexpr std::size_t buffer_bytes = std::size_t{130} << 20;

void need_room() {
  thread_local bool had = false;
  if (had) return;
  if (!memory::has_room(buffer_bytes)) throw std::bad_alloc();
  had = true;
}

template <class Real>
void squared_distances(const RowBlock<Real>& left, const RowBlock<Real>& right, Real* out, std::size_t stride) {
  need_room();
  const std::size_t features = left.features;
  StridedMatrix<Real> products(out, left.rows, right.rows, stride);
  gemm<Real>({left.values, left.rows, features, features}, false, {right.values, right.rows, right.features, features},
             true, Real(0), products);
  for (std::size_t i = 0; i < left.rows; ++i) {
    Real* const row = out + i * stride;
    const Real norm = left.norms[i];
    for (std::size_t j = 0; j < right.rows; ++j) {
      row[j] = std::max(norm + right.norms[j] - (row[j] + row[j]), Real(0));
    }
    std::fill(row + right.rows, row + whole_lines<Real>(right.rows), Real(0));
  }
}

template <class Real>
void accumulate(const PairBlock<Real>& w, bool transposed, const FeatureBlock<Real>& y, std::size_t first, Real* out,
                std::size_t stride) {
  need_room();
  const std::size_t terms = transposed ? w.rows : w.cols;
  StridedMatrix<Real> sums(out, transposed ? w.cols : w.rows, y.features, stride);
  gemm<Real>({w.values, w.rows, w.cols, w.panel}, transposed,
             {y.values + first * y.features, terms, y.features, y.features}, false, Real(1), sums);
}

template <class Real>
constexpr Products<Real> table{"blas", 1, 0, &squared_distances<Real>, &accumulate<Real>};

void dense_product(const Dense<const double>& a, bool transpose_a, const Dense<const double>& b, bool transpose_b,
                   double beta, const Dense<double>& out) {
  need_room();
  StridedMatrix<double> sums(out.data, out.rows, out.cols, out.stride);
  gemm<double>({a.data, a.rows, a.cols, a.stride}, transpose_a, {b.data, b.rows, b.cols, b.stride}, transpose_b, beta,
               sums);
}

}  // namespace

extern "C" void snnl_blas_makers(BlasMakers& out) {
  out = {&table<float>,         &table<double>, &openblas_description,  &openblas_threads,
         &openblas_set_threads, &dense_product, &symmetric_eigenvectors};
}

}  // namespace snnl::product
