#include "snnl/dump/layout_pattern.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "snnl/error.hpp"

namespace snnl::dump {
namespace {

constexpr std::string_view epoch_mark = "{epoch}";
constexpr std::string_view layer_mark = "{layer}";

[[noreturn]] void malformed(const std::string& text, const std::string& why) {
  throw Error("--layout", fmt::format("'{}': {}", text, why),
              "give a path such as '/runs/{epoch}/{layer}/act', '/{layer}/{epoch}' or '/{layer}[{epoch}]'");
}

std::vector<std::string_view> split_path(std::string_view path) {
  std::vector<std::string_view> components;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    if (end > 0) components.push_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return components;
}

std::string join(const std::vector<std::string_view>& components, std::size_t begin, std::size_t end) {
  std::string text;
  for (std::size_t i = begin; i < end; ++i) {
    if (i > begin) text += '/';
    text += components[i];
  }
  return text;
}

// Takes "[{epoch}]" or "[:,{epoch}]" off the end of `path`.
EpochAxis take_axis(std::string& path) {
  for (const auto& [mark, axis] :
       {std::pair{"[{epoch}]", EpochAxis::first}, std::pair{"[:,{epoch}]", EpochAxis::second},
        std::pair{"[:, {epoch}]", EpochAxis::second}}) {
    if (path.ends_with(mark)) {
      path.resize(path.size() - std::string_view(mark).size());
      return axis;
    }
  }
  return EpochAxis::none;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

LayoutPattern::LayoutPattern(const std::string& text) : text_(text) {
  if (text.empty() || text[0] != '/') malformed(text, "a layout begins with '/'");
  std::string path = text;
  axis_ = take_axis(path);
  for (const std::string_view component : split_path(path)) components_.push_back(parse_component(component));
  if (components_.empty()) malformed(text, "it names no dataset");
  if (has_epoch_ && axis_ != EpochAxis::none) malformed(text, "it has {epoch} twice");

  const auto literal = [](const Component& component) {
    return component.size() == 1 && component[0].kind == Kind::literal;
  };
  for (std::size_t i = 0; i + 1 < components_.size() && literal(components_[i]); ++i) {
    root_ += (i == 0 ? "" : "/") + components_[i][0].text;
  }
  for (const Component& component : components_) {
    if (literal(component)) default_layer_ = component[0].text;
  }
  if (default_layer_.empty()) default_layer_ = "activations";
}

LayoutPattern::Component LayoutPattern::parse_component(std::string_view text) {
  Component component;
  while (!text.empty()) {
    if (text.starts_with(epoch_mark)) {
      if (has_epoch_) malformed(text_, "it has {epoch} twice");
      has_epoch_ = true;
      component.push_back({Kind::epoch, ""});
      text.remove_prefix(epoch_mark.size());
    } else if (text.starts_with(layer_mark)) {
      if (has_layer_) malformed(text_, "it has {layer} twice");
      has_layer_ = true;
      layer_component_ = components_.size();
      component.push_back({Kind::layer, ""});
      text.remove_prefix(layer_mark.size());
    } else {
      const std::size_t end = std::min(text.find('{', text[0] == '{' ? 1 : 0), text.size());
      const std::string literal(text.substr(0, end));
      if (literal.find_first_of("{}") != std::string::npos) {
        malformed(text_, "the placeholders are {epoch} and {layer}");
      }
      component.push_back({Kind::literal, literal});
      text.remove_prefix(end);
    }
  }
  return component;
}

bool LayoutPattern::match_component(const Component& component, std::string_view text, Match& match) {
  Component pieces = component;
  const auto take_literals = [&] {
    while (!pieces.empty() && pieces.front().kind == Kind::literal) {
      if (!text.starts_with(pieces.front().text)) return false;
      text.remove_prefix(pieces.front().text.size());
      pieces.erase(pieces.begin());
    }
    while (!pieces.empty() && pieces.back().kind == Kind::literal) {
      if (!text.ends_with(pieces.back().text)) return false;
      text.remove_suffix(pieces.back().text.size());
      pieces.pop_back();
    }
    return true;
  };

  if (!take_literals()) return false;
  const bool both = pieces.size() > 1;
  if (both && pieces.front().kind == Kind::epoch) {
    const std::size_t digits =
        static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
    match.epoch = text.substr(0, digits);
    text.remove_prefix(digits);
    pieces.erase(pieces.begin());
  } else if (both) {
    const std::size_t digits =
        static_cast<std::size_t>(std::find_if_not(text.rbegin(), text.rend(), is_digit) - text.rbegin());
    match.epoch = text.substr(text.size() - digits);
    text.remove_suffix(digits);
    pieces.pop_back();
  }
  if (both && (match.epoch.empty() || !take_literals())) return false;

  if (pieces.empty()) return text.empty();
  if (text.empty()) return false;
  (pieces.front().kind == Kind::epoch ? match.epoch : match.layer) = text;
  return true;
}

std::optional<LayoutPattern::Match> LayoutPattern::match(std::string_view path) const {
  const std::vector<std::string_view> names = split_path(path);
  if (names.size() < components_.size()) return std::nullopt;
  // Only {layer} stands for several components, so their number follows from the lengths.
  const std::size_t extra = names.size() - components_.size();
  if (extra > 0 && !has_layer_) return std::nullopt;

  Match match;
  match.layer = default_layer_;
  std::size_t next = 0;
  for (std::size_t i = 0; i < components_.size(); ++i) {
    const std::size_t end = next + 1 + (has_layer_ && i == layer_component_ ? extra : 0);
    const std::string text = join(names, next, end);
    if (!match_component(components_[i], text, match)) return std::nullopt;
    const bool holds_epoch = std::any_of(components_[i].begin(), components_[i].end(),
                                         [](const Piece& piece) { return piece.kind == Kind::epoch; });
    if (holds_epoch) {
      match.epoch_object = '/';
      match.epoch_object += join(names, 0, end);
      match.epoch_is_group = end < names.size();
    }
    next = end;
  }
  return match;
}

bool LayoutPattern::may_lead_to_match(std::string_view path) const {
  const std::vector<std::string_view> names = split_path(path);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (has_layer_ && i >= layer_component_) return true;
    Match ignored;
    if (i + 1 >= components_.size() || !match_component(components_[i], names[i], ignored)) return false;
  }
  return true;
}

std::string fill_placeholders(std::string_view pattern, std::string_view epoch, std::string_view layer) {
  std::string text;
  while (!pattern.empty()) {
    if (pattern.starts_with(epoch_mark)) {
      text += epoch;
      pattern.remove_prefix(epoch_mark.size());
    } else if (pattern.starts_with(layer_mark)) {
      text += layer;
      pattern.remove_prefix(layer_mark.size());
    } else {
      text += pattern[0];
      pattern.remove_prefix(1);
    }
  }
  return text;
}

}  // namespace snnl::dump
