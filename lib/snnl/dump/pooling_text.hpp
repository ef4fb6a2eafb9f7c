#pragma once

#include <string>
#include <vector>

#include "snnl/dump_reader.hpp"
#include "snnl/entanglement/names.hpp"
#include "snnl/pooling.hpp"

namespace snnl::dump {

/// Its name in options and JSON.
const char* name_of(Tokens tokens);

/// "none", "mean", "max", or the grid: "4x2".
std::string pool_text(const Pooling& pooling);

/// Sets what becomes of maps from such a text. Returns what is wrong with it, which follows its place: "'4' is not
/// none, mean, max or a grid such as 4x4"; empty where all is well.
std::string parse_pool(const std::string& text, Pooling& pooling);

/// What is in use, for a person: "maps by mean, tokens by first"; empty where nothing is.
std::string pooling_note(const Pooling& pooling);

/// `pooling` without what does nothing, since none of these items of `reader` has the axes it is for.
Pooling used_pooling(const Reader& reader, const std::vector<Item>& items, const Pooling& pooling);

/// The text of unused_pooling, from what was asked for and what of it is of use.
std::string unused_text(const Pooling& pooling, const Pooling& used);

/// That an option does nothing, since none of these items of `reader` has the axes it is for: "--pool mean applies to
/// nothing: ..."; empty where each is of use.
std::string unused_pooling(const Reader& reader, const std::vector<Item>& items, const Pooling& pooling);

}  // namespace snnl::dump

namespace snnl {

template <>
const std::vector<engine::Named<dump::Tokens>>& engine::all_named();

}  // namespace snnl
