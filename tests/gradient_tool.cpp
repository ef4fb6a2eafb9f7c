// The gradient for other programs to check: reads "n d temperature distance precision" and then n lines of a label and
// d features from stdin, prints the loss, dl / d log T, and n lines of d numbers.

#include <iomanip>
#include <iostream>
#include <string>
#include <vector>

#include "snnl/entanglement_gradient.hpp"

int main() {
  std::size_t n = 0, d = 0;
  double temperature = 0;
  std::string distance, precision;
  if (!(std::cin >> n >> d >> temperature >> distance >> precision)) return 2;
  auto x = xt::xtensor<float, 2>::from_shape({n, d});
  std::vector<std::int64_t> labels(n);
  for (std::size_t i = 0; i < n; ++i) {
    std::cin >> labels[i];
    for (std::size_t f = 0; f < d; ++f) std::cin >> x(i, f);
  }
  if (!std::cin) return 2;
  snnl::GradientOptions options;
  options.distance = distance == "cosine" ? snnl::Distance::cosine : snnl::Distance::sqeuclidean;
  options.precision = precision == "double" ? snnl::Precision::twice : snnl::Precision::automatic;
  try {
    const auto g = snnl::entanglement_gradient(x, labels, temperature, options);
    std::cout << std::setprecision(17) << g.value << ' ' << g.by_log_temperature << '\n';
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t f = 0; f < d; ++f) std::cout << g.by_activations(i, f) << (f + 1 < d ? ' ' : '\n');
    }
  } catch (const snnl::Error& e) {
    std::cerr << e.what() << '\n';
    return 1;
  }
}
