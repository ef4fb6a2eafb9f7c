#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "snnl/matrix_view.hpp"
#include "snnl/options.hpp"
#include "snnl/parallel/threads.hpp"
#include "snnl/points/row_sums.hpp"
#include "snnl/product/row_set.hpp"

namespace snnl::engine {

/// Samples as rows whose squared Euclidean distances are, but for one factor, the distances asked for. Row i is sample
/// i times factor(i), less the centre:
///
///   sqeuclidean: one factor for all, a power of two that brings the largest value near 1;
///   cosine: rows of squared length 1/2, so that 1 - <x, y> / (|x| |y|) = |a - b|^2. A row of zeros, which lies at
///     distance 1 from every other, stays one, with 1/2 in place of its squared length.
///
/// Keeps a view of the samples, which must outlive it.
class PreparedSamples {
 public:
  /// Neither scaled further nor centred. Throws snnl::Error where a value is NaN or infinite, naming the first such
  /// row; `row` is what the message calls a row. Nothing depends on `threads`.
  PreparedSamples(const SampleMatrix& samples, Distance distance, std::size_t threads, const std::string& row = "row");

  std::size_t size() const { return size_; }
  std::size_t features() const { return centre_.size(); }
  Distance distance() const { return distance_; }
  const SampleMatrix& samples() const { return samples_; }

  /// Whether all rows are multiplied by the same, else each has a factor of its own.
  bool has_one_factor() const;
  /// What sample `i` was multiplied by; 0 for a row of zeros under cosine.
  double factor(std::size_t i) const { return row_scale_[row_scale_.size() > 1 ? i : 0] * scale_; }
  /// Under cosine, whether sample `i` is a row of zeros, and whether any is.
  bool is_zero(std::size_t i) const { return !has_one_factor() && row_scale_[i] == 0; }
  bool any_zero() const { return any_zero_; }
  /// [features()]
  const std::vector<double>& centre() const { return centre_; }

  /// Gives both the factor of the one that has the larger values: their rows can then be compared.
  static void share_scale(PreparedSamples& a, PreparedSamples& b);
  /// Multiplies the rows, the centre among them.
  void scale_by(double factor);
  /// The centre [features()], in the units of the rows.
  void set_centre(std::vector<double> centre) { centre_ = std::move(centre); }

  /// Writes row `i` to out[0 .. features()).
  template <class Real>
  void copy_row(std::size_t i, Real* out) const {
    with_rows([&](const auto& copy) { copy(i, out); });
  }
  /// Calls `visit(copy)` once; copy(i, out) is copy_row. For loops over many rows: it is looked up here, and once, what
  /// type the samples are of.
  template <class Visit>
  void with_rows(const Visit& visit) const {
    std::visit(
        [&](const auto& x) {
          visit([&]<class Real>(std::size_t i, Real* out) {
            const double by = factor(i);
            const auto* const row = x.row(i);
            for (std::size_t f = 0; f < x.cols; ++f) {
              out[f] = static_cast<Real>(static_cast<double>(row[f]) * by - centre_[f]);
            }
          });
        },
        samples_);
  }
  /// The rows of the samples index(0), index(1) .. index(count - 1), as operands of `maker`'s products.
  template <class Real, class Index>
  product::RowSet<Real> rows(const product::Products<Real>& maker, std::size_t count, std::size_t threads,
                             const Index& index) const;

  /// out[j] is the distance of sample `i` and sample others[j], from the differences of what the caller gave, in
  /// extended precision: for telling apart what double takes for a tie. Much slower than a tile.
  void extended_distances(std::size_t i, const std::vector<std::size_t>& others, long double* out) const;

 private:
  SampleMatrix samples_;
  Distance distance_;
  std::size_t size_ = 0;
  double largest_ = 0;             // magnitude
  std::vector<double> row_scale_;  // one for all rows, or one a row (cosine; 0 marks a row of zeros)
  double scale_ = 1;
  std::vector<double> centre_;
  bool any_zero_ = false;
};

template <class Real, class Index>
product::RowSet<Real> PreparedSamples::rows(const product::Products<Real>& maker, std::size_t count,
                                            std::size_t threads, const Index& index) const {
  constexpr std::size_t group = product::RowSet<Real>::group;
  product::RowSet<Real> set(maker, count, features());
  with_rows([&](const auto& copy) {
    parallel::run_stretches(
        (count + group - 1) / group, row_stretch(count) / group, threads, [&](std::size_t begin, std::size_t end) {
          std::vector<Real> rows(group * features());
          for (std::size_t first = begin * group; first < std::min(count, end * group); first += group) {
            const std::size_t here = std::min(group, count - first);
            for (std::size_t r = 0; r < here; ++r) copy(index(first + r), rows.data() + r * features());
            set.fill(first, rows.data(), here);
            for (std::size_t r = 0; r < here && any_zero_; ++r) {
              if (is_zero(index(first + r))) set.set_norm(first + r, .5 * scale_ * scale_);
            }
          }
        });
  });
  return set;
}

}  // namespace snnl::engine
