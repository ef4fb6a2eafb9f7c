#include "snnl/dump/pooling_text.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <vector>

#include "snnl/error.hpp"

namespace snnl {

template <>
const std::vector<engine::Named<dump::Tokens>>& engine::all_named() {
  using dump::Tokens;
  static const std::vector<engine::Named<Tokens>> all = {
      {Tokens::all, "all"}, {Tokens::mean, "mean"}, {Tokens::first, "first"}, {Tokens::last, "last"}};
  return all;
}

}  // namespace snnl

namespace snnl::dump {
namespace {

/// Those of one name; a grid has its size.
const std::vector<engine::Named<Pool>>& named_pools() {
  static const std::vector<engine::Named<Pool>> all = {{Pool::none, "none"}, {Pool::mean, "mean"}, {Pool::max, "max"}};
  return all;
}

/// A number of cells, and nothing else.
std::optional<std::size_t> cells_of(std::string_view text) {
  std::size_t cells = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), cells);
  if (error != std::errc() || end != text.data() + text.size() || cells == 0) return std::nullopt;
  return cells;
}

}  // namespace

const char* name_of(Tokens tokens) { return engine::name_among(tokens); }

std::string pool_text(const Pooling& pooling) {
  for (const engine::Named<Pool>& one : named_pools()) {
    if (one.value == pooling.maps) return one.name;
  }
  return fmt::format("{}x{}", pooling.grid_rows, pooling.grid_columns);
}

std::string parse_pool(const std::string& text, Pooling& pooling) {
  for (const engine::Named<Pool>& one : named_pools()) {
    if (text != one.name) continue;
    pooling.maps = one.value;
    pooling.grid_rows = pooling.grid_columns = 1;
    return "";
  }
  const std::size_t by = text.find('x');
  const std::optional<std::size_t> rows = cells_of(std::string_view(text).substr(0, by));
  const std::optional<std::size_t> columns =
      by == std::string::npos ? std::nullopt : cells_of(std::string_view(text).substr(by + 1));
  if (!rows || !columns) return fmt::format("'{}' is not none, mean, max or a grid such as 4x4", text);
  if (*rows > largest_grid || *columns > largest_grid) {
    return fmt::format("'{}' is a grid of more than {} cells along an axis", text, largest_grid);
  }
  pooling.maps = Pool::grid;
  pooling.grid_rows = *rows;
  pooling.grid_columns = *columns;
  return "";
}

std::string pooling_note(const Pooling& pooling) {
  std::string note;
  if (pooling.maps != Pool::none) note = "maps by " + pool_text(pooling);
  if (pooling.tokens != Tokens::all)
    note.append(note.empty() ? "" : ", ").append("tokens by ").append(name_of(pooling.tokens));
  return note;
}

Pooling used_pooling(const Reader& reader, const std::vector<Item>& items, const Pooling& pooling) {
  bool maps = pooling.maps == Pool::none, tokens = pooling.tokens == Tokens::all;
  for (const Item& item : items) {
    if (maps && tokens) break;
    try {
      const Pooled pooled = reader.size(item).pooled;
      maps = maps || pooled == Pooled::maps;
      tokens = tokens || pooled == Pooled::tokens;
    } catch (const Error&) {
      // Reading it will say why.
    }
  }
  Pooling used = pooling;
  if (!maps) used.maps = Pool::none, used.grid_rows = used.grid_columns = 1, used.channels_last = false;
  if (!tokens) used.tokens = Tokens::all;
  return used;
}

std::string unused_pooling(const Reader& reader, const std::vector<Item>& items, const Pooling& pooling) {
  return unused_text(pooling, used_pooling(reader, items, pooling));
}

std::string unused_text(const Pooling& pooling, const Pooling& used) {
  std::string text;
  if (used.maps != pooling.maps) {
    text = fmt::format("--pool {} applies to nothing: no layer has four axes, [samples, channels, height, width]",
                       pool_text(pooling));
  }
  if (used.tokens != pooling.tokens) {
    text.append(text.empty() ? "" : "; ")
        .append(fmt::format("--tokens {} applies to nothing: no layer has three axes, [samples, tokens, features]",
                            name_of(pooling.tokens)));
  }
  return text;
}

}  // namespace snnl::dump
