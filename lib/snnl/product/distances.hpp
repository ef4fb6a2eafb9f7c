#pragma once

#include <cstddef>

#include "snnl/product/row_set.hpp"

namespace snnl::product {

/// Below this fraction of the norms, a distance in double loses more than ten of its sixteen digits' share to
/// cancellation: |error| <= about 1e-15 (|x|^2 + |y|^2) is then more than 1e-10 of it.
inline constexpr double close_fraction = 1e-5;

/// out[i * stride + j] = d(left_i, right_j) for `left_count` rows of `left` from `left_begin` on and `right_count` of
/// `right`, which have the same maker. Both begin with a group; stride >= whole_lines(right_count), and what lies
/// between is overwritten too. In double, pairs much closer than their norms are taken from the differences of their
/// features, where the expansion would cancel. Throws std::invalid_argument where the shapes do not fit.
template <class Real>
void distances(const RowSet<Real>& left, std::size_t left_begin, std::size_t left_count, const RowSet<Real>& right,
               std::size_t right_begin, std::size_t right_count, Real* out, std::size_t stride);

}  // namespace snnl::product
