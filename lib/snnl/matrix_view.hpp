#pragma once

#include <cstddef>
#include <variant>

namespace snnl {

/// Contiguous row-major matrix somebody else owns: element (i, j) is data[i * cols + j].
template <class T>
struct MatrixView {
  T* data = nullptr;     ///< [rows * cols]
  std::size_t rows = 0;  ///< samples
  std::size_t cols = 0;  ///< features

  /// [cols] row i.
  T* row(std::size_t i) const { return data + i * cols; }
};

/// Samples as a caller gives them: [n, d], row-major, all values finite.
using SampleMatrix = std::variant<MatrixView<const float>, MatrixView<const double>>;

}  // namespace snnl
