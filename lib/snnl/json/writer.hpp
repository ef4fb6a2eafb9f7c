#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "snnl/files/digest.hpp"

namespace snnl::json {

/// Writes a JSON document to a stream while it is made, so that it is never in memory whole. The layout is that of
/// nlohmann::json::dump: a line for each value, `indent` spaces more at each level. What is not UTF-8 becomes U+FFFD:
/// names come from files.
class Writer {
 public:
  using Json = nlohmann::ordered_json;

  /// `out` outlives this. Ends a document of `levels` levels around what is written: 0 for a whole document.
  explicit Writer(std::ostream& out, std::size_t indent, std::size_t levels = 0);

  void begin_object() { begin('{', '}'); }
  void begin_array() { begin('[', ']'); }
  /// Ends the innermost object or array.
  void end();

  /// The name of the member that is written next.
  Writer& key(std::string_view name);
  /// A value that is small enough to be in memory.
  void value(const Json& value);
  /// An array of numbers; null stands for what is not finite.
  void numbers(const double* values, std::size_t count);
  /// An array of what `element(k)` gives for k in [0, count).
  template <class Element>
  void array(std::size_t count, const Element& element) {
    begin_array();
    for (std::size_t k = 0; k < count; ++k) value(element(k));
    end();
  }

  /// All that is written from now on is added to `digest`; null: nothing more.
  void tell(files::Digest* digest) {
    flush();
    digest_ = digest;
  }
  /// What was written goes to the stream; a destructor would not tell of a full disk.
  void flush();

 private:
  struct Level {
    char close;
    bool is_empty = true;
  };
  void begin(char open, char close);
  void start_value();
  void new_line() { text_.append(1, '\n').append((levels_.size() + around_) * indent_, ' '); }

  std::ostream& out_;
  std::size_t indent_, around_;
  std::vector<Level> levels_;
  bool after_key_ = false;
  std::string text_;  // not yet in the stream
  files::Digest* digest_ = nullptr;
};

}  // namespace snnl::json
