#include "snnl/files/copy.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "snnl/error.hpp"

namespace snnl::files {

void copy_bytes(const std::string& from, OutputFile& to) {
  std::vector<char> bytes(std::size_t{1} << 20);
  const int file = ::open(from.c_str(), O_RDONLY | O_CLOEXEC);
  int failure = file < 0 ? errno : 0;
  try {
    while (failure == 0) {
      const ssize_t count = ::read(file, bytes.data(), bytes.size());
      if (count < 0 && errno != EINTR) failure = errno;
      if (count == 0) break;
      if (count > 0) to.stream().write(bytes.data(), count);
    }
    to.stream().flush();
  } catch (...) {
    ::close(file);
    throw;
  }
  if (file >= 0) ::close(file);
  if (failure != 0) {
    throw Error(from, std::string("cannot be read to its end (").append(std::strerror(failure)).append(")"));
  }
}

}  // namespace snnl::files
