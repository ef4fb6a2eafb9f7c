#pragma once

#include "snnl/product/product_table.hpp"

namespace snnl::product {

/// Written from the definition, in loops of which compilers make vectors: the judge of the other makers, and the one of
/// last resort. Sums go in double over runs of features, whatever Real is.
template <class Real>
const Products<Real>& plain();

}  // namespace snnl::product
