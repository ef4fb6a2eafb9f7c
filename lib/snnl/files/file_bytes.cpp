#include "snnl/files/file_bytes.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "snnl/error.hpp"
#include "snnl/files/file_exists.hpp"

namespace snnl::files {

std::string read_file_bytes(const std::string& file) {
  namespace fs = std::filesystem;
  if (!file_exists(file)) throw Error(file, "does not exist");
  std::error_code failure;
  const fs::file_status status = fs::status(file, failure);
  if (fs::is_directory(status)) throw Error(file, "is a directory", "name a file");
  if (fs::is_character_file(status) || fs::is_block_file(status)) throw Error(file, "is a device", "name a file");
  std::ifstream in(file, std::ios::binary);
  std::ostringstream bytes;
  if (in && in.peek() != std::ifstream::traits_type::eof()) bytes << in.rdbuf();
  if (!in.is_open() || in.bad() || !bytes) {
    throw Error(file, std::string("cannot be read (").append(std::strerror(errno)).append(")"));
  }
  return std::move(bytes).str();
}

}  // namespace snnl::files
