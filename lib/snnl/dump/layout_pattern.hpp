#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace snnl::dump {

/// Which axis of a dataset counts epochs.
enum class EpochAxis {
  none,
  first,   ///< [epoch, sample, ...], "/{layer}[{epoch}]"
  second,  ///< [sample, epoch, ...], "/{layer}[:,{epoch}]"
};

/// Where datasets lie in a file: a path with the placeholders {epoch} and {layer}, each at most once.
///
/// {epoch} stands for one path component or part of one, {layer} for one or more components or part of them. Where both
/// are in one component ("/{layer}_{epoch}"), {epoch} is a run of digits.
class LayoutPattern {
 public:
  /// What a path says.
  struct Match {
    std::string epoch;            ///< text in the place of {epoch}; empty where the pattern has none
    std::string layer;            ///< text in the place of {layer}; without one the last literal name of the pattern
    std::string epoch_object;     ///< path up to and with the component of {epoch}; empty where the pattern has none
    bool epoch_is_group = false;  ///< whether the path goes on beyond `epoch_object`
  };

  /// Throws snnl::Error when `text` is malformed.
  explicit LayoutPattern(const std::string& text);

  const std::string& text() const { return text_; }
  /// Whether the path (not the axis) holds {epoch}.
  bool has_epoch() const { return has_epoch_; }
  bool has_layer() const { return has_layer_; }
  EpochAxis epoch_axis() const { return axis_; }
  /// The group below which every match lies: the leading components without placeholders. "/" at least.
  const std::string& root() const { return root_; }

  /// What `path` (absolute) says, or nothing if it does not match.
  std::optional<Match> match(std::string_view path) const;

  /// Whether a match may lie below the group `path`.
  bool may_lead_to_match(std::string_view path) const;

 private:
  enum class Kind { literal, epoch, layer };
  struct Piece {
    Kind kind;
    std::string text;  // of a literal
  };
  using Component = std::vector<Piece>;

  Component parse_component(std::string_view text);
  static bool match_component(const Component& component, std::string_view text, Match& match);

  std::string text_;
  std::vector<Component> components_;
  std::size_t layer_component_ = 0;  // meaningful if has_layer_
  std::string default_layer_;
  std::string root_ = "/";
  EpochAxis axis_ = EpochAxis::none;
  bool has_epoch_ = false;
  bool has_layer_ = false;
};

/// `pattern` with {epoch} and {layer} replaced.
std::string fill_placeholders(std::string_view pattern, std::string_view epoch, std::string_view layer);

}  // namespace snnl::dump
