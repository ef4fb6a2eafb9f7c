#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace snnl::text {

/// Bytes as base64 (RFC 4648, section 4), padded.
std::string to_base64(std::string_view bytes);

/// The bytes; nothing where the text is not what to_base64 writes.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace snnl::text
