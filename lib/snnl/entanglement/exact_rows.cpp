#include "snnl/entanglement/exact_rows.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "snnl/entanglement/ladder.hpp"
#include "snnl/entanglement/softplus.hpp"
#include "snnl/kernels/kernels.hpp"
#include "snnl/memory/buffer.hpp"
#include "snnl/parallel/threads.hpp"
#include "snnl/points/row_sums.hpp"
#include "snnl/product/distances.hpp"
#include "snnl/tiles/rectangles.hpp"

namespace snnl::engine {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::size_t strip = 64;
constexpr std::size_t keep_at_most = std::size_t{1} << 22;  // doubles: 32 MiB

double minimum(const double* d, std::size_t count) {
  double least = infinity;
  if (count > 0) kernels::in_use<double>().minima({d, count, 1, count}, &least, nullptr);
  return least;
}

/// Distances of some neighbours of a row, and their sums of weights exp((nearest - d) / T) at falling temperatures.
class Neighbors {
 public:
  explicit Neighbors(double nearest) : nearest_(nearest) {}
  void add(const double* d, std::size_t count) { distances_.insert(distances_.end(), d, d + count); }

  std::array<double, kernels::max_ladder> sums(const Ladder& ladder) {
    std::array<double, kernels::max_ladder> out{};
    drop_far(ladder.top);
    if (distances_.empty()) return out;
    kernels::in_use<double>().exp_sums({distances_.data(), distances_.size(), 1, distances_.size()},
                                       std::numbers::log2e / ladder.top, &nearest_, ladder.index.size(), out.data(), 1,
                                       nullptr, 0);
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

double spread_of(double norm, const Nearest& nearest) {
  const double least = std::min(nearest.same, nearest.other);
  // Of close pairs the distance comes from the differences of their features.
  if (least < product::close_fraction * norm) return least + std::sqrt(least * norm);
  double farther = 0;
  for (const double d : {nearest.same, nearest.other}) farther = std::max(farther, std::isfinite(d) ? d : 0);
  return norm + std::pow(std::sqrt(norm) + std::sqrt(farther), 2);
}

bool is_delicate(const Nearest& nearest, double spread) {
  constexpr double apart = 4e8 * 4 * 0x1p-53;
  return std::isfinite(nearest.same) && std::isfinite(nearest.other) &&
         std::abs(nearest.same - nearest.other) <= apart * spread;
}

bool is_low(double temperature, double spread) { return temperature < 1e7 * 4 * 0x1p-53 * spread; }

ExactRows::ExactRows(const Points& points, std::vector<std::size_t> rows, std::size_t threads,
                     const product::Products<double>& maker)
    : points_(points), maker_(maker), rows_(std::move(rows)), threads_(threads), norms_(rows_.size()) {
  std::vector<double> row(points.features());
  for (std::size_t k = 0; k < rows_.size(); ++k) {
    points.copy_row(rows_[k], row.data());
    norms_[k] = sum_over_features(row.size(), [&](std::size_t f) { return row[f] * row[f]; });
  }
}

void ExactRows::measure(std::size_t begin, std::size_t end, double* out) const {
  const std::size_t n = points_.size();
  const std::vector<std::size_t> indices(rows_.begin() + static_cast<std::ptrdiff_t>(begin),
                                         rows_.begin() + static_cast<std::ptrdiff_t>(end));
  const auto left = points_.rows(maker_, indices);
  const auto columns = [&](std::size_t first, std::size_t count) { return points_.rows(maker_, first, count); };
  Rectangles<double> rectangles(left, indices, {strip, strip}, threads_);
  rectangles.along_columns(n, columns, [&](const Tile<double>& tile, std::size_t) {
    for (std::size_t r = 0; r < tile.rect.rows; ++r) {
      std::copy_n(tile.rect.data + r * tile.rect.stride, tile.rect.cols,
                  out + (tile.row_begin + r) * n + tile.col_begin);
    }
  });
}

void ExactRows::visit(std::size_t count, const Visitor& visitor) {
  const std::size_t n = points_.size();
  const auto visit_rows = [&](std::size_t begin, std::size_t end, const double* distances) {
    parallel::run_parallel(end - begin, threads_,
                           [&](std::size_t r, std::size_t) { visitor(begin + r, distances + r * n); });
  };
  // All columns are made ready again for each time.
  const std::size_t at_a_time = std::clamp<std::size_t>(keep_at_most / n, 1, 4 * strip);
  if (rows_.size() * n <= keep_at_most) {
    if (kept_.empty()) {
      memory::assign_zeros(kept_, rows_.size() * n);
      for (std::size_t begin = 0; begin < rows_.size(); begin += at_a_time) {
        measure(begin, std::min(begin + at_a_time, rows_.size()), kept_.data() + begin * n);
      }
    }
    visit_rows(0, count, kept_.data());
    return;
  }
  std::vector<double> distances(std::min(at_a_time, count) * n);
  for (std::size_t begin = 0; begin < count; begin += at_a_time) {
    const std::size_t end = std::min(begin + at_a_time, count);
    measure(begin, end, distances.data());
    visit_rows(begin, end, distances.data());
  }
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

std::vector<std::size_t> ExactRows::count_within(double window, std::size_t count) {
  std::vector<std::size_t> out(count);
  visit(count, [&](std::size_t k, const double* d) {
    const Nearest nearest = nearest_of(k, d);
    const double limit = std::min(nearest.same, nearest.other) + window;
    out[k] = static_cast<std::size_t>(
        std::count_if(d, d + points_.size(), [limit](double distance) { return distance <= limit; }));
  });
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
      kernels::in_use<double>().exp_sums({d + from, to - from, 1, to - from}, kappa, &shift, 1, &sum, 1, nullptr, 0);
    };
    add(begin, end, nearest.same, same);
    add(0, begin, nearest.other, other);
    add(end, n, nearest.other, other);
    out[k] = {same > 0 ? nearest.same - temperature * std::log(same) : infinity,
              other > 0 ? nearest.other - temperature * std::log(other) : infinity};
  });
  return out;
}

std::vector<double> ExactRows::influences(double temperature) {
  const std::vector<Nearest> soft = soft_nearest(temperature);
  const std::size_t n = points_.size();
  // -T log of the sums over all, and over the own class; +infinity where a sample is not scored.
  std::vector<double> every(n, infinity), own(n, infinity);
  for (std::size_t i = 0; i < n; ++i) {
    if (soft[i].same == infinity) continue;
    own[i] = soft[i].same;
    every[i] = own[i] - temperature * softplus((own[i] - soft[i].other) / temperature);
  }
  std::vector<double> out(n, 0.);
  // Distances are symmetric: the row of j has what others see of it.
  visit(n, [&](std::size_t j, const double* d) {
    const auto c = static_cast<std::size_t>(points_.label(j));
    const std::size_t begin = points_.class_begin()[c], end = points_.class_begin()[c + 1];
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
      if (i == j || own[i] == infinity) continue;
      sum += std::exp(std::min(0., (every[i] - d[i]) / temperature));
      if (i >= begin && i < end) sum -= std::exp(std::min(0., (own[i] - d[i]) / temperature));
    }
    out[j] = sum;
  });
  return out;
}

