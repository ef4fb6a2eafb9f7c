#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace snnl::text {

/// `text` in one line that a terminal, a page or a log shows as it is: names come from files. What moves the cursor,
/// colours, turns the direction of writing, ends a line or is not seen (the Unicode categories Cc, Cf, Zl and Zp, and
/// noncharacters) becomes '?', and so does each byte that is not UTF-8.
std::string printable(std::string_view text);

/// Columns that `text`, printable, takes on a terminal: two for wide characters, none for combining ones.
std::size_t shown_width(std::string_view text);

/// The longest beginning of `text`, printable, that takes at most `columns`.
std::string fitting(std::string_view text, std::size_t columns);

/// `text`, UTF-8, or its beginning and its end with "..." between them: at most `limit` (>= 5) characters.
std::string cut_in_the_middle(std::string_view text, std::size_t limit);

/// Most characters of a name among others.
inline constexpr std::size_t longest_name = 200;

/// `name`, printable, of at most `longest_name` characters.
std::string shown_name(std::string_view name);

/// Most characters of a message.
inline constexpr std::size_t longest_message = 1000;

/// `text` as one printable line of at most `longest_message` characters. Where it has more, words of more than
/// `longest_name` (names, mostly) are cut in their middle first, then the line.
std::string message_line(std::string_view text);

}  // namespace snnl::text
