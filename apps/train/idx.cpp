#include "train/idx.hpp"

#include <fmt/format.h>
#include <libdeflate.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <limits>
#include <memory>

#include "snnl/error.hpp"
#include "snnl/files/file_bytes.hpp"
#include "snnl/files/file_exists.hpp"

namespace train {
namespace {

namespace fs = std::filesystem;
using Bytes = std::string;

/// Larger than any image set: what a damaged header may ask for at most.
constexpr std::size_t most_bytes = std::size_t{1} << 34;

unsigned byte_at(const Bytes& bytes, std::size_t k) { return static_cast<unsigned char>(bytes[k]); }

std::size_t big_endian(const Bytes& bytes, std::size_t at) {
  std::size_t value = 0;
  for (std::size_t k = 0; k < 4; ++k) value = value << 8 | byte_at(bytes, at + k);
  return value;
}

Bytes read_bytes(const std::string& file) {
  std::error_code failure;
  if (fs::exists(file, failure) && !fs::is_regular_file(file, failure) && !fs::is_directory(file, failure)) {
    throw snnl::Error(file, "is not a regular file");
  }
  return snnl::files::read_file_bytes(file);
}

bool is_gzip(const Bytes& bytes) { return bytes.size() >= 2 && byte_at(bytes, 0) == 0x1f && byte_at(bytes, 1) == 0x8b; }

Bytes gunzip(const std::string& file, const Bytes& packed) {
  if (packed.size() < 18) throw snnl::Error(file, "is truncated: gzip takes 18 bytes at least");
  // The last four bytes are the size of what was packed, least first (RFC 1952).
  std::size_t size = 0;
  for (std::size_t k = 0; k < 4; ++k) size |= std::size_t{byte_at(packed, packed.size() - 4 + k)} << 8 * k;
  // Deflate packs at most 1032 times: a file that is cut off ends in bytes that say anything.
  const bool possible = size <= packed.size() * 1032;
  Bytes out(possible ? size : 0, '\0');
  const std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> decompressor(
      libdeflate_alloc_decompressor(), &libdeflate_free_decompressor);
  if (!decompressor) throw std::bad_alloc();
  std::size_t written = 0;
  const libdeflate_result result = possible
                                       ? libdeflate_gzip_decompress(decompressor.get(), packed.data(), packed.size(),
                                                                    out.data(), out.size(), &written)
                                       : LIBDEFLATE_BAD_DATA;
  if (result != LIBDEFLATE_SUCCESS || written != size) {
    throw snnl::Error(file, "is truncated or damaged: it cannot be decompressed", "fetch it again");
  }
  return out;
}

std::string element_type(unsigned code) {
  switch (code) {
    case 0x08:
      return "unsigned bytes";
    case 0x09:
      return "signed bytes";
    case 0x0B:
      return "16-bit integers";
    case 0x0C:
      return "32-bit integers";
    case 0x0D:
      return "floats";
    case 0x0E:
      return "doubles";
    default:
      return "";
  }
}

std::string plain_or_gz(const std::string& folder, const std::string& name) {
  const fs::path path = fs::path(folder) / name;
  if (snnl::files::file_exists(path.string())) return path.string();
  const std::string packed = path.string() + ".gz";
  if (snnl::files::file_exists(packed)) return packed;
  std::error_code failure;
  if (!fs::is_directory(folder, failure))
    throw snnl::Error(folder, "is no folder", fmt::format("it should hold {} or {}.gz", name, name));
  throw snnl::Error(folder, fmt::format("holds neither {} nor {}.gz", name, name));
}

}  // namespace

IdxArray read_idx(const std::string& file) {
  Bytes bytes = read_bytes(file);
  if (bytes.empty()) throw snnl::Error(file, "is empty");
  if (is_gzip(bytes)) bytes = gunzip(file, bytes);
  if (bytes.size() < 4 || byte_at(bytes, 0) != 0 || byte_at(bytes, 1) != 0 || element_type(byte_at(bytes, 2)).empty() ||
      byte_at(bytes, 3) == 0) {
    throw snnl::Error(file, "is not an IDX file: it does not begin with 0, 0, a type and a number of axes");
  }
  if (byte_at(bytes, 2) != 0x08)
    throw snnl::Error(file, fmt::format("holds {}, expected unsigned bytes", element_type(byte_at(bytes, 2))));
  const std::size_t axes = byte_at(bytes, 3);
  if (axes > 4) throw snnl::Error(file, fmt::format("has {} axes, expected one to four", axes));
  const std::size_t header = 4 + 4 * axes;
  if (bytes.size() < header) throw snnl::Error(file, fmt::format("is truncated: its header takes {} bytes", header));
  IdxArray array;
  std::size_t size = 1;
  for (std::size_t k = 0; k < axes; ++k) {
    array.shape.push_back(big_endian(bytes, 4 + 4 * k));
    if (array.shape.back() > 0 && size > most_bytes / array.shape.back()) {
      throw snnl::Error(file, "is damaged: its header tells more than 16 GiB");
    }
    size *= array.shape.back();
  }
  if (bytes.size() != header + size) {
    const bool less = bytes.size() < header + size;
    throw snnl::Error(file, std::string(less ? "is truncated" : "goes on after its end")
                                .append(": its header tells ")
                                .append(std::to_string(size))
                                .append(" bytes, but ")
                                .append(std::to_string(bytes.size() - header))
                                .append(" follow"));
  }
  array.values.resize(size);
  if (size > 0) std::memcpy(array.values.data(), bytes.data() + header, size);
  return array;
}

ImageSet read_image_set(const std::string& folder, const std::string& split) {
  ImageSet set;
  set.images_file = plain_or_gz(folder, split + "-images-idx3-ubyte");
  set.labels_file = plain_or_gz(folder, split + "-labels-idx1-ubyte");
  IdxArray images = read_idx(set.images_file), labels = read_idx(set.labels_file);
  if (images.shape.size() != 3) {
    throw snnl::Error(set.images_file,
                      fmt::format("has {} axes, expected [images, height, width]", images.shape.size()));
  }
  if (labels.shape.size() != 1) {
    throw snnl::Error(set.labels_file, fmt::format("has {} axes, expected one label an image", labels.shape.size()));
  }
  if (images.values.empty()) throw snnl::Error(set.images_file, "holds no images");
  if (images.shape[0] != labels.shape[0]) {
    throw snnl::Error(set.labels_file, fmt::format("holds {} labels, but {} {} images", labels.shape[0],
                                                   set.images_file, images.shape[0]));
  }
  set.count = images.shape[0];
  set.height = images.shape[1];
  set.width = images.shape[2];
  set.pixels = std::move(images.values);
  set.labels = std::move(labels.values);
  return set;
}

}  // namespace train
