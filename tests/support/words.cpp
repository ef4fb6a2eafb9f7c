#include "support/words.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace words {
namespace {

using Random = std::mt19937;

double between(double low, double high, double share) { return low * std::pow(high / low, share); }

std::uint16_t to_word(double value) {
  return static_cast<std::uint16_t>(static_cast<std::int64_t>(std::llround(value)));
}

std::uint16_t unsigned_word(double value) { return to_word(std::clamp(value, 0., 65535.)); }

std::uint16_t half_of(float value) {
  const float magnitude = std::abs(value);
  const std::uint16_t sign = std::signbit(value) ? 0x8000 : 0;
  if (magnitude >= 65520.f) return sign | 0x7c00;
  if (magnitude == 0) return sign;
  // A step is that of the binade, or of subnormal numbers.
  const int exponent = std::max(std::ilogb(magnitude), -14);
  const double steps = std::nearbyint(std::ldexp(static_cast<double>(magnitude), 10 - exponent));
  return static_cast<std::uint16_t>(sign + (exponent + 14) * 1024 + static_cast<int>(steps));
}

double activation(const std::string& kind, double normal, double other, double mean, double width) {
  const double x = width * normal + mean;
  if (kind == "relu") return std::max(x, 0.);
  if (kind == "sparse relu") return std::max(x - 1.5 * width, 0.);
  if (kind == "silu") return x / (1 + std::exp(-x));
  if (kind == "tanh") return std::tanh(x);
  if (kind == "sigmoid") return 1 / (1 + std::exp(-x));
  if (kind == "heavy tails") return std::max(x / std::sqrt(std::abs(other) + .01), 0.);
  return x;
}

double integer(const Recipe& r, double uniform, double normal, double other) {
  const std::string& kind = r.kind;
  const double bell = normal * between(300, 6000, r.b), place = 65535 * r.a;
  if (kind == "image of 8 bits") return std::floor(256 * std::pow(uniform, between(.2, 5, r.a)));
  if (kind == "image of 16 bits") return 65535 * std::pow(uniform, between(.2, 5, r.a));
  if (kind == "image of 14 bits") return 16383 * std::pow(uniform, between(.2, 5, r.a));
  if (kind == "image of 12 bits, shifted") return 16 * std::floor(4096 * std::pow(uniform, between(.2, 5, r.a)));
  if (kind == "stretched image") return 257 * std::floor(256 * std::pow(uniform, between(.2, 5, r.a)));
  if (kind == "depth map") return other < r.c ? 0 : between(200, 20000, r.a) * std::exp(between(.1, 1.5, r.b) * normal);
  if (kind == "counts") return std::floor(between(.5, 500, r.a) * std::abs(normal) * std::exp(r.b * normal));
  if (kind == "bell") return place + bell;
  if (kind == "bell and zeros") return other < r.c ? 0 : 4000 + 28000 * r.a + bell;
  return 65535 * uniform;
}

double signed_integer(const Recipe& r, double uniform, double normal, double other) {
  if (r.kind == "audio") return between(30, 8000, r.a) * normal * std::abs(other * 3);
  if (r.kind == "quantised") return between(500, 16000, r.a) * normal;
  if (r.kind == "quantised and rectified") return std::max(0., between(500, 16000, r.a) * normal);
  // Two levels, as of a radio signal.
  return (uniform < .5 ? -1 : 1) * between(1000, 24000, r.a) + between(100, 5000, r.b) * normal;
}

bool is_signed(const std::string& kind) {
  return kind == "audio" || kind == "quantised" || kind == "quantised and rectified" || kind == "two levels";
}

}  // namespace

const std::vector<std::string>& kinds_of_activations() {
  static const std::vector<std::string> kinds{"relu", "sparse relu", "signed",  "logits",  "tokens",
                                              "silu", "tanh",        "sigmoid", "softmax", "heavy tails"};
  return kinds;
}

const std::vector<std::string>& kinds_of_integers() {
  static const std::vector<std::string> kinds{"image of 8 bits",
                                              "image of 16 bits",
                                              "image of 14 bits",
                                              "image of 12 bits, shifted",
                                              "stretched image",
                                              "depth map",
                                              "counts",
                                              "bell",
                                              "bell and zeros",
                                              "uniform",
                                              "one-hot",
                                              "constant",
                                              "audio",
                                              "quantised",
                                              "quantised and rectified",
                                              "two levels"};
  return kinds;
}

std::vector<float> activations(const Recipe& r, std::size_t rows, std::size_t features, std::uint64_t seed) {
  Random random(seed);
  std::normal_distribution<double> normal;
  const bool bounded = r.kind == "tanh" || r.kind == "sigmoid" || r.kind == "softmax";
  const double scale = bounded ? 1 : between(1e-3, 1e3, r.a);
  std::vector<double> means, widths;
  for (std::size_t f = 0; f < features; ++f) {
    means.push_back(r.b * normal(random));
    widths.push_back(std::exp(r.c * normal(random)));
    if (r.kind == "logits") means.back() *= 3;
    if (r.kind == "tokens" && f == 0) widths.back() = 30;
  }
  std::vector<float> out;
  for (std::size_t i = 0; i < rows; ++i) {
    double sum = 0;
    for (std::size_t f = 0; f < features; ++f) {
      const double x = activation(r.kind, normal(random), normal(random), means[f], widths[f]);
      out.push_back(static_cast<float>(r.kind == "softmax" ? std::exp(x) : scale * x));
      sum += out.back();
    }
    if (r.kind != "softmax") continue;
    for (std::size_t f = 0; f < features; ++f) out[out.size() - 1 - f] /= static_cast<float>(sum);
  }
  return out;
}

Words integers(const Recipe& r, std::size_t rows, std::size_t features, std::uint64_t seed) {
  Random random(seed);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform(0, 1);
  Words out;
  for (std::size_t i = 0; i < rows; ++i) {
    const std::size_t hot = static_cast<std::size_t>(uniform(random) * static_cast<double>(features));
    for (std::size_t f = 0; f < features; ++f) {
      const double u = uniform(random), z = normal(random), other = uniform(random);
      if (r.kind == "one-hot") {
        out.push_back(f == hot ? to_word(between(1, 65535, r.a)) : 0);
      } else if (r.kind == "constant") {
        out.push_back(to_word(65535 * r.a));
      } else if (is_signed(r.kind)) {
        out.push_back(to_word(std::clamp(signed_integer(r, u, z, other), -32768., 32767.)));
      } else {
        out.push_back(unsigned_word(integer(r, u, z, other)));
      }
    }
  }
  return out;
}

Words bfloat16_bits(const std::vector<float>& values) {
  Words out;
  for (const float value : values) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    out.push_back(static_cast<std::uint16_t>((bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16));
  }
  return out;
}

Words float16_bits(const std::vector<float>& values) {
  Words out;
  for (const float value : values) out.push_back(half_of(value));
  return out;
}

std::vector<std::uint64_t> counts(const Words& words) {
  std::vector<std::uint64_t> out(65536);
  for (const std::uint16_t word : words) ++out[word];
  return out;
}

}  // namespace words
