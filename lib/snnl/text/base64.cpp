#include "snnl/text/base64.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace snnl::text {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::string to_base64(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t k = 0; k < bytes.size(); k += 3) {
    const std::size_t here = std::min<std::size_t>(bytes.size() - k, 3);
    std::uint32_t group = 0;
    for (std::size_t b = 0; b < 3; ++b) group = group << 8 | (b < here ? static_cast<unsigned char>(bytes[k + b]) : 0U);
    for (std::size_t c = 0; c < 4; ++c) out += c <= here ? alphabet[group >> (18 - 6 * c) & 63] : '=';
  }
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string out;
  out.reserve(text.size() / 4 * 3);
  for (std::size_t k = 0; k < text.size(); k += 4) {
    std::size_t padding = 0;
    if (k + 4 == text.size()) padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    std::uint32_t group = 0;
    for (std::size_t c = 0; c < 4; ++c) {
      const std::size_t digit = c + padding < 4 ? alphabet.find(text[k + c]) : 0;
      if (digit == std::string_view::npos) return std::nullopt;
      group = group << 6 | static_cast<std::uint32_t>(digit);
    }
    const std::array<char, 3> bytes{static_cast<char>(group >> 16 & 255), static_cast<char>(group >> 8 & 255),
                                    static_cast<char>(group & 255)};
    out.append(bytes.data(), 3 - padding);
  }
  if (to_base64(out) != text) return std::nullopt;  // bits beyond the last byte
  return out;
}

}  // namespace snnl::text
