#include "snnl/entanglement/exact_rows.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "snnl/distance/tiles.hpp"
#include "snnl/entanglement/ladder.hpp"
#include "snnl/entanglement/softplus.hpp"
#include "snnl/memory/buffer.hpp"
#include "snnl/parallel/threads.hpp"
#include "snnl/simd/kernels.hpp"

namespace snnl {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::size_t strip_rows = 64;
constexpr std::size_t strip_cols = 64;
constexpr std::size_t keep_at_most = std::size_t{1} << 22;  // doubles: 32 MiB

double minimum(const double* d, std::size_t count) {
  double least = infinity;
  if (count > 0) kernels<double>().minima({d, count, 1, count}, &least, nullptr);
  return least;
}

/// Distances of some neighbours of a row, and their sums of weights exp((nearest - d) / T) at falling temperatures.
class Neighbors {
 public:
  explicit Neighbors(double nearest) : nearest_(nearest) {}
  void add(const double* d, std::size_t count) { distances_.insert(distances_.end(), d, d + count); }

  std::array<double, max_ladder> sums(const Ladder& ladder) {
    std::array<double, max_ladder> out{};
    drop_far(ladder.top);
    if (distances_.empty()) return out;
    kernels<double>().exp_sums({distances_.data(), distances_.size(), 1, distances_.size()},
                               std::numbers::log2e / ladder.top, &nearest_, ladder.index.size(), out.data(), 1, nullptr,
                               0);
    return out;
  }

 private:
  /// Below this temperature all that is farther weighs less than 2^-100 of the nearest.
  void drop_far(double temperature) {
    const double reach = nearest_ + 100 * std::numbers::ln2 * temperature;
    if (!(reach < farthest_)) return;
    const auto end = std::remove_if(distances_.begin(), distances_.end(), [reach](double d) { return d > reach; });
    distances_.erase(end, distances_.end());
    // Looked at again where the reach has become shorter than what was kept.
    farthest_ = distances_.empty() ? -infinity : *std::max_element(distances_.begin(), distances_.end());
  }

  double nearest_;
  double farthest_ = infinity;
  std::vector<double> distances_;
};

}  // namespace

ExactRows::ExactRows(const Points& points, std::vector<std::size_t> rows, std::size_t threads)
    : points_(points), rows_(std::move(rows)), threads_(threads) {}

void ExactRows::fill(const RowSet<double>& left, const std::size_t* indices, std::size_t col, double* out) const {
  const std::size_t n = points_.size(), count = left.rows(), width = std::min(strip_cols, n - col);
  const RowSet<double> right = points_.rows<double>(col, width);
  std::vector<double> tile(count * strip_cols);
  distances(left, 0, count, right, 0, width, tile.data(), strip_cols);
  for (std::size_t r = 0; r < count; ++r) {
    std::copy_n(tile.data() + r * strip_cols, width, out + r * n + col);
    if (indices[r] >= col && indices[r] < col + width) out[r * n + indices[r]] = infinity;
  }
}

/// Few rows: all threads share their columns.
void ExactRows::keep_all() {
  const std::size_t n = points_.size(), chunks = (n + strip_cols - 1) / strip_cols;
  const RowSet<double> left = points_.rows<double>(rows_);
  assign_zeros(kept_, rows_.size() * n);
  run_parallel(chunks, threads_,
               [&](std::size_t chunk, std::size_t) { fill(left, rows_.data(), chunk * strip_cols, kept_.data()); });
}

void ExactRows::visit(std::size_t count, const Visitor& visitor) {
  if (count == 0) return;
  const std::size_t n = points_.size();
  if (rows_.size() * n <= keep_at_most) {
    if (kept_.empty()) keep_all();
    run_parallel(count, threads_, [&](std::size_t k, std::size_t) { visitor(k, kept_.data() + k * n); });
    return;
  }
  // Many rows: each thread takes a strip of them at a time.
  const std::size_t strip = std::clamp<std::size_t>(keep_at_most / n, 1, strip_rows);
  run_stretches(count, strip, threads_, [&](std::size_t begin, std::size_t end) {
    const auto first = rows_.begin();
    const std::vector<std::size_t> indices(first + static_cast<std::ptrdiff_t>(begin),
                                           first + static_cast<std::ptrdiff_t>(end));
    const RowSet<double> left = points_.rows<double>(indices);
    std::vector<double> own(indices.size() * n);
    for (std::size_t col = 0; col < n; col += strip_cols) fill(left, indices.data(), col, own.data());
    for (std::size_t r = 0; r < indices.size(); ++r) visitor(begin + r, own.data() + r * n);
  });
}

