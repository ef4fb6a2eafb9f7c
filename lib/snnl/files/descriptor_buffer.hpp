#pragma once

#include <array>
#include <streambuf>
#include <string>

namespace snnl::files {

/// Writes what a stream is given to an open file, which it does not own. A write that fails throws snnl::Error naming
/// `shown` and saying why: a stream passes that on where its exceptions() hold std::ios::badbit.
class DescriptorBuffer : public std::streambuf {
 public:
  DescriptorBuffer(int descriptor, std::string shown);

 protected:
  int_type overflow(int_type c) override;
  std::streamsize xsputn(const char* text, std::streamsize count) override;
  int sync() override;

 private:
  void write_out();
  void write_all(const char* bytes, std::size_t count);

  int descriptor_;
  std::string shown_;
  std::array<char, 1 << 16> held_;
};

}  // namespace snnl::files
