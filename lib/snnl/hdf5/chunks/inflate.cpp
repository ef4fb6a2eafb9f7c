#include "snnl/hdf5/chunks/inflate.hpp"

#include <libdeflate.h>

#include <new>

namespace snnl::hdf5 {

Inflater::Inflater() : decompressor_(libdeflate_alloc_decompressor()) {
  if (!decompressor_) throw std::bad_alloc();
}

bool Inflater::inflate(std::span<const unsigned char> in, std::span<unsigned char> out) {
  std::size_t taken = 0;
  return libdeflate_zlib_decompress_ex(decompressor_.get(), in.data(), in.size(), out.data(), out.size(), &taken,
                                       nullptr) == LIBDEFLATE_SUCCESS;
}

void Inflater::Free::operator()(libdeflate_decompressor* decompressor) const {
  libdeflate_free_decompressor(decompressor);
}

}  // namespace snnl::hdf5