Nearest ExactRows::nearest_of(std::size_t k, const double* d) const {
  const auto c = static_cast<std::size_t>(points_.label(rows_[k]));
  const std::size_t begin = points_.class_begin()[c], end = points_.class_begin()[c + 1];
  return {minimum(d + begin, end - begin), std::min(minimum(d, begin), minimum(d + end, points_.size() - end))};
}

std::vector<Nearest> ExactRows::nearest(std::size_t count) {
  std::vector<Nearest> out(count);
  visit(count, [&](std::size_t k, const double* d) { out[k] = nearest_of(k, d); });
  return out;
}

std::vector<Nearest> ExactRows::soft_nearest(double temperature) {
  const double kappa = std::numbers::log2e / temperature;
  std::vector<Nearest> out(rows_.size());
  visit(rows_.size(), [&](std::size_t k, const double* d) {
    const auto c = static_cast<std::size_t>(points_.label(rows_[k]));
    const std::size_t n = points_.size(), begin = points_.class_begin()[c], end = points_.class_begin()[c + 1];
    const Nearest nearest = nearest_of(k, d);
    double same = 0, other = 0;
    const auto add = [&](std::size_t from, std::size_t to, double shift, double& sum) {
      if (from == to || shift == infinity) return;
      kernels<double>().exp_sums({d + from, to - from, 1, to - from}, kappa, &shift, 1, &sum, 1, nullptr, 0);
    };
    add(begin, end, nearest.same, same);
    add(0, begin, nearest.other, other);
    add(end, n, nearest.other, other);
    out[k] = {same > 0 ? nearest.same - temperature * std::log(same) : infinity,
              other > 0 ? nearest.other - temperature * std::log(other) : infinity};
  });
  return out;
}

void ExactRows::losses_of(std::size_t k, const double* d, const std::vector<double>& temperatures,
                          const std::vector<Ladder>& ladders, double* out, std::size_t stride) const {
  const auto c = static_cast<std::size_t>(points_.label(rows_[k]));
  const std::size_t n = points_.size(), begin = points_.class_begin()[c], end = points_.class_begin()[c + 1];
  if (end - begin < 2) return;
  const Nearest nearest = nearest_of(k, d);
  Neighbors same(nearest.same), other(nearest.other);
  same.add(d + begin, end - begin);
  other.add(d, begin);
  other.add(d + end, n - end);
  for (const Ladder& ladder : ladders) {  // from the highest temperature to the lowest
    const std::array<double, max_ladder> own = same.sums(ladder), others = other.sums(ladder);
    for (std::size_t q = 0; q < ladder.index.size(); ++q) {
      const double t = temperatures[ladder.index[q]];
      out[ladder.index[q] * stride] =
          nearest.other == infinity ? 0 : softplus(std::log(others[q] / own[q]) - (nearest.other - nearest.same) / t);
    }
  }
}

std::vector<double> ExactRows::losses(const std::vector<double>& temperatures, std::size_t count) {
  const std::vector<Ladder> ladders = make_ladders(temperatures);
  std::vector<double> out(temperatures.size() * count, std::numeric_limits<double>::quiet_NaN());
  visit(count, [&](std::size_t k, const double* d) { losses_of(k, d, temperatures, ladders, out.data() + k, count); });
  return out;
}

std::vector<RowDetails> ExactRows::details(double temperature) {
  const double kappa = std::numbers::log2e / temperature;
  std::vector<RowDetails> out(rows_.size());
  const std::vector<double> temperatures{temperature};
  const std::vector<Ladder> ladders = make_ladders(temperatures);
  visit(rows_.size(), [&](std::size_t k, const double* d) {
    const Nearest nearest = nearest_of(k, d);
    const double shift = std::min(nearest.same, nearest.other);
    RowDetails& row = out[k];
    row.loss = std::numeric_limits<double>::quiet_NaN();
    losses_of(k, d, temperatures, ladders, &row.loss, 1);
    row.by_class.assign(points_.classes(), 0.);
    double mass = 0, moment = 0;
    for (std::size_t c = 0; c < points_.classes(); ++c) {
      const std::size_t begin = points_.class_begin()[c], count = points_.class_size(c);
      if (count == 0) continue;
      kernels<double>().entropy_sums({d + begin, count, 1, count}, kappa, &shift, &row.by_class[c], &moment, nullptr,
                                     nullptr);
      mass += row.by_class[c];
    }
    for (double& p : row.by_class) p /= mass;
    row.effective = mass * std::exp2(-moment / mass);  // H = log Z - sum p u log 2
  });
  return out;
}

}  // namespace snnl
