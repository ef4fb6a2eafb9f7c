#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

/// 16-bit integers of all sorts, to tell those that are the bits of floats from those that are not.
namespace words {

using Words = std::vector<std::uint16_t>;

/// A kind of data, and four numbers in [0, 1] that say what it is like: its scale, shape, and so on.
struct Recipe {
  std::string kind;
  double a = .5, b = .5, c = .5, d = .5;
};

/// Activations: "relu", "sparse relu", "signed", "logits", "tokens" (normed, one unit huge), "silu", "tanh",
/// "sigmoid", "softmax", "heavy tails".
const std::vector<std::string>& kinds_of_activations();
/// Images, depth maps, counts, audio, quantised embeddings and what imitates the bits of floats.
const std::vector<std::string>& kinds_of_integers();

/// [rows * features]
std::vector<float> activations(const Recipe& recipe, std::size_t rows, std::size_t features, std::uint64_t seed);
Words integers(const Recipe& recipe, std::size_t rows, std::size_t features, std::uint64_t seed);

/// Rounded to nearest, ties to even.
Words bfloat16_bits(const std::vector<float>& values);
Words float16_bits(const std::vector<float>& values);

/// [65536]
std::vector<std::uint64_t> counts(const Words& words);

}  // namespace words
