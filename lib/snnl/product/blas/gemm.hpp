#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <stdexcept>
#include <type_traits>
#include <xtensor-blas/xblas.hpp>

namespace snnl::product {

/// A row-major matrix somebody else owns, whose rows begin `stride` apart: element (i, j) is data[i * stride + j].
/// Speaks the part of xtensor's interface that xt::blas::gemm asks for, which copies it not: strided views of xtensor's
/// own would be.
template <class T>
class StridedMatrix : public xt::xexpression<StridedMatrix<T>> {
 public:
  using value_type = std::remove_const_t<T>;
  using shape_type = std::array<std::size_t, 2>;
  static constexpr xt::layout_type static_layout = xt::layout_type::row_major;

  StridedMatrix(T* data, std::size_t rows, std::size_t cols, std::size_t stride)
      : data_(data), shape_{rows, cols}, strides_{static_cast<std::ptrdiff_t>(stride), 1} {}

  const shape_type& shape() const { return shape_; }
  const std::array<std::ptrdiff_t, 2>& strides() const { return strides_; }
  std::size_t dimension() const { return 2; }
  xt::layout_type layout() const { return static_layout; }
  T* data() const { return data_; }
  std::size_t data_offset() const { return 0; }

 private:
  T* data_;
  shape_type shape_;
  std::array<std::ptrdiff_t, 2> strides_;
};

/// The one door to BLAS: out = op(a) op(b) + beta out, with op(m) = m, or its transpose. Throws std::invalid_argument
/// where the shapes do not fit, which xt::blas::gemm does not look at.
template <class Real>
void gemm(const StridedMatrix<const Real>& a, bool transpose_a, const StridedMatrix<const Real>& b, bool transpose_b,
          Real beta, StridedMatrix<Real>& out) {
  const auto rows = [](const auto& m, bool transposed) { return m.shape()[transposed ? 1 : 0]; };
  const auto cols = [](const auto& m, bool transposed) { return m.shape()[transposed ? 0 : 1]; };
  if (rows(a, transpose_a) != out.shape()[0] || cols(b, transpose_b) != out.shape()[1] ||
      cols(a, transpose_a) != rows(b, transpose_b)) {
    throw std::invalid_argument("gemm: the shapes do not fit");
  }
  const auto fits = [](const auto& m) {
    constexpr auto most = static_cast<std::size_t>(std::numeric_limits<xt::blas_index_t>::max());
    return m.shape()[0] <= most && static_cast<std::size_t>(m.strides()[0]) <= most &&
           static_cast<std::size_t>(m.strides()[0]) >= m.shape()[1];
  };
  if (!fits(a) || !fits(b) || !fits(out))
    throw std::invalid_argument("gemm: a stride is too short, or too long for BLAS");
  if (out.shape()[0] == 0 || out.shape()[1] == 0) return;
  xt::blas::gemm(a, b, out, transpose_a, transpose_b, Real(1), beta);
}

}  // namespace snnl::product
