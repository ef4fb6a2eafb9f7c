#pragma once

#include "snnl/kernels/kernel_table.hpp"

namespace snnl::kernels {

/// Kernels for the instruction set in use.
template <class Real>
const Kernels<Real>& in_use();
template <>
const Kernels<float>& in_use<float>();
template <>
const Kernels<double>& in_use<double>();

}  // namespace snnl::kernels
