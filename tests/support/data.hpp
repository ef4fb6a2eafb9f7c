#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>
#include <xtensor/xtensor.hpp>

#include "support/definition.hpp"

/// Data sets with something hard about them, the same on every run.
namespace data {

struct Samples {
  std::string name;
  xt::xtensor<float, 2> x;
  std::vector<std::int64_t> y;
};

/// `classes` Gaussian clusters of unit width whose centres are `separation` apart in each feature, [n, d]; the label
/// of row i is i % classes.
Samples clusters(std::size_t n, std::size_t d, std::size_t classes, double separation, std::uint32_t seed);

/// x in double, for the definition
definition::Matrix widen(const xt::xtensor<float, 2>& x);

/// Every case the accuracy bounds are promised for, by name.
std::vector<Samples> hard_cases();

}  // namespace data
