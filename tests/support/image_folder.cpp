#include "support/image_folder.hpp"

#include <filesystem>
#include <random>

namespace image_folder {
namespace {

void write_split(const Scratch& scratch, const std::string& prefix, std::uint32_t count, const Options& o,
                 unsigned seed) {
  std::mt19937 random(seed);
  std::vector<std::uint8_t> pixels, labels;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t label = i % o.classes;
    labels.push_back(static_cast<std::uint8_t>(label));
    for (std::uint32_t y = 0; y < o.size; ++y) {
      for (std::uint32_t x = 0; x < o.size; ++x) {
        const std::uint32_t noise = static_cast<std::uint32_t>(random() % 160);
        const bool bar = y == (label * o.size / o.classes + 1);
        pixels.push_back(static_cast<std::uint8_t>(bar ? 90 + noise : noise));
      }
    }
  }
  scratch.write(prefix + "-images-idx3-ubyte", idx({count, o.size, o.size}, pixels));
  scratch.write(prefix + "-labels-idx1-ubyte", idx({count}, labels));
}

}  // namespace

std::string idx(const std::vector<std::uint32_t>& shape, const std::vector<std::uint8_t>& values) {
  std::string out{'\0', '\0', '\x08', static_cast<char>(shape.size())};
  for (const std::uint32_t size : shape) {
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(size >> shift & 0xff);
  }
  out.append(values.begin(), values.end());
  return out;
}

std::string write(const Scratch& scratch, const std::string& name, const Options& options) {
  std::filesystem::create_directory(scratch.folder() / name);
  write_split(scratch, name + "/train", options.train, options, 1);
  write_split(scratch, name + "/t10k", options.test, options, 2);
  return scratch.path(name);
}

}  // namespace image_folder
