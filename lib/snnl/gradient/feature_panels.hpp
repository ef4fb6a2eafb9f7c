#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "snnl/memory/buffer.hpp"
#include "snnl/parallel/threads.hpp"
#include "snnl/points/points.hpp"
#include "snnl/product/products.hpp"

namespace snnl::engine {

/// The rows of the engine as the right operand of a sum over rows; see product::FeatureBlock.
template <class Real>
class FeaturePanels {
 public:
  FeaturePanels(const Points& points, const product::Products<Real>& maker, std::size_t threads)
      : block_{nullptr, points.size(), points.features(), maker.feature_panel(points.features())},
        values_(block_.width() * block_.rows) {
    block_.values = values_.data();
    const std::size_t panel = block_.panel;
    parallel::run_stretches(block_.rows, 128, threads, [&](std::size_t begin, std::size_t end) {
      std::vector<Real> row(block_.width());
      for (std::size_t i = begin; i < end; ++i) {
        points.copy_row(i, row.data());
        for (std::size_t p = 0; p < row.size(); p += panel) {
          std::copy_n(row.data() + p, panel, values_.data() + p * block_.rows + i * panel);
        }
      }
    });
  }

  /// Features, filled up to whole panels.
  std::size_t width() const { return block_.width(); }
  const product::FeatureBlock<Real>& view() const { return block_; }

 private:
  product::FeatureBlock<Real> block_;
  memory::Buffer<Real> values_;
};

}  // namespace snnl::engine
