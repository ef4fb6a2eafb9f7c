// Two classes, well apart: hardly entangled when labelled by their place, much when labelled alternately.

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <snnl/entanglement.hpp>
#include <snnl/version.hpp>
#include <vector>
#include <xtensor/xtensor.hpp>

int main(int argc, char** argv) {
  if (argc != 2 || std::strcmp(argv[1], snnl::version) != 0) {
    std::fprintf(stderr, "the headers are of version %s\n", snnl::version);
    return 1;
  }

  constexpr std::size_t n = 40;
  xt::xtensor<float, 2> x = xt::zeros<float>({n, std::size_t{2}});
  std::vector<int> place(n), alternate(n);
  for (std::size_t i = 0; i < n; ++i) {
    const auto angle = static_cast<float>(i);
    place[i] = i < n / 2 ? 0 : 1;
    alternate[i] = static_cast<int>(i % 2);
    x(i, 0) = std::cos(angle) + (place[i] == 0 ? -10.0f : 10.0f);
    x(i, 1) = std::sin(angle);
  }
  const snnl::Entanglement apart = snnl::entanglement(x, place);
  const snnl::Entanglement mixed = snnl::entanglement(x, alternate);
  std::printf("apart %g, mixed %g, chance %g\n", apart.value, mixed.value, mixed.chance);

  const bool sane = apart.samples == n && apart.value >= 0 && apart.value < 1e-6 && mixed.value > 0.1 &&
                    mixed.value <= mixed.chance + 1e-5;
  return sane ? 0 : 1;
}
