#pragma once

#include <vector>

#include "snnl/features.hpp"
#include "snnl/matrix_view.hpp"

namespace snnl::features {

/// [cols] what makes each feature of mean 0 and variance 1 over samples [n, d], or 0 where it is constant
/// (fit_features).
template <class Real>
std::vector<FeatureScale> find_scales(const MatrixView<const Real>& samples, std::size_t threads);

/// Writes standardised rows [first, first + count) to `out` [count, cols].
template <class Real, class Out>
void scale_rows(const std::vector<FeatureScale>& scales, const MatrixView<const Real>& samples, std::size_t first,
                std::size_t count, Out* out) {
  for (std::size_t i = 0; i < count; ++i) {
    const Real* const row = samples.row(first + i);
    Out* const to = out + i * samples.cols;
    for (std::size_t f = 0; f < samples.cols; ++f) {
      const FeatureScale& s = scales[f];
      to[f] = static_cast<Out>((static_cast<double>(row[f]) * s.unit - s.mean) * s.gain);
    }
  }
}

}  // namespace snnl::features
