#pragma once

#include <functional>
#include <ostream>
#include <string>
#include <vector>

namespace snnl::text {

/// Prints rows of cells in aligned columns, two spaces before each, no spaces at line ends; rows may be short.
/// `is_left` says of a column whether it is flush left, else right. Cells are printable; of more than `longest_name`
/// characters, and `longest_message` at the end of a row, the middle is left out.
void print_columns(std::ostream& out, const std::vector<std::vector<std::string>>& rows,
                   const std::function<bool(std::size_t column)>& is_left);

}  // namespace snnl::text
