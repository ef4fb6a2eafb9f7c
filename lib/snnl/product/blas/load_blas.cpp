#include "snnl/product/blas/load_blas.hpp"

#include <dlfcn.h>

#include <vector>

#include "snnl/memory/room.hpp"
#include "snnl/product/plain.hpp"
#include "snnl/product/row_set.hpp"

namespace snnl::product {
namespace {

/// What loading OpenBLAS takes at most, with the threads that it starts.
constexpr std::size_t least_memory = std::size_t{1} << 30;

/// In order: where the program's or the library's own run path leads, and where the module is installed.
constexpr const char* places[] = {SNNL_BLAS_MODULE, SNNL_BLAS_FOLDER "/" SNNL_BLAS_MODULE};

Blas load() {
  Blas out;
  if (!memory::has_room(least_memory)) return out;
  for (const char* place : places) {
    // Stays loaded: its threads run its code.
    void* const module = ::dlopen(place, RTLD_NOW | RTLD_LOCAL);
    void* const entry = module ? ::dlsym(module, "snnl_blas_makers") : nullptr;
    if (!entry) continue;
    reinterpret_cast<BlasEntry*>(entry)(out.makers);
    out.there = true;
    const int before = out.makers.threads();
    out.makers.set_threads(1);
    out.sound = computes_rightly(*out.makers.single) && computes_rightly(*out.makers.twice);
    out.makers.set_threads(before);
    return out;
  }
  return out;
}

template <class Real>
Real whole_number(std::size_t k) {
  return static_cast<Real>(static_cast<int>(k * 7 % 11) - 5);
}

template <class Real>
RowSet<Real> whole_numbers(const Products<Real>& maker, std::size_t rows, std::size_t features, std::size_t seed) {
  RowSet<Real> set(maker, rows, features);
  std::vector<Real> values(set.group * features);
  for (std::size_t first = 0; first < rows; first += set.group) {
    for (std::size_t k = 0; k < values.size(); ++k) values[k] = whole_number<Real>(k + first * 5 + seed);
    set.fill(first, values.data(), std::min(set.group, rows - first));
  }
  return set;
}

/// The distances of made rows, and after them two sums of made weights over made features.
template <class Real>
std::vector<Real> known_products(const Products<Real>& maker, std::size_t rows, std::size_t cols,
                                 std::size_t features) {
  const auto left = whole_numbers(maker, rows, features, 1), right = whole_numbers(maker, cols, features, 2);
  const std::size_t stride = whole_lines<Real>(cols);
  memory::Buffer<Real> tile(rows * stride);
  maker.squared_distances(left.view(0, rows), right.view(0, cols), tile.data(), stride);
  std::vector<Real> out;
  for (std::size_t i = 0; i < rows; ++i)
    out.insert(out.end(), tile.data() + i * stride, tile.data() + i * stride + cols);

  const std::size_t panel = maker.pair_panel(cols);
  memory::Buffer<Real> weights(whole_lines<Real>(rows) * stride);
  std::fill_n(weights.data(), whole_lines<Real>(rows) * stride, Real(0));
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < cols; ++j) {
      weights.data()[(j / panel * rows + i) * panel + j % panel] = whole_number<Real>(i * cols + j);
    }
  }
  for (const bool transposed : {false, true}) {
    const std::size_t terms = transposed ? rows : cols, results = transposed ? cols : rows;
    FeatureBlock<Real> y{nullptr, terms, features, maker.feature_panel(features)};
    memory::Buffer<Real> values(terms * y.width());
    std::fill_n(values.data(), terms * y.width(), Real(0));
    for (std::size_t j = 0; j < terms; ++j) {
      for (std::size_t f = 0; f < features; ++f) {
        values.data()[(f / y.panel * terms + j) * y.panel + f % y.panel] = whole_number<Real>(j * features + f);
      }
    }
    y.values = values.data();
    std::vector<Real> sums(results * y.width(), Real(1));
    maker.accumulate({weights.data(), rows, cols, panel}, transposed, y, 0, sums.data(), y.width());
    for (std::size_t i = 0; i < results; ++i) {
      const auto row = sums.begin() + static_cast<std::ptrdiff_t>(i * y.width());
      out.insert(out.end(), row, row + static_cast<std::ptrdiff_t>(features));
    }
  }
  return out;
}

}  // namespace

template <class Real>
bool computes_rightly(const Products<Real>& maker) {
  struct Shape {
    std::size_t rows, cols, features;
  };
  // More features than BLAS takes at a time; more rows than it has in registers; both; odd ends everywhere.
  for (const Shape& s : {Shape{1, 1, 1}, Shape{17, 33, 31}, Shape{64, 64, 64}, Shape{131, 97, 13}, Shape{9, 26, 803},
                         Shape{48, 200, 330}}) {
    if (known_products(maker, s.rows, s.cols, s.features) !=
        known_products(plain<Real>(), s.rows, s.cols, s.features)) {
      return false;
    }
  }
  return true;
}

const Blas& blas() {
  static const Blas loaded = load();
  return loaded;
}

template bool computes_rightly(const Products<float>&);
template bool computes_rightly(const Products<double>&);

}  // namespace snnl::product
