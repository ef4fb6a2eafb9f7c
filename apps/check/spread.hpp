#pragma once

#include <cstddef>
#include <vector>

#include "check/rules.hpp"

namespace snnl::check {

/// By how much the number of a layer differs between trainings that differ in their seed alone, as a share of it.
struct Spread {
  std::size_t runs = 0;
  std::size_t epochs = 0;  ///< over which it was pooled
  double share = 0;        ///< standard deviation over mean
  /// By how many free numbers that is known: (runs - 1) for one epoch; more for several, as far as they do not move
  /// together (Satterthwaite).
  double degrees = 0;

  /// How far another such training may be from their mean `mean`, the way that is worse: Student's t for `degrees`,
  /// times the standard deviation, times sqrt(1 + 1 / runs). Of `layers` that are judged so, the chance that any is
  /// farther is 1 in 100 (Bonferroni).
  double limit(double mean, Worse worse, std::size_t layers) const;
};

/// Of values[epoch][run], at least two runs. Epochs whose mean is next to 0 are left out.
///
/// With r_e the shares by which the runs differ from their mean at epoch e, and S their covariance over the runs
/// [epochs, epochs], the variance is tr S / epochs, and its degrees of freedom (runs - 1) (tr S)^2 / tr S^2. What
/// sampling adds to tr S^2 is left in, which makes them fewer: with three layers and three epochs, 0.6 to 1.9 in a
/// hundred trainings of another seed were beyond a limit (3, 5 and 8 runs; drawn from 60 trainings of a small network,
/// and from 32 of an MLP on Fashion-MNIST), and 3 to 13 in a hundred where it was taken out.
Spread spread_of(const std::vector<std::vector<double>>& values);

}  // namespace snnl::check
