#pragma once

#include <string>

namespace snnl::text {

/// The shortest decimal text that reads back as the same double; empty for NaN. The one formatter of all CSV files.
std::string format_number(double value);

/// `value` with `digits` significant digits, for people: "2.303", "0.00012", "4.1e-09"; "-" for NaN.
std::string format_short(double value, int digits = 4);

}  // namespace snnl::text
