#include "snnl/entanglement/part_shifts.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "snnl/kernels/kernels.hpp"

namespace snnl::engine {
namespace {

template <class Real>
constexpr Real infinity = std::numeric_limits<Real>::infinity();

/// Octaves by which the largest weight of a row may be below 1, so that no term that matters is flushed to zero; and by
/// which a weight may be above, so that sums do not overflow.
template <class Real>
double below() {
  return -std::log2(kernels::ExpRange<Real>::lowest);
}
template <class Real>
double above() {
  constexpr double of_sums = 31;  // as many terms
  return std::log2(kernels::ExpRange<Real>::highest) - of_sums;
}

/// Weights so many octaves below the largest of their row do not matter to it, however many they are.
constexpr double far = 55;

}  // namespace

template <class Real>
PartShifts<Real>::PartShifts(const std::vector<Nearest>& known, std::size_t queries,
                             const std::vector<double>& temperatures, double shift, const Tiles<Real>& tiles)
    : shift_(shift),
      known_(!known.empty()),
      steepest_(0),
      same_(queries, infinity<Real>),
      other_(queries, infinity<Real>),
      lines_(tiles.threads(), {std::vector<Real>(std::max(tiles.edge(), tiles.width())),
                               std::vector<Real>(std::max(tiles.edge(), tiles.width())),
                               {}}) {
  for (const double t : temperatures) {
    kappa_.push_back(std::numbers::log2e / t);
    steepest_ = std::max(steepest_, kappa_.back());
  }
  for (std::size_t i = 0; i < known.size(); ++i) {
    same_[i] = static_cast<Real>(known[i].same);
    other_[i] = static_cast<Real>(known[i].other);
  }
}

template <class Real>
std::vector<Nearest> PartShifts<Real>::nearest() const {
  std::vector<Nearest> out(same_.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = {static_cast<double>(same_[i]), static_cast<double>(other_[i])};
  }
  return out;
}

template <class Real>
typename PartShifts<Real>::Bounds PartShifts<Real>::look_at(const Tile<Real>& tile, const TilePart<Real>& part,
                                                            Kind kind, std::size_t worker) {
  const std::size_t rows = part.rect.rows, cols = part.rect.cols;
  const std::size_t row = tile.row_begin + part.row, col = tile.col_begin + part.col;
  Line& line = lines_[worker];
  if (!known_) {
    std::fill_n(line.rows.begin(), rows, infinity<Real>);
    std::fill_n(line.cols.begin(), cols, infinity<Real>);
    kernels::in_use<Real>().minima(part.rect, line.rows.data(), tile.mirrored ? line.cols.data() : nullptr);
    std::vector<Real>& least = kind == Kind::same ? same_ : other_;
    for (std::size_t i = 0; i < rows; ++i) least[row + i] = std::min(least[row + i], line.rows[i]);
    for (std::size_t j = 0; tile.mirrored && j < cols; ++j) least[col + j] = std::min(least[col + j], line.cols[j]);
  } else {
    // From below: no distance of a row or a column is less than its nearest.
    const auto nearest = [&](std::size_t i) {
      return kind == Kind::same ? same_[i] : kind == Kind::other ? other_[i] : std::min(same_[i], other_[i]);
    };
    Real of_rows = infinity<Real>, of_cols = tile.mirrored ? infinity<Real> : Real(0);
    for (std::size_t i = 0; i < rows; ++i) of_rows = std::min(of_rows, line.rows[i] = nearest(row + i));
    for (std::size_t j = 0; tile.mirrored && j < cols; ++j)
      of_cols = std::min(of_cols, line.cols[j] = nearest(col + j));
    for (std::size_t i = 0; i < rows; ++i) line.rows[i] = std::max(line.rows[i], of_cols);
    for (std::size_t j = 0; tile.mirrored && j < cols; ++j) line.cols[j] = std::max(line.cols[j], of_rows);
  }
  Bounds bounds{infinity<double>, -infinity<double>};
  const auto add = [&](Real least_of_row, std::size_t i) {
    const auto least = static_cast<double>(least_of_row);
    if (least == infinity<double>) return;
    bounds.least = std::min(bounds.least, least);
    const double nearest = reference(i, kind);
    if (steepest_ * (least - nearest) < far) bounds.most = std::max(bounds.most, nearest);
  };
  for (std::size_t i = 0; i < rows; ++i) add(line.rows[i], row + i);
  for (std::size_t j = 0; tile.mirrored && j < cols; ++j) add(line.cols[j], col + j);
  return bounds;
}

template <class Real>
typename PartShifts<Real>::Choice PartShifts<Real>::choose(const Bounds& bounds) const {
  if (bounds.least == infinity<double>) return {shift_, true};
  const double lowest = bounds.most - below<Real>() / steepest_, highest = bounds.least + above<Real>() / steepest_;
  if (lowest <= shift_ && shift_ <= highest) return {shift_, true};
  if (bounds.most == -infinity<double>) return {std::min(shift_, highest), true};  // at the lowest temperature
  if (lowest <= highest) return {(bounds.most + bounds.least) / 2, true};
  return {highest, false};
}

/// Whether a row lacks what matters, at some temperature, where a part of it with this shift has nothing nearer than
/// `least`.
template <class Real>
bool PartShifts<Real>::lacks(double nearest, double least, double shift) const {
  const double under = nearest - shift;
  if (steepest_ * under <= below<Real>()) return false;
  return std::any_of(kappa_.begin(), kappa_.end(),
                     [&](double kappa) { return kappa * under > below<Real>() && kappa * (least - nearest) < far; });
}

template <class Real>
void PartShifts<Real>::doubt(const Tile<Real>& tile, const TilePart<Real>& part, Kind kind, std::size_t worker,
                             double shift) {
  Line& line = lines_[worker];
  const auto look = [&](Real least_of_row, std::size_t i) {
    const auto least = static_cast<double>(least_of_row);
    if (least != infinity<double> && lacks(reference(i, kind), least, shift)) {
      line.doubts.push_back({i, kind, least, shift});
    }
  };
  const std::size_t row = tile.row_begin + part.row, col = tile.col_begin + part.col;
  for (std::size_t i = 0; i < part.rect.rows; ++i) look(line.rows[i], row + i);
  for (std::size_t j = 0; tile.mirrored && j < part.rect.cols; ++j) look(line.cols[j], col + j);
}

template <class Real>
std::vector<char> PartShifts<Real>::doubtful() const {
  std::vector<char> out(same_.size(), 0);
  for (const Line& line : lines_) {
    for (const Doubt& one : line.doubts) {
      if (lacks(reference(one.row, one.kind), one.least, one.shift)) out[one.row] = 1;
    }
  }
  return out;
}

template class PartShifts<float>;
template class PartShifts<double>;

}  // namespace snnl::engine
