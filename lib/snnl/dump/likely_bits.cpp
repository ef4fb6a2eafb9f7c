#include "snnl/dump/likely_bits.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numeric>

namespace snnl::dump {
namespace {

constexpr std::size_t magnitudes = 32768;  // words without the sign
constexpr double least_evidence = 3;       // natural logarithm of the odds

using Counts = std::vector<double>;  // [magnitudes]

/// A format of 16 bits, and which values activations have: bounds of exponents, generous ones.
struct Format {
  IntegerBits bits;
  std::size_t binade;  // words in it
  std::size_t infinity;
  int bias;
  double least_low, least_median, most_median, least_high, most_high;  // of the first, middle and last percent
  double if_signed, if_rectified, if_positive;                         // evidence from where the words lie
  double per_octave;                                                   // of it, for octaves more than common
};

// Words of bfloat16 lie in an eighth of those there are, which says much; those of float16 nearly everywhere.
constexpr Format formats[] = {
    {IntegerBits::bfloat16, 128, 255 * 128, 127, -45, -24, 15, -45, 24, 8, 4, 0, -.5},
    {IntegerBits::float16, 1024, 31 * 1024, 15, -15, -12, 16, -10, 16, 1, -2, -4, 0},
};

/// Words but zeros, by magnitude.
struct Words {
  Counts positive, negative, all;
  double zeros = 0, nonzero = 0, negatives = 0;
};

Words words_of(const std::vector<std::uint64_t>& counts) {
  Words words{Counts(magnitudes), Counts(magnitudes), Counts(magnitudes)};
  words.zeros = static_cast<double>(counts[0] + counts[magnitudes]);
  for (std::size_t w = 1; w < magnitudes; ++w) {
    words.positive[w] = static_cast<double>(counts[w]);
    words.negative[w] = static_cast<double>(counts[magnitudes + w]);
    words.all[w] = words.positive[w] + words.negative[w];
    words.nonzero += words.all[w];
    words.negatives += words.negative[w];
  }
  return words;
}

/// The words at these shares of all, ascending ones.
template <std::size_t size>
std::array<double, size> quantiles(const Counts& counts, double all, const std::array<double, size>& shares) {
  std::array<double, size> out{};
  double below = 0;
  std::size_t next = 0;
  for (std::size_t w = 0; w < counts.size() && next < size; ++w) {
    below += counts[w];
    for (; next < size && below >= shares[next] * all; ++next) out[next] = static_cast<double>(w);
  }
  return out;
}

/// Words in each quarter of a binade, plus a half. A value that many have, such as a bound of a saturating function,
/// counts as a few: it says nothing of the density.
Counts quarters_of(const Counts& counts, std::size_t quarter) {
  Counts out;
  for (std::size_t first = 0; first < counts.size(); first += quarter) {
    const auto begin = counts.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = begin + static_cast<std::ptrdiff_t>(quarter);
    const double most = 3 + 4 * std::accumulate(begin, end, 0.) / static_cast<double>(quarter);
    out.push_back(
        std::accumulate(begin, end, .5, [most](double sum, double count) { return sum + std::min(count, most); }));
  }
  return out;
}

/// Evidence for steps by two in the density at powers of two, against a smooth one. The third difference of logarithms
/// over four quarters is zero for densities that are exponentials of parabolas; a step by two makes it log 2 where it
/// is in the middle, and half of that, negative, beside it. Errors are those of counts and a tenth; their tails are
/// heavy, so that bounds and peaks of the density weigh no more than a few quarters.
double evidence_of_steps(const Counts& counts, std::size_t binade) {
  constexpr double misfit = .1, tails = 3;
  constexpr double overlap = .6;  // quarters are part of several differences
  constexpr double least_words = 10;
  constexpr std::array<double, 4> steps{1, -.5, 0, -.5};
  const Counts n = quarters_of(counts, binade / 4);
  double evidence = 0;
  for (std::size_t k = 2; k + 1 < n.size(); ++k) {  // the boundary between quarters k - 1 and k
    const double a = n[k - 2], b = n[k - 1], c = n[k], d = n[k + 1];
    if (a + b + c + d < least_words) continue;
    const double difference = .5 * (3 * std::log(c / b) - std::log(d / a));
    const double variance = 2.25 / b + 2.25 / c + .25 / a + .25 / d + misfit * misfit;
    const auto surprise = [&](double by) { return (tails + 1) / 2 * std::log1p(by * by / (tails * variance)); };
    evidence += overlap * (surprise(difference) - surprise(difference - steps[k % 4] * std::log(2)));
  }
  return evidence;
}

/// Whether the words have so few values, or such round ones, that their density tells nothing.
bool tells_nothing(const Words& words, std::size_t binade) {
  constexpr double least_nonzero = 32;
  constexpr std::ptrdiff_t least_values = 16;
  if (words.nonzero < least_nonzero) return true;
  const auto values = std::count_if(words.all.begin(), words.all.end(), [](double count) { return count > 0; });
  double round = 0;
  for (std::size_t w = 0; w < magnitudes; w += binade / 4) round += words.all[w];
  return values < least_values || round > .75 * words.nonzero;
}

/// Natural logarithm of the odds that the words are of that format.
double evidence_for(const Format& format, const Words& words) {
  constexpr double never = -std::numeric_limits<double>::infinity();
  if (tells_nothing(words, format.binade)) return never;
  double infinite = 0;
  for (std::size_t w = format.infinity; w < magnitudes; ++w) infinite += words.all[w];
  if (infinite > 1e-3 * words.nonzero) return never;

  const auto width = static_cast<double>(format.binade);
  const auto [low, lower, median, upper, high] = quantiles<5>(words.all, words.nonzero, {.01, .02, .5, .98, .99});
  const auto exponent = [&](double word) { return word / width - format.bias; };
  if (exponent(low) < format.least_low || exponent(high) > format.most_high) return never;
  if (exponent(median) < format.least_median || exponent(median) > format.most_median) return never;
  const double octaves = (upper - lower) / width;
  constexpr double least_octaves = 2, common_octaves = 10;
  if (exponent(high) < format.least_high || octaves < least_octaves) return never;

  double evidence = format.per_octave * std::max(0., octaves - common_octaves);
  const double negatives = words.negatives / words.nonzero;
  if (negatives > .02 && negatives < .98) {
    constexpr double most_apart = 16;  // octaves: small negative values of SiLU beside large positive ones
    const double of_positive = quantiles<1>(words.positive, words.nonzero - words.negatives, {.5})[0];
    const double of_negative = quantiles<1>(words.negative, words.negatives, {.5})[0];
    if (std::abs(of_positive - of_negative) > most_apart * width) return never;
    evidence += format.if_signed;
  } else {
    evidence += words.zeros > .1 * (words.zeros + words.nonzero) ? format.if_rectified : format.if_positive;
  }
  return evidence + evidence_of_steps(words.positive, format.binade) + evidence_of_steps(words.negative, format.binade);
}

}  // namespace

void count_words(const float* values, std::size_t size, std::vector<std::uint64_t>& counts) {
  counts.resize(2 * magnitudes);
  for (std::size_t i = 0; i < size; ++i) {
    ++counts[static_cast<std::uint16_t>(static_cast<std::int32_t>(values[i]))];
  }
}

IntegerBits likely_bits(const std::vector<std::uint64_t>& counts) {
  const Words words = words_of(counts);
  IntegerBits likeliest = IntegerBits::numbers;
  double most = least_evidence;
  for (const Format& format : formats) {
    const double evidence = evidence_for(format, words);
    if (evidence > most) most = evidence, likeliest = format.bits;
  }
  return likeliest;
}

double evidence_for_bits(const std::vector<std::uint64_t>& counts, IntegerBits bits) {
  const auto format =
      std::find_if(std::begin(formats), std::end(formats), [&](const Format& f) { return f.bits == bits; });
  return evidence_for(format == std::end(formats) ? formats[0] : *format, words_of(counts));
}

}  // namespace snnl::dump
