#include "report/class_order.hpp"

#include <algorithm>
#include <cmath>

namespace snnl::report {
namespace {

struct Merge {
  std::size_t a, b;
  double similarity;
};

/// The clusters that average linkage merges, in the order in which the chain finds them. A cluster is known by the
/// lower of the places of its parts.
std::vector<Merge> merges(xt::xtensor<double, 2> s) {
  const std::size_t n = s.shape(0);
  std::vector<double> size(n, 1);
  std::vector<bool> alive(n, true);
  std::vector<std::size_t> chain;
  std::vector<Merge> out;
  while (out.size() + 1 < n) {
    if (chain.empty()) {
      chain.push_back(static_cast<std::size_t>(std::find(alive.begin(), alive.end(), true) - alive.begin()));
    }
    const std::size_t here = chain.back();
    // The one before wins ties, which ends the chain.
    std::size_t best = chain.size() > 1 ? chain[chain.size() - 2] : n;
    for (std::size_t k = 0; k < n; ++k) {
      if (!alive[k] || k == here) continue;
      if (best == n || s(here, k) > s(here, best)) best = k;
    }
    if (chain.size() < 2 || best != chain[chain.size() - 2]) {
      chain.push_back(best);
      continue;
    }
    chain.resize(chain.size() - 2);
    const std::size_t a = std::min(here, best), b = std::max(here, best);
    out.push_back({a, b, s(a, b)});
    for (std::size_t k = 0; k < n; ++k) {
      if (!alive[k] || k == a || k == b) continue;
      s(a, k) = s(k, a) = (size[a] * s(a, k) + size[b] * s(b, k)) / (size[a] + size[b]);
    }
    size[a] += size[b];
    alive[b] = false;
  }
  std::stable_sort(out.begin(), out.end(), [](const Merge& x, const Merge& y) { return x.similarity > y.similarity; });
  return out;
}

}  // namespace

std::vector<std::size_t> cluster_classes(const xt::xtensor<double, 2>& similarity) {
  const std::size_t n = similarity.shape(0);
  auto s = xt::xtensor<double, 2>::from_shape({n, n});
  for (std::size_t a = 0; a < n; ++a) {
    for (std::size_t b = 0; b < n; ++b) s(a, b) = std::isnan(similarity(a, b)) ? 0 : similarity(a, b);
  }
  std::vector<std::vector<std::size_t>> parts(n);
  for (std::size_t k = 0; k < n; ++k) parts[k] = {k};
  // Where a part lies now: merges name parts by classes in them.
  std::vector<std::size_t> root(n);
  for (std::size_t k = 0; k < n; ++k) root[k] = k;
  for (const Merge& merge : merges(s)) {
    std::vector<std::size_t>&left = parts[root[merge.a]], &right = parts[root[merge.b]];
    const double ends[4] = {s(left.back(), right.front()), s(left.back(), right.back()), s(left.front(), right.front()),
                            s(left.front(), right.back())};
    const auto best = std::max_element(ends, ends + 4) - ends;
    if (best >= 2) std::reverse(left.begin(), left.end());
    if (best % 2 == 1) std::reverse(right.begin(), right.end());
    const std::size_t from = root[merge.b];
    left.insert(left.end(), right.begin(), right.end());
    right.clear();
    for (std::size_t& r : root) {
      if (r == from) r = root[merge.a];
    }
  }
  return n == 0 ? std::vector<std::size_t>() : parts[root[0]];
}

}  // namespace snnl::report
