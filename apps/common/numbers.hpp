#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <limits>

namespace tool {

/// Takes whole numbers in [least, most], and says so of others: "'-1' is not a whole number from 0 to 1024".
CLI::Validator whole_number(std::uint64_t least, std::uint64_t most = std::numeric_limits<std::uint64_t>::max());

/// Takes finite numbers > 0, or >= 0, or in [least, most].
CLI::Validator positive();
CLI::Validator not_negative();
CLI::Validator between(double least, double most);

/// Takes sizes in bytes, "500MB" or "2 GiB" (multiples of 1000 and of 1024), and makes them numbers; 0 stays 0.
CLI::Validator size_in_bytes();

}  // namespace tool
