#pragma once

#include <cstddef>

namespace snnl::dump {

/// What becomes of the map of each channel, [height, width] of a sample.
enum class Pool {
  none,  ///< every place is a feature
  mean,  ///< the mean of all places
  max,   ///< the largest of all places
  grid,  ///< the mean of each cell of a grid, as adaptive average pooling has them
};

/// What becomes of the tokens of a sample, [tokens, d].
enum class Tokens {
  all,    ///< every element of every token is a feature
  mean,   ///< the mean of the tokens
  first,  ///< the first one, where a class token stands
  last,   ///< the last one
};

/// How samples of several axes become features. Datasets [n, channels, height, width] are maps, [n, tokens, d] are
/// tokens; those of any other number of axes are flattened. Sums are made in double.
struct Pooling {
  /// Of maps.
  Pool maps = Pool::none;
  /// Cells of Pool::grid, from 1 to largest_grid each. Cell i of g along an axis of length a has the places from
  /// floor(i a / g) up to, but not with, ceil((i + 1) a / g): cells overlap where g does not divide a, and repeat
  /// places where it is larger.
  std::size_t grid_rows = 1;
  std::size_t grid_columns = 1;  ///< the same across
  /// Whether maps are [n, height, width, channels]; ignored where their dataset says how they are, by its attribute
  /// `data_format`. Features are in the order of the channels either way.
  bool channels_last = false;
  /// Of tokens.
  Tokens tokens = Tokens::all;
};

/// Most cells of a grid along an axis.
inline constexpr std::size_t largest_grid = 1024;

/// What was done to the samples of one dataset.
enum class Pooled {
  no,      ///< nothing: they are flattened
  maps,    ///< Pooling::maps was applied
  tokens,  ///< Pooling::tokens was applied
};

}  // namespace snnl::dump
