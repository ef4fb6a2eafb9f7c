#pragma once

#include <string>
#include <vector>

#include "snnl/error.hpp"
#include "snnl/product/product_table.hpp"

namespace snnl::product {

struct Blas;

/// A maker whose products are not those of the definition: no number of this run is to be believed.
class WrongProducts : public Error {
 public:
  /// `maker` for people: its name, and which of its kernels.
  explicit WrongProducts(const std::string& maker,
                         const std::string& advice = "let others make them: SNNL_PRODUCTS=packed, or plain")
      : Error("", "products by " + maker + " are wrong on this processor", advice) {}
};

/// Who makes products: the fastest here as measured (docs/performance.md: one for all work), or the maker that the
/// environment variable SNNL_PRODUCTS names (packed, blas, plain). The first call that needs BLAS loads it; what it
/// makes is held against the definition in a few places of each product, and WrongProducts thrown where it differs.
/// Throws snnl::Error where SNNL_PRODUCTS names none of them, or a BLAS that is not to be had, and WrongProducts where
/// it failed when it was loaded.
template <class Real>
const Products<Real>& products();

/// Who makes what the precision of results is judged by: none of those that make results where they can be chosen.
const Products<double>& judge();

/// Names of the makers that can be had here; loads BLAS.
std::vector<std::string> available();

/// Lets `name` make all products from now on, or whoever is the fastest where it is empty (for tests and benchmarks).
/// Throws std::invalid_argument where it cannot be had. Not to be called while an analysis runs.
void select(const std::string& name);

/// Throws what products() would where SNNL_PRODUCTS is set: before there is work, and after processes were made, since
/// it may start threads.
void require_maker();

/// For people: who makes the products of tiles, "packed", and what is known of BLAS, "OpenBLAS 0.3.21 (Haswell)",
/// "none".
std::string maker_in_use();
std::string blas_in_use();

/// BLAS, loaded where that has not been tried, which a OneThread holds to one thread.
const Blas& shared_blas();

/// While one of these lives, makers stay on the threads that call them: a BLAS with threads of its own is held to one.
/// The last that goes puts back what was before, so that other users of the same BLAS in this process do not feel it
/// after.
class OneThread {
 public:
  OneThread();
  ~OneThread();
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;
};

}  // namespace snnl::product
