// What needs no HDF5, alone.

#include <snnl/entanglement.hpp>
#include <vector>

int main() {
  const xt::xtensor<double, 2> x{{0, 0}, {0, 1}, {1, 0}, {5, 5}, {5, 6}, {6, 5}};
  return snnl::entanglement(x, std::vector<int>{0, 0, 0, 1, 1, 1}).value < 1e-6 ? 0 : 1;
}
