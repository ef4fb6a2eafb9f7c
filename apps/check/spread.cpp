#include "check/spread.hpp"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace snnl::check {
namespace {

constexpr double chance_beyond = .01;

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

}  // namespace

double Spread::limit(double mean, Worse worse, std::size_t layers) const {
  if (!(share > 0)) return 0;
  const double beyond = chance_beyond / static_cast<double>(layers) / (worse == Worse::both ? 2 : 1);
  const double t = boost::math::quantile(boost::math::complement(boost::math::students_t(degrees), beyond));
  return t * share * std::abs(mean) * std::sqrt(1 + 1 / static_cast<double>(runs));
}

Spread spread_of(const std::vector<std::vector<double>>& values) {
  std::vector<std::vector<double>> shares;  // [epoch][run]
  Spread out;
  for (const std::vector<double>& at_epoch : values) {
    out.runs = at_epoch.size();
    const double mean = mean_of(at_epoch);
    if (!(std::abs(mean) > rounding)) continue;
    shares.emplace_back();
    for (const double value : at_epoch) shares.back().push_back(value / mean - 1);
  }
  out.epochs = shares.size();
  if (shares.empty() || out.runs < 2) return out;
  const double free = static_cast<double>(out.runs) - 1, epochs = static_cast<double>(out.epochs);
  double trace = 0, squares = 0;  // of the covariance, and of its square
  for (std::size_t a = 0; a < shares.size(); ++a) {
    for (std::size_t b = 0; b < shares.size(); ++b) {
      double covariance = 0;
      for (std::size_t r = 0; r < out.runs; ++r) covariance += shares[a][r] * shares[b][r] / free;
      squares += covariance * covariance;
      if (a == b) trace += covariance;
    }
  }
  out.share = std::sqrt(trace / epochs);
  out.degrees = trace > 0 ? free * trace * trace / squares : free;
  return out;
}

}  // namespace snnl::check