ExactRows::Row ExactRows::extended_row(std::size_t k, std::vector<double>& storage) const {
  const std::size_t n = points_.size(), own = rows_[k];
  std::vector<long double> distances(n);
  points_.extended_distances(own, distances.data());
  Row row;
  row.base = std::numeric_limits<long double>::infinity();
  for (std::size_t j = 0; j < n; ++j) row.base = j == own ? row.base : std::min(row.base, distances[j]);
  storage.resize(n);
  for (std::size_t j = 0; j < n; ++j) {
    storage[j] = j == own ? infinity : static_cast<double>(distances[j] - row.base);
  }
  row.distances = storage.data();
  row.nearest = nearest_of(k, storage.data());
  return row;
}

ExactRows::Row ExactRows::row_for(std::size_t k, const double* distances, double lowest,
                                  std::vector<double>& storage) const {
  const Nearest nearest = nearest_of(k, distances);
  const double spread = spread_of(norms_[k], nearest);
  if (is_low(lowest, spread) && is_delicate(nearest, spread)) return extended_row(k, storage);
  return {distances, 0, nearest};
}

std::vector<double> ExactRows::extended_gaps() {
  std::vector<double> out(rows_.size());
  parallel::run_parallel(rows_.size(), threads_, [&](std::size_t k, std::size_t) {
    std::vector<double> storage;
    const Row row = extended_row(k, storage);
    out[k] = row.nearest.same - row.nearest.other;
  });
  return out;
}

