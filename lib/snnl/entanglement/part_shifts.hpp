#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

#include "snnl/entanglement/exact_rows.hpp"
#include "snnl/kernels/kernel_table.hpp"
#include "snnl/tiles/tile_parts.hpp"

namespace snnl::engine {

/// A power of e that may be out of the range of double where what it scales is at the other end: its square root,
/// twice.
struct PartFactor {
  double root = 1;
  double operator()(double sum) const { return sum * root * root; }
};

/// Chooses, for each part of a tile, the shift of its weights exp((shift - d) / T): samples of unequal norm have
/// nearest distances that differ by more than the range of Real at a low temperature.
///
/// A row i matters in a part whose least distance in that row is not far above its nearest distance m_i, and all
/// distances of the part are at least the m_i of its rows and columns. So one shift does for a part where the m_i of
/// those that matter are near its least distance; else it is cut in halves. Where even the smallest part has no shift
/// for all, or what was left out of a row mattered, the row is doubtful.
template <class Real>
class PartShifts {
 public:
  /// `known` [queries] nearest distances; empty: they are found on the way. `shift`: what sums of the whole pass are
  /// relative to, and that of all parts for which it does.
  PartShifts(const std::vector<Nearest>& known, std::size_t queries, const std::vector<double>& temperatures,
             double shift, const Tiles<Real>& tiles);

  /// Which distances of a row a part holds.
  enum class Kind { same, other, mixed };
  /// Calls `visit(part, shift)` for parts of `part` that cover it. Rows and columns belong to the caller as in
  /// Tiles::for_each.
  template <class Visit>
  void visit(const Tile<Real>& tile, const TilePart<Real>& part, Kind kind, std::size_t worker, const Visit& visit) {
    const Bounds bounds = look_at(tile, part, kind, worker);
    const Choice choice = choose(bounds);
    if (!choice.fits && (part.rect.rows > least_edge || part.rect.cols > least_edge)) {
      const bool by_rows = part.rect.rows >= part.rect.cols;
      const std::size_t edge = by_rows ? part.rect.rows : part.rect.cols, half = edge / 2;
      for (const auto [first, count] : {Stretch{0, half}, Stretch{half, edge - half}}) {
        const TilePart<Real> piece = by_rows ? tile_part(tile, part.row + first, count, part.col, part.rect.cols)
                                             : tile_part(tile, part.row, part.rect.rows, part.col + first, count);
        this->visit(tile, piece, kind, worker, visit);
      }
      return;
    }
    if (choice.shift != shift_ || !choice.fits) doubt(tile, part, kind, worker, choice.shift);
    visit(part, choice.shift);
  }

  /// Makes weights of a part with this shift those of the pass, at the t-th temperature.
  PartFactor factor(double shift, std::size_t t) const {
    return {shift == shift_ ? 1 : std::exp2(octaves(shift, t) / 2)};
  }
  /// Its binary logarithm.
  double octaves(double shift, std::size_t t) const { return kappa_[t] * (shift_ - shift); }

  /// Nearest distances: those that were known, or what was found.
  std::vector<Nearest> nearest() const;
  /// [queries] whether sums of the row may lack what matters, now that its nearest distances are known.
  std::vector<char> doubtful() const;

 private:
  static constexpr std::size_t least_edge = 16;
  struct Stretch {
    std::size_t first, count;
  };
  struct Bounds {
    double least = 0;  ///< of the distances, from below
    double most = 0;   ///< nearest distance of a row or column that matters
  };
  struct Choice {
    double shift = 0;
    bool fits = false;  ///< for all that matter
  };
  /// That a part may have left out what matters to a row; less is known of its nearest distances then than later.
  struct Doubt {
    std::size_t row;
    Kind kind;
    double least, shift;
  };
  struct Line {
    std::vector<Real> rows, cols;  ///< least distances of a part
    std::vector<Doubt> doubts;
  };

  Bounds look_at(const Tile<Real>& tile, const TilePart<Real>& part, Kind kind, std::size_t worker);
  Choice choose(const Bounds& bounds) const;
  void doubt(const Tile<Real>& tile, const TilePart<Real>& part, Kind kind, std::size_t worker, double shift);
  bool lacks(double nearest, double least, double shift) const;
  /// Nearest distance of a row that the sums which the part adds to are relative to.
  double reference(std::size_t row, Kind kind) const {
    const auto same = static_cast<double>(same_[row]), other = static_cast<double>(other_[row]);
    return kind == Kind::same ? same : same < other ? same : other;
  }

  double shift_;
  bool known_;
  std::vector<double> kappa_;  // [temperatures] log2(e) / T
  double steepest_;            // the largest of them
  std::vector<Real> same_, other_;
  std::vector<Line> lines_;  // [threads]
};

}  // namespace snnl::engine
