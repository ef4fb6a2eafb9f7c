#pragma once

#include "snnl/kernels/kernel_table.hpp"

namespace snnl {

/// Kernels for the instruction set in use.
template <class Real>
const Kernels<Real>& kernels();
template <>
const Kernels<float>& kernels<float>();
template <>
const Kernels<double>& kernels<double>();

}  // namespace snnl
