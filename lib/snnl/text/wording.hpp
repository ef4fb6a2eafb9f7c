#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace snnl::text {

/// "file:/path/of/dataset", the `where` of an error, made printable: a message is one line.
std::string location(const std::string& file, const std::string& path);

/// "a, b, c and 12 more": at most `limit` of the names, as shown_name shows them.
std::string listing(const std::vector<std::string>& names, std::size_t limit = 8);

/// "0, 1, 2, ..., 99": at most eight of the numbers, the last always among them.
std::string listing(const std::vector<std::int64_t>& numbers);

/// "[100, 3, 8]".
std::string shape_text(const std::vector<std::size_t>& shape);

}  // namespace snnl::text
