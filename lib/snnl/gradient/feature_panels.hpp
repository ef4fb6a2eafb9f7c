#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "snnl/kernels/kernel_table.hpp"
#include "snnl/memory/buffer.hpp"
#include "snnl/parallel/threads.hpp"
#include "snnl/points/points.hpp"

namespace snnl {

/// The rows of the engine as the right operand of a product: [panels, rows, panel_rows], where a panel is as many
/// features. The last panel is filled up by zeros.
template <class Real>
class FeaturePanels {
 public:
  static constexpr std::size_t panel = panel_rows<Real>;

  FeaturePanels(const Points& points, std::size_t threads)
      : rows_(points.size()), panels_((points.features() + panel - 1) / panel), values_(panels_ * panel * rows_) {
    run_stretches(rows_, 128, threads, [&](std::size_t begin, std::size_t end) {
      std::vector<Real> row(panels_ * panel);
      for (std::size_t i = begin; i < end; ++i) {
        points.copy_row(i, row.data());
        for (std::size_t p = 0; p < panels_; ++p) {
          std::copy_n(row.data() + p * panel, panel, values_.data() + (p * rows_ + i) * panel);
        }
      }
    });
  }

  /// Features, filled up to whole panels.
  std::size_t width() const { return panels_ * panel; }
  FeaturePanelView<Real> view() const { return {values_.data(), rows_, panels_}; }

 private:
  std::size_t rows_, panels_;
  Buffer<Real> values_;
};

}  // namespace snnl
