#include "snnl/entanglement/ladder.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "snnl/kernels/kernel_table.hpp"

namespace snnl::engine {

std::vector<Ladder> make_ladders(const std::vector<double>& temperatures) {
  std::vector<std::size_t> by_height(temperatures.size());
  std::iota(by_height.begin(), by_height.end(), std::size_t{0});
  std::stable_sort(by_height.begin(), by_height.end(),
                   [&](std::size_t a, std::size_t b) { return temperatures[a] > temperatures[b]; });
  std::vector<Ladder> ladders;
  for (const std::size_t k : by_height) {
    const double t = temperatures[k];
    const auto home = std::find_if(ladders.begin(), ladders.end(), [&](const Ladder& ladder) {
      return ladder.index.size() < kernels::max_ladder &&
             std::ldexp(ladder.top, -static_cast<int>(ladder.index.size())) == t;
    });
    if (home != ladders.end()) {
      home->index.push_back(k);
    } else {
      ladders.push_back({t, {k}});
    }
  }
  return ladders;
}

}  // namespace snnl::engine
