#include "common/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>

#include "snnl/text/number.hpp"

namespace tool {
namespace {

/// `text` as a whole, by std::from_chars; a plus sign may come before it.
template <class Number>
std::optional<Number> read_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Takes real numbers for which `holds`; `what` says which these are.
template <class Holds>
CLI::Validator real(const std::string& what, Holds holds) {
  return {[what, holds](const std::string& text) {
            const std::optional<double> value = read_number<double>(text);
            if (value && std::isfinite(*value) && holds(*value)) return std::string();
            return fmt::format("'{}' is not a number {}", text, what);
          },
          ""};
}

/// Of a unit in lower case; 0 where there is no such unit.
double bytes_of(std::string_view unit) {
  if (unit.empty() || unit == "b") return 1;
  constexpr std::string_view prefixes = "kmgtpe";
  const std::size_t power = prefixes.find(unit[0]);
  if (power == std::string_view::npos) return 0;
  const std::string_view rest = unit.substr(1);
  const double base = rest == "ib" || rest == "i" ? 1024 : rest == "b" || rest.empty() ? 1000 : 0;
  return std::pow(base, static_cast<double>(power + 1));
}

}  // namespace

CLI::Validator whole_number(std::uint64_t least, std::uint64_t most) {
  return {[least, most](const std::string& text) {
            const std::optional<std::uint64_t> value = read_number<std::uint64_t>(text);
            if (value && *value >= least && *value <= most) return std::string();
            const std::string bounds = most == std::numeric_limits<std::uint64_t>::max()
                                           ? fmt::format("of at least {}, below 2^64", least)
                                           : fmt::format("from {} to {}", least, most);
            return fmt::format("'{}' is not a whole number {}", text, bounds);
          },
          ""};
}

CLI::Validator positive() {
  return real("> 0", [](double value) { return value > 0; });
}

CLI::Validator not_negative() {
  return real(">= 0", [](double value) { return value >= 0; });
}

CLI::Validator between(double least, double most) {
  return real(fmt::format("from {} to {}", snnl::text::format_number(least), snnl::text::format_number(most)),
              [least, most](double value) { return value >= least && value <= most; });
}

CLI::Validator size_in_bytes() {
  return {[](std::string& text) {
            const auto refused = [&] { return fmt::format("'{}' is not a size, such as 500MB or 2GiB", text); };
            const std::size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
            std::string unit;
            for (const char c : text.substr(digits)) {
              if (c != ' ') unit.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
            }
            const std::optional<double> count = read_number<double>(text.substr(0, digits));
            const double bytes = count ? *count * bytes_of(unit) : 0;
            if (!count || bytes_of(unit) == 0 || bytes >= 0x1p63) return refused();
            text = std::to_string(static_cast<std::uint64_t>(bytes));
            return std::string();
          },
          ""};
}

}  // namespace tool
