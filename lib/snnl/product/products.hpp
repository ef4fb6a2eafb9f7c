#pragma once

#include <string>
#include <vector>

#include "snnl/product/product_table.hpp"

namespace snnl::product {

/// What products are made for.
enum class Work { tiles, exact_rows, gradient, neighbors };

/// Who makes the products of `work`: the fastest here as measured (docs/performance.md), or the maker that the
/// environment variable SNNL_PRODUCTS names (packed, blas, plain). The first call that needs BLAS loads it. Throws
/// snnl::Error where SNNL_PRODUCTS names none of them, or a BLAS that is not to be had or computes wrongly.
template <class Real>
const Products<Real>& products(Work work);

/// Who makes what the precision of results is judged by: none of those that make results where they can be chosen.
const Products<double>& judge();

/// Names of the makers that can be had here; loads BLAS.
std::vector<std::string> available();

/// Lets `name` make all products from now on, or whoever is the fastest where it is empty (for tests and benchmarks).
/// Throws std::invalid_argument where it cannot be had. Not to be called while an analysis runs.
void select(const std::string& name);

/// Throws what products() would where SNNL_PRODUCTS is set: before there is work, and after processes were made, since it
/// may start threads.
void require_maker();

/// For people: who makes the products of tiles, "packed", and what is known of BLAS, "OpenBLAS 0.3.21 (Haswell)",
/// "none".
std::string maker_in_use();
std::string blas_in_use();

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
