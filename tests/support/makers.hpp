#pragma once

#include <cstdlib>
#include <string>

#include "snnl/product/products.hpp"
#include "snnl/simd/instruction_set.hpp"

namespace test {

/// Restores the instruction set and the maker of products that were in use.
struct KeepMakers {
  std::string set = snnl::simd::name();
  ~KeepMakers() {
    const char* const name = std::getenv("SNNL_PRODUCTS");
    snnl::simd::select(set);
    snnl::product::select(name ? name : "");
  }
};

}  // namespace test
