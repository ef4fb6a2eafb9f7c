#pragma once

#include <cstddef>
#include <memory>
#include <utility>

#include "snnl/points/matrix_view.hpp"

namespace snnl::dump {

/// A row-major [rows, features] array that nobody changes, in memory that somebody made: of this process, or shared
/// with another one. Copies share it.
template <class Real>
class Values {
 public:
  using value_type = Real;

  Values() = default;
  /// `data` points into what `owner` keeps.
  Values(std::shared_ptr<const void> owner, const Real* data, std::size_t rows, std::size_t features)
      : owner_(std::move(owner)), view_{data, rows, features} {}

  /// Axis 0: rows, axis 1: features.
  std::size_t shape(std::size_t axis) const { return axis == 0 ? view_.rows : view_.cols; }
  std::size_t size() const { return view_.rows * view_.cols; }
  const Real* data() const { return view_.data; }
  const Real* begin() const { return view_.data; }
  const Real* end() const { return view_.data + size(); }
  Real operator()(std::size_t row, std::size_t feature) const { return view_.row(row)[feature]; }
  MatrixView<const Real> view() const { return view_; }

 private:
  std::shared_ptr<const void> owner_;
  MatrixView<const Real> view_;
};

}  // namespace snnl::dump
