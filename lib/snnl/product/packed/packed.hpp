#pragma once

#include "snnl/product/product_table.hpp"

namespace snnl::product {

/// A matrix product of our own, in BLIS' manner: operands lie in micropanels, sums stay in registers over many terms,
/// and distances are made where a product ends. For the instruction set in use.
template <class Real>
const Products<Real>& packed();
template <>
const Products<float>& packed();
template <>
const Products<double>& packed();

}  // namespace snnl::product
