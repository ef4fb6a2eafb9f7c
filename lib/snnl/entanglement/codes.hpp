#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "snnl/entanglement.hpp"

namespace snnl::engine {

/// The entanglement of samples whose labels are `codes` [n] in [0, classes), as a dump has them. Every class has its
/// place in the result, those that do not occur as well: count 0, NaN in class_entanglement and in their rows of
/// class_similarity, 0 in their columns. Throws what entanglement() does.
Entanglement entanglement_of_codes(const SampleMatrix& activations, std::span<const std::int32_t> codes,
                                   std::size_t classes, const EntanglementOptions& options = {});

}  // namespace snnl::engine
