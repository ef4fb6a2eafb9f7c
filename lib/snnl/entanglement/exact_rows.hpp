#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "snnl/entanglement/ladder.hpp"
#include "snnl/points/points.hpp"
#include "snnl/product/products.hpp"

namespace snnl::engine {

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

/// What rounding in double moves the distances of a row by, in parts of the epsilon, from its squared norm: about the
/// norms of the two, or what matters of them where pairs are close.
double spread_of(double norm, const Nearest& nearest);
/// Where double can no longer tell which of a row's nearest neighbours is nearer, and temperatures are so low that it
/// matters. Of other rows rounding changes a loss by less than 1e-7 max(1, l).
bool is_delicate(const Nearest& nearest, double spread);
bool is_low(double temperature, double spread);

/// The definition, row by row, in double: distances of chosen rows to all rows, and from them the losses by a
/// log-sum-exp with the row's own offsets, which cannot underflow. Delicate rows at low temperatures are in extended
/// precision. What cannot be done safely in tiles is done here, and the faster paths are held against it.
class ExactRows {
 public:
  /// `rows` are indices of the engine, the distances products by `maker`. Keeps `points`, which must outlive it.
  ExactRows(const Points& points, std::vector<std::size_t> rows, std::size_t threads,
            const product::Products<double>& maker = product::products<double>());

  const std::vector<std::size_t>& rows() const { return rows_; }

  /// out[t * rows().size() + k] = l_i(T_t) of i = rows()[k], NaN for classes of one.
  std::vector<double> losses(const std::vector<double>& temperatures) { return losses(temperatures, rows_.size()); }
  /// The same for the first `count` rows alone, in place of rows().size(). `log_masses`, where not null, gets
  /// log sum_k exp((offsets[k] - d_ik) / T) over all neighbours as well, in the same places, for all rows.
  std::vector<double> losses(const std::vector<double>& temperatures, std::size_t count,
                             std::vector<double>* log_masses = nullptr, const std::vector<double>& offsets = {});
  /// [rows().size()]
  std::vector<Nearest> nearest() { return nearest(rows_.size()); }
  /// Of the first `count` rows.
  std::vector<Nearest> nearest(std::size_t count);
  /// Of the first `count` rows: how many samples are at most `window` farther than the nearest one.
  std::vector<std::size_t> count_within(double window, std::size_t count);
  /// [rows().size()] The distance to the nearest of the own class less that to the nearest of the others, in extended
  /// precision.
  std::vector<double> extended_gaps();
  /// [rows().size()] -T log sum exp(-d / T) over the own class, and over all others: in place of the distance to the
  /// nearest, that to all of them; +infinity where there are none.
  std::vector<Nearest> soft_nearest(double temperature);
  /// [n] of samples as neighbours of others: sum over scored i of p_ij - q_ij for each sample j, with q_ij the
  /// neighbour probabilities in the class of i. rows() are to be all samples, in order. Does not depend on the threads.
  std::vector<double> influences(double temperature);
  /// [rows().size()]
  std::vector<RowDetails> details(double temperature);

 private:
  using Visitor = std::function<void(std::size_t k, const double* distances)>;
  /// Visits the first `count` rows.
  void visit(std::size_t count, const Visitor& visitor);
  /// Writes the distances of the rows [begin, end) to all samples to out[(end - begin) * n].
  void measure(std::size_t begin, std::size_t end, double* out) const;
  Nearest nearest_of(std::size_t k, const double* distances) const;
  struct Curve {
    double* losses = nullptr;      ///< [t * stride]; left as they are where the row is not scored
    double* log_masses = nullptr;  ///< [t * stride], or null
    std::size_t stride = 1;
    double offset = 0;  ///< of log_masses
  };
  /// Distances of a row less `base`; base is 0 unless they are in extended precision.
  struct Row {
    const double* distances = nullptr;
    long double base = 0;
    Nearest nearest;  ///< less base
  };
  /// The row whose distances in double are `distances`, in extended precision where that matters down to `lowest`.
  Row row_for(std::size_t k, const double* distances, double lowest, std::vector<double>& storage) const;
  Row extended_row(std::size_t k, std::vector<double>& storage) const;
  /// The k-th row at all temperatures.
  void evaluate(std::size_t k, const Row& row, const std::vector<double>& temperatures,
                const std::vector<Ladder>& ladders, const Curve& out) const;

  const Points& points_;
  const product::Products<double>& maker_;
  std::vector<std::size_t> rows_;
  std::size_t threads_;
  std::vector<double> norms_;  // [rows] squared
  std::vector<double> kept_;   // all distances, where they are few enough to keep between calls
};

}  // namespace snnl::engine
