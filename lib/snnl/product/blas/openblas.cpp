#include "snnl/product/blas/openblas.hpp"

#include <cblas.h>

#include <sstream>

namespace snnl::product {

std::string openblas_description() {
  std::istringstream config(openblas_get_config());
  std::string name, number;
  config >> name >> number;
  return name + " " + number + " (" + openblas_get_corename() + ")";
}

int openblas_threads() { return openblas_get_num_threads(); }

void openblas_set_threads(int count) { openblas_set_num_threads(count); }

}  // namespace snnl::product
