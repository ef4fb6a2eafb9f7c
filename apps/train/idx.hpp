#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace train {

/// An array of bytes, row-major, as IDX files hold them (the format of MNIST, http://yann.lecun.com/exdb/mnist).
struct IdxArray {
  std::vector<std::size_t> shape;  ///< one to four axes
  std::vector<std::uint8_t> values;
};

/// Reads an IDX file of unsigned bytes, plain or compressed by gzip, whatever its name. Throws snnl::Error naming the
/// file where it is missing, no IDX file, of another element type, truncated, followed by more bytes, or damaged.
IdxArray read_idx(const std::string& file);

/// Images with labels.
struct ImageSet {
  std::string images_file, labels_file;
  std::size_t count = 0, height = 0, width = 0;
  std::vector<std::uint8_t> pixels;  ///< [count, height, width]
  std::vector<std::uint8_t> labels;  ///< [count]
};

/// Reads `<split>-images-idx3-ubyte` and `<split>-labels-idx1-ubyte` of a folder, with `.gz` or without; `split` is
/// "train" or "t10k". Throws snnl::Error as read_idx does, and where the shapes or counts of both do not fit.
ImageSet read_image_set(const std::string& folder, const std::string& split);

}  // namespace train