void ExactRows::evaluate(std::size_t k, const Row& row, const std::vector<double>& temperatures,
                         const std::vector<Ladder>& ladders, const Curve& out) const {
  const auto c = static_cast<std::size_t>(points_.label(rows_[k]));
  const std::size_t n = points_.size(), begin = points_.class_begin()[c], end = points_.class_begin()[c + 1];
  const bool scored = end - begin > 1;
  if (!scored && !out.log_masses) return;
  const double* const d = row.distances;
  const Nearest& nearest = row.nearest;
  const auto offset = static_cast<double>(static_cast<long double>(out.offset) - row.base);
  Neighbors same(nearest.same), other(nearest.other);
  if (scored) same.add(d + begin, end - begin);
  other.add(d, begin);
  other.add(d + end, n - end);
  for (const Ladder& ladder : ladders) {  // from the highest temperature to the lowest
    const std::array<double, kernels::max_ladder> own = same.sums(ladder), others = other.sums(ladder);
    for (std::size_t q = 0; q < ladder.index.size(); ++q) {
      const double t = temperatures[ladder.index[q]];
      const std::size_t at = ladder.index[q] * out.stride;
      double loss = 0;
      if (scored && nearest.other < infinity) {
        loss = softplus(std::log(others[q] / own[q]) - (nearest.other - nearest.same) / t);
      }
      if (scored) out.losses[at] = loss;
      if (out.log_masses) {
        out.log_masses[at] = scored ? std::log(own[q]) + loss + (offset - nearest.same) / t
                                    : std::log(others[q]) + (offset - nearest.other) / t;
      }
    }
  }
}

std::vector<double> ExactRows::losses(const std::vector<double>& temperatures, std::size_t count,
                                      std::vector<double>* log_masses, const std::vector<double>& offsets) {
  const std::vector<Ladder> ladders = make_ladders(temperatures);
  std::vector<double> out(temperatures.size() * count, std::numeric_limits<double>::quiet_NaN());
  if (temperatures.empty()) return out;
  const double lowest = *std::min_element(temperatures.begin(), temperatures.end());
  if (log_masses) log_masses->assign(out.size(), 0.);
  visit(count, [&](std::size_t k, const double* d) {
    Curve curve{out.data() + k, nullptr, count, 0};
    if (log_masses) {
      curve.log_masses = log_masses->data() + k;
      curve.offset = offsets[k];
    }
    std::vector<double> storage;
    evaluate(k, row_for(k, d, lowest, storage), temperatures, ladders, curve);
  });
  return out;
}

std::vector<RowDetails> ExactRows::details(double temperature) {
  const double kappa = std::numbers::log2e / temperature;
  std::vector<RowDetails> out(rows_.size());
  const std::vector<double> temperatures{temperature};
  const std::vector<Ladder> ladders = make_ladders(temperatures);
  visit(rows_.size(), [&](std::size_t k, const double* distances) {
    std::vector<double> storage;
    const Row exact = row_for(k, distances, temperature, storage);
    const double* const d = exact.distances;
    const double shift = std::min(exact.nearest.same, exact.nearest.other);
    RowDetails& row = out[k];
    row.loss = std::numeric_limits<double>::quiet_NaN();
    evaluate(k, exact, temperatures, ladders, {&row.loss, nullptr, 1, 0});
    row.by_class.assign(points_.classes(), 0.);
    double mass = 0, moment = 0;
    for (std::size_t c = 0; c < points_.classes(); ++c) {
      const std::size_t begin = points_.class_begin()[c], count = points_.class_size(c);
      if (count == 0) continue;
      kernels::in_use<double>().entropy_sums({d + begin, count, 1, count}, kappa, &shift, &row.by_class[c], &moment,
                                             nullptr, nullptr);
      mass += row.by_class[c];
    }
    for (double& p : row.by_class) p /= mass;
    row.effective = mass * std::exp2(-moment / mass);  // H = log Z - sum p u log 2
  });
  return out;
}

}  // namespace snnl::engine
