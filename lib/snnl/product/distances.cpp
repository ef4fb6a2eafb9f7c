#include "snnl/product/distances.hpp"

#include <stdexcept>
#include <type_traits>

namespace snnl::product {
namespace {

void mend_close_pairs(const RowSet<double>& left, std::size_t left_begin, std::size_t left_count,
                      const RowSet<double>& right, std::size_t right_begin, std::size_t right_count, double* out,
                      std::size_t stride) {
  for (std::size_t i = 0; i < left_count; ++i) {
    double* row = out + i * stride;
    const double left_norm = left.norms()[left_begin + i];
    const double* right_norms = right.norms().data() + right_begin;
    for (std::size_t j = 0; j < right_count; ++j) {
      if (row[j] >= close_fraction * (left_norm + right_norms[j])) continue;
      double sum = 0;
      for (std::size_t f = 0; f < left.features(); ++f) {
        const double difference = left.value(left_begin + i, f) - right.value(right_begin + j, f);
        sum += difference * difference;
      }
      row[j] = sum;
    }
  }
}

}  // namespace

template <class Real>
void distances(const RowSet<Real>& left, std::size_t left_begin, std::size_t left_count, const RowSet<Real>& right,
               std::size_t right_begin, std::size_t right_count, Real* out, std::size_t stride) {
  if (left.features() != right.features()) throw std::invalid_argument("distances: rows of other lengths");
  if (&left.maker() != &right.maker()) throw std::invalid_argument("distances: rows of another maker");
  constexpr std::size_t group = RowSet<Real>::group;
  if (left_begin % group != 0 || right_begin % group != 0 || stride < whole_lines<Real>(right_count)) {
    throw std::invalid_argument("distances: not whole groups");
  }
  left.maker().squared_distances(left.view(left_begin, left_count), right.view(right_begin, right_count), out, stride);
  // Float is used only where T is far above its errors.
  if constexpr (std::is_same_v<Real, double>) {
    mend_close_pairs(left, left_begin, left_count, right, right_begin, right_count, out, stride);
  }
}

template void distances(const RowSet<float>&, std::size_t, std::size_t, const RowSet<float>&, std::size_t, std::size_t,
                        float*, std::size_t);
template void distances(const RowSet<double>&, std::size_t, std::size_t, const RowSet<double>&, std::size_t,
                        std::size_t, double*, std::size_t);

}  // namespace snnl::product
