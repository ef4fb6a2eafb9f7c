#pragma once

#include <memory>
#include <span>

struct libdeflate_decompressor;

namespace snnl::hdf5 {

/// Decompresses zlib streams, what HDF5's gzip filter writes. One for each thread.
class Inflater {
 public:
  Inflater();

  /// Fills all of `out` with what `in` holds, and checks its checksum. False if `in` is damaged, or holds more or less
  /// than that. Bytes after the end of the stream are ignored, as HDF5 ignores them.
  bool inflate(std::span<const unsigned char> in, std::span<unsigned char> out);

 private:
  struct Free {
    void operator()(libdeflate_decompressor* decompressor) const;
  };
  std::unique_ptr<libdeflate_decompressor, Free> decompressor_;
};

}  // namespace snnl::hdf5
