#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "snnl/distance/points.hpp"
#include "snnl/entanglement/ladder.hpp"

namespace snnl {

/// Distance to the nearest sample of the own class and of any other class; +infinity where there is none.
struct Nearest {
  double same = 0;
  double other = 0;
};

/// Neighbourhood of one sample at one temperature.
struct RowDetails {
  double loss = 0;               ///< NaN where the sample is not scored
  double effective = 0;          ///< exp of the entropy of its neighbour probabilities
  std::vector<double> by_class;  ///< [classes] neighbour probability that falls on each class; sums to 1
};

/// The definition, row by row, in double: distances of chosen rows to all rows, and from them the losses by a
/// log-sum-exp with the row's own offsets, which cannot underflow. What cannot be done safely in tiles is done here,
/// and the faster paths are held against it.
class ExactRows {
 public:
  /// `rows` are indices of the engine. Keeps `points`, which must outlive it.
  ExactRows(const Points& points, std::vector<std::size_t> rows, std::size_t threads);

  const std::vector<std::size_t>& rows() const { return rows_; }

  /// out[t * rows().size() + k] = l_i(T_t) of i = rows()[k], NaN for classes of one.
  std::vector<double> losses(const std::vector<double>& temperatures) { return losses(temperatures, rows_.size()); }
  /// The same for the first `count` rows alone, in place of rows().size().
  std::vector<double> losses(const std::vector<double>& temperatures, std::size_t count);
  /// [rows().size()]
  std::vector<Nearest> nearest() { return nearest(rows_.size()); }
  /// Of the first `count` rows.
  std::vector<Nearest> nearest(std::size_t count);
  /// [rows().size()] -T log sum exp(-d / T) over the own class, and over all others: in place of the distance to the
  /// nearest, that to all of them; +infinity where there are none.
  std::vector<Nearest> soft_nearest(double temperature);
  /// [rows().size()]
  std::vector<RowDetails> details(double temperature);

 private:
  using Visitor = std::function<void(std::size_t k, const double* distances)>;
  /// Visits the first `count` rows.
  void visit(std::size_t count, const Visitor& visitor);
  void keep_all();
  /// Writes the distances of the rows `left`, which are `indices`, to a strip of columns from `col`, at
  /// out[row * n + column].
  void fill(const RowSet<double>& left, const std::size_t* indices, std::size_t col, double* out) const;
  Nearest nearest_of(std::size_t k, const double* distances) const;
  /// out[t * stride] = the loss of the k-th row at the t-th temperature; left as it is where the row is not scored.
  void losses_of(std::size_t k, const double* distances, const std::vector<double>& temperatures,
                 const std::vector<Ladder>& ladders, double* out, std::size_t stride) const;

  const Points& points_;
  std::vector<std::size_t> rows_;
  std::size_t threads_;
  std::vector<double> kept_;  // all distances, where they are few enough to keep between calls
};

}  // namespace snnl
