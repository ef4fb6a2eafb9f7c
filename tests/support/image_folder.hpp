#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "support/scratch.hpp"

/// Folders of images in IDX form, as small as they can be.
namespace image_folder {

/// The bytes of an IDX file of unsigned bytes.
std::string idx(const std::vector<std::uint32_t>& shape, const std::vector<std::uint8_t>& values);

struct Options {
  std::uint32_t train = 150, test = 60;  ///< images
  std::uint32_t size = 10;               ///< height and width
  std::uint32_t classes = 3;
};

/// Writes train-* and t10k-* to a folder of `scratch` and returns its path. A class is a bright bar at its place, under
/// noise: easy to learn, but not at once.
std::string write(const Scratch& scratch, const std::string& name, const Options& options = {});

}  // namespace image_folder
