#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <string>
#include <vector>

#include "train/network.hpp"

namespace train {

/// Images of one split, in memory.
struct LabelledImages {
  torch::Tensor pixels;           ///< [n, 1, height, width] uint8
  torch::Tensor labels;           ///< [n] int64, in [0, classes)
  std::vector<std::int64_t> ids;  ///< [n] position in the file

  std::int64_t count() const { return labels.size(0); }
  LabelledImages at(const std::vector<std::int64_t>& positions) const;
  /// Network input: [end - begin, 1, height, width] float in [0, 1].
  torch::Tensor input(std::int64_t begin, std::int64_t end) const;
};

struct DataOptions {
  std::string folder = "/usr/share/datasets/fashion-mnist";
  double validation = 0.1;        ///< share of the training images, in [0, 0.9]
  std::size_t train_samples = 0;  ///< images to train on, drawn from the rest; 0: all
  std::uint64_t seed = 0;         ///< of both
};

struct ImageData {
  LabelledImages train, validation, test;
  ImageShape shape;
  std::vector<std::string> class_names;  ///< empty, or one for each class
  std::string digest;                    ///< of all bytes read
};

/// Reads an IDX folder: train-* and t10k-*. Names of the classes come from its `class_names.txt`, a line each, and are
/// known of Fashion-MNIST. Throws snnl::Error where files are missing or damaged, the images of both splits differ in
/// size, there are fewer than two classes, or nothing is left to train on.
ImageData read_image_data(const DataOptions& options);

/// The files of an IDX folder that may be read, whether they are there or not.
std::vector<std::string> input_files(const std::string& folder);

/// The t10k-* images of an IDX folder, to be looked at by a network for images of `shape`; and the names of their
/// classes, which are their own. Throws snnl::Error as read_image_data does.
LabelledImages read_other_images(const std::string& folder, const ImageShape& shape,
                                 std::vector<std::string>& class_names);

/// 0 .. count-1 in an order that depends on `seed` and `stream` alone, on every platform.
std::vector<std::int64_t> shuffled(std::int64_t count, std::uint64_t seed, std::uint64_t stream);

}  // namespace train
