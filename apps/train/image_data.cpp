#include "train/image_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <random>

#include "snnl/error.hpp"
#include "snnl/files/digest.hpp"
#include "snnl/files/file_exists.hpp"
#include "train/idx.hpp"

namespace train {
namespace {

// Streams of random numbers beside those of the epochs.
constexpr std::uint64_t split_stream = ~std::uint64_t{0};

LabelledImages to_tensors(const ImageSet& set) {
  LabelledImages out;
  const auto n = static_cast<std::int64_t>(set.count);
  out.pixels =
      torch::empty({n, 1, static_cast<std::int64_t>(set.height), static_cast<std::int64_t>(set.width)}, torch::kUInt8);
  std::copy(set.pixels.begin(), set.pixels.end(), out.pixels.data_ptr<std::uint8_t>());
  out.labels = torch::empty({n}, torch::kLong);
  std::copy(set.labels.begin(), set.labels.end(), out.labels.data_ptr<std::int64_t>());
  out.ids.resize(set.count);
  std::iota(out.ids.begin(), out.ids.end(), 0);
  return out;
}

/// Of all bytes: tells data sets apart, and is no protection against intent.
std::string digest_of(const std::vector<const ImageSet*>& sets) {
  std::uint64_t digest = 0;
  for (const auto* set : sets) {
    for (const auto* bytes : {&set->pixels, &set->labels}) {
      digest = snnl::files::short_digest(bytes->data(), bytes->size(), digest);
    }
  }
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(digest));
  return text;
}

std::vector<std::string> read_class_names(const std::string& folder, std::size_t classes) {
  const std::filesystem::path file = std::filesystem::path(folder) / "class_names.txt";
  if (!snnl::files::file_exists(file.string())) {
    const std::filesystem::path path(folder);
    const bool fashion = (path.has_filename() ? path : path.parent_path()).filename() == "fashion-mnist";
    if (!fashion || classes != 10) return {};
    return {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"};
  }
  std::ifstream in(file);
  std::vector<std::string> names;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (!line.empty()) names.push_back(line);
  }
  if (names.size() == classes) return names;
  throw snnl::Error(file.string(), fmt::format("has {} names for {} classes", names.size(), classes),
                    "it needs a line for each");
}

}  // namespace

LabelledImages LabelledImages::at(const std::vector<std::int64_t>& positions) const {
  LabelledImages out;
  const torch::Tensor index = torch::tensor(positions, torch::kLong);
  out.pixels = pixels.index_select(0, index);
  out.labels = labels.index_select(0, index);
  out.ids.reserve(positions.size());
  for (const std::int64_t position : positions) out.ids.push_back(ids[static_cast<std::size_t>(position)]);
  return out;
}

torch::Tensor LabelledImages::input(std::int64_t begin, std::int64_t end) const {
  return pixels.slice(0, begin, end).to(torch::kFloat).div_(255);
}

std::vector<std::int64_t> shuffled(std::int64_t count, std::uint64_t seed, std::uint64_t stream) {
  std::seed_seq words{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32),
                      static_cast<std::uint32_t>(stream), static_cast<std::uint32_t>(stream >> 32)};
  std::mt19937_64 random(words);
  std::vector<std::int64_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  // std::shuffle differs between standard libraries.
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random() % i]);
  return order;
}

std::vector<std::string> input_files(const std::string& folder) {
  std::vector<std::string> files{folder + "/class_names.txt"};
  for (const std::string split : {"train", "t10k"}) {
    for (const std::string what : {"-images-idx3-ubyte", "-labels-idx1-ubyte"}) {
      for (const std::string end : {"", ".gz"}) {
        std::string file = folder;
        files.push_back(file.append("/").append(split).append(what).append(end));
      }
    }
  }
  return files;
}

LabelledImages read_other_images(const std::string& folder, const ImageShape& shape,
                                 std::vector<std::string>& class_names) {
  const ImageSet set = read_image_set(folder, "t10k");
  if (static_cast<std::int64_t>(set.height) != shape.height || static_cast<std::int64_t>(set.width) != shape.width) {
    throw snnl::Error(set.images_file, fmt::format("holds images of {} x {}, the network is for {} x {}", set.height,
                                                   set.width, shape.height, shape.width));
  }
  if (set.count == 0) throw snnl::Error(set.images_file, "holds no images");
  class_names = read_class_names(folder, std::size_t{1} + *std::max_element(set.labels.begin(), set.labels.end()));
  return to_tensors(set);
}

ImageData read_image_data(const DataOptions& options) {
  const ImageSet train = read_image_set(options.folder, "train");
  const ImageSet test = read_image_set(options.folder, "t10k");
  if (train.height != test.height || train.width != test.width) {
    throw snnl::Error(test.images_file, fmt::format("holds images of {} x {}, {} of {} x {}", test.height, test.width,
                                                    train.images_file, train.height, train.width));
  }
  if (train.count == 0) throw snnl::Error(train.images_file, "holds no images");
  if (test.count == 0) throw snnl::Error(test.images_file, "holds no images");
  const std::size_t classes = std::size_t{1} + *std::max_element(train.labels.begin(), train.labels.end());
  if (classes < 2) throw snnl::Error(train.labels_file, "holds one class", "there is nothing to tell apart");
  const auto beyond = std::find_if(test.labels.begin(), test.labels.end(), [&](auto y) { return y >= classes; });
  if (beyond != test.labels.end()) {
    throw snnl::Error(test.labels_file, fmt::format("holds class {}, which {} does not", *beyond, train.labels_file));
  }
  ImageData data;
  data.shape = {static_cast<std::int64_t>(train.height), static_cast<std::int64_t>(train.width),
                static_cast<std::int64_t>(classes)};
  data.class_names = read_class_names(options.folder, classes);
  data.digest = digest_of({&train, &test});

  const LabelledImages all = to_tensors(train);
  const std::vector<std::int64_t> order = shuffled(all.count(), options.seed, split_stream);
  const auto held_out =
      static_cast<std::ptrdiff_t>(std::llround(options.validation * static_cast<double>(order.size())));
  std::size_t used = order.size() - static_cast<std::size_t>(held_out);
  if (options.train_samples > used) {
    throw snnl::Error("--train-samples",
                      fmt::format("{} are asked for, but {} images are there beside those of --validation",
                                  options.train_samples, used));
  }
  if (options.train_samples > 0) used = options.train_samples;
  if (used < 2) throw snnl::Error(train.images_file, fmt::format("leaves {} images to train on", used));
  data.validation = all.at({order.begin(), order.begin() + held_out});
  data.train = all.at({order.begin() + held_out, order.begin() + held_out + static_cast<std::ptrdiff_t>(used)});
  data.test = to_tensors(test);
  return data;
}

}  // namespace train
