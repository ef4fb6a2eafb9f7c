#pragma once

#include <cstddef>

#include "snnl/features.hpp"
#include "snnl/matrix_view.hpp"

namespace snnl::features {

/// Finds axes, outputs and what is dropped; `transform` has its scales. Throws as fit_features does.
template <class Real>
void find_axes(const MatrixView<const Real>& samples, std::size_t threads, FeatureTransform& transform);

/// Rows that are standardised at a time, to be multiplied.
inline constexpr std::size_t rows_at_once = 256;

/// Memory taken beside the samples, by those that come of them as well, in bytes.
std::size_t memory_of(std::size_t samples, std::size_t features, std::size_t element_bytes, std::size_t threads,
                      const FeatureOptions& options);

}  // namespace snnl::features
