#include <algorithm>
#include <stdexcept>
#include <variant>

#include "snnl/features.hpp"
#include "snnl/features/scales.hpp"
#include "snnl/features/whitening.hpp"
#include "snnl/memory/buffer.hpp"
#include "snnl/parallel/threads.hpp"
#include "snnl/product/dense.hpp"
#include "snnl/product/products.hpp"

namespace snnl {
namespace {

template <class Real>
void apply(const FeatureTransform& t, const MatrixView<const Real>& x, Real* out, std::size_t threads) {
  if (x.cols != t.scales.size()) throw std::invalid_argument("apply_features: samples have other features");
  const product::OneThread one;
  parallel::run_stretches(x.rows, features::rows_at_once, threads, [&](std::size_t begin, std::size_t end) {
    const std::size_t rows = end - begin, d = x.cols;
    if (t.axes.empty()) {
      features::scale_rows(t.scales, x, begin, rows, out + begin * d);
      return;
    }
    memory::Buffer<double> scaled(rows * d), turned(rows * t.outputs);
    features::scale_rows(t.scales, x, begin, rows, scaled.data());
    product::multiply({scaled.data(), rows, d, d}, false, {t.axes.data(), d, t.outputs, t.outputs}, false, 0,
                      {turned.data(), rows, t.outputs, t.outputs});
    std::transform(turned.data(), turned.data() + rows * t.outputs, out + begin * t.outputs,
                   [](double value) { return static_cast<Real>(value); });
  });
}

}  // namespace

FeatureTransform fit_features(const SampleMatrix& samples, const FeatureOptions& options, std::size_t threads) {
  return std::visit(
      [&](const auto& x) {
        FeatureTransform t;
        t.outputs = x.cols;
        if (!options.any()) {
          t.scales.assign(x.cols, {1, 0, 1});
          return t;
        }
        t.scales = features::find_scales(x, threads);
        t.constant = static_cast<std::size_t>(
            std::count_if(t.scales.begin(), t.scales.end(), [](const FeatureScale& s) { return s.gain == 0; }));
        if (options.whiten == Whiten::pca) features::find_axes(x, threads, t);
        return t;
      },
      samples);
}

void apply_features(const FeatureTransform& transform, const MatrixView<const float>& samples, float* out,
                    std::size_t threads) {
  apply(transform, samples, out, threads);
}

void apply_features(const FeatureTransform& transform, const MatrixView<const double>& samples, double* out,
                    std::size_t threads) {
  apply(transform, samples, out, threads);
}

}  // namespace snnl
