#include "snnl/files/descriptor_buffer.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "snnl/error.hpp"

namespace snnl::files {

DescriptorBuffer::DescriptorBuffer(int descriptor, std::string shown)
    : descriptor_(descriptor), shown_(std::move(shown)) {
  setp(held_.data(), held_.data() + held_.size());
}

void DescriptorBuffer::write_all(const char* bytes, std::size_t count) {
  constexpr std::size_t most_at_a_time = std::size_t{1} << 30;  // more than 2 GiB are never written by one call
  while (count > 0) {
    const ssize_t written = ::write(descriptor_, bytes, std::min(count, most_at_a_time));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      throw Error(shown_, std::string("could not be written whole (").append(std::strerror(errno)).append(")"));
    }
    bytes += written;
    count -= static_cast<std::size_t>(written);
  }
}

void DescriptorBuffer::write_out() {
  const char* const begin = pbase();
  const auto count = static_cast<std::size_t>(pptr() - begin);
  setp(held_.data(), held_.data() + held_.size());  // what cannot be written is not tried again
  write_all(begin, count);
}

DescriptorBuffer::int_type DescriptorBuffer::overflow(int_type c) {
  write_out();
  if (!traits_type::eq_int_type(c, traits_type::eof())) {
    *pptr() = traits_type::to_char_type(c);
    pbump(1);
  }
  return traits_type::not_eof(c);
}

std::streamsize DescriptorBuffer::xsputn(const char* text, std::streamsize count) {
  if (count > epptr() - pptr()) write_out();
  if (count > epptr() - pptr()) {
    write_all(text, static_cast<std::size_t>(count));
    return count;
  }
  std::memcpy(pptr(), text, static_cast<std::size_t>(count));
  pbump(static_cast<int>(count));
  return count;
}

int DescriptorBuffer::sync() {
  write_out();
  return 0;
}

}  // namespace snnl::files
