#pragma once

#include <cstddef>

namespace snnl::product {

/// As BlasMakers::eigenvectors has it.
bool symmetric_eigenvectors(double* matrix, std::size_t n, double* values);

}  // namespace snnl::product
