#pragma once

#include <string>

#include "snnl/product/blas/blas_module.hpp"

namespace snnl::product {

/// BLAS, as far as it is to be had in this process.
struct Blas {
  BlasMakers makers;
  bool there = false;
  /// Whether it got known products right: some versions have kernels that compute wrongly on some processors.
  bool sound = false;
};

/// Loads it where that has not been tried, and tries it on known products.
const Blas& blas();

/// What load_blas tries: small whole numbers, of which every sum is exact, in shapes with edges of all kinds. Whether
/// `maker` gets the distances and the sums that plain() gets.
template <class Real>
bool computes_rightly(const Products<Real>& maker);

}  // namespace snnl::product
