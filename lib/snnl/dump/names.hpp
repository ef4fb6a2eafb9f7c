#pragma once

#include "snnl/dump_reader.hpp"
#include "snnl/entanglement/names.hpp"

namespace snnl {

/// This is the one place that names them.
template <>
const std::vector<engine::Named<dump::Nonfinite>>& engine::all_named();

}  // namespace snnl
