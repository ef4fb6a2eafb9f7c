#include "snnl/files/file_exists.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "snnl/error.hpp"

namespace snnl::files {

bool file_exists(const std::string& path) {
  std::error_code failure;
  const std::filesystem::file_status status = std::filesystem::status(path, failure);
  if (std::filesystem::status_known(status)) return std::filesystem::exists(status);
  if (failure == std::errc::filename_too_long) return false;
  throw Error(path, fmt::format("cannot be reached ({})", failure.message()), "check the path and its permissions");
}

}  // namespace snnl::files
