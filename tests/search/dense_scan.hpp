#pragma once

#include <cstdint>
#include <vector>
#include <xtensor/xtensor.hpp>

#include "snnl/options.hpp"

namespace search {

/// The entanglement by its definition, in double, fast enough for many thousands of small data sets: distances from the
/// differences of the features, sorted for each row, and log-sum-exps of what is not negligible.
class DenseScan {
 public:
  DenseScan(const xt::xtensor<float, 2>& x, const std::vector<std::int64_t>& y, snnl::Distance distance);

  double mean_distance() const { return mean_distance_; }
  std::size_t scored() const { return rows_.size(); }
  /// Mean loss of the scored samples.
  double at(double temperature) const;

  struct Least {
    double temperature = 0, loss = 0;
  };
  /// The least over [2^-40, 2^10] mean distances: `per_octave` to the octave, and closer around the three least.
  /// Octaves below `lowest` are left out.
  Least least(int per_octave, int lowest = -40) const;

 private:
  struct Row {
    std::vector<double> same, other;  // sorted
  };
  std::vector<Row> rows_;
  double mean_distance_ = 0;
};

}  // namespace search
