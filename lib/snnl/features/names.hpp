#pragma once

#include <string>

#include "snnl/entanglement/names.hpp"
#include "snnl/features.hpp"

namespace snnl {

/// This is the one place that names them.
template <>
const std::vector<engine::Named<Whiten>>& engine::all_named();

}  // namespace snnl

namespace snnl::features {

/// What is in use, for a person: "features standardised", "features whitened"; empty where nothing is.
std::string note(const FeatureOptions& options);

}  // namespace snnl::features
