#include "snnl/points/queries.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <string>

#include "snnl/error.hpp"
#include "snnl/points/shuffle.hpp"

namespace snnl::engine {
namespace {

/// Two, so that the spread inside a class can be told.
std::size_t least_of(std::size_t members) { return std::min<std::size_t>(members, 2); }

/// Queries of each class: shares of `count` by size, but no fewer than least_of.
std::vector<std::size_t> allocate(const Points& points, std::size_t count) {
  const std::size_t classes = points.classes();
  std::vector<std::size_t> given(classes, 0);
  std::vector<char> settled(classes, 0);
  std::size_t left = count, members = points.size(), needed = 0;
  for (std::size_t c = 0; c < classes; ++c) needed += least_of(points.class_size(c));
  if (needed > count) {
    throw Error("", std::to_string(count).append(" query rows are too few for two of each class"),
                std::string("at least ").append(std::to_string(needed)).append(" are needed"));
  }
  const auto share = [&](std::size_t c) {
    return static_cast<double>(left) * static_cast<double>(points.class_size(c)) / static_cast<double>(members);
  };
  // Small classes take their least; what is left is shared among the others, which may make more of them small.
  for (bool changed = true; changed && members > 0;) {
    changed = false;
    const std::vector<char> before = settled;
    std::size_t taken = 0, gone = 0;
    for (std::size_t c = 0; c < classes; ++c) {
      if (before[c] || share(c) >= static_cast<double>(least_of(points.class_size(c)))) continue;
      given[c] = least_of(points.class_size(c));
      settled[c] = 1;
      taken += given[c];
      gone += points.class_size(c);
      changed = true;
    }
    left -= taken;
    members -= gone;
  }
  std::vector<std::pair<double, std::size_t>> rests;
  std::size_t whole = 0;
  for (std::size_t c = 0; c < classes; ++c) {
    if (settled[c] || members == 0) continue;
    given[c] = std::min(static_cast<std::size_t>(share(c)), points.class_size(c));
    whole += given[c];
    if (given[c] < points.class_size(c)) rests.push_back({static_cast<double>(given[c]) - share(c), c});
  }
  std::sort(rests.begin(), rests.end());
  for (std::size_t k = 0; k < rests.size() && whole < left; ++k, ++whole) ++given[rests[k].second];
  return given;
}

}  // namespace

Queries::Queries(const Points& points) : rows_(points.size()), class_begin_(points.class_begin()) {
  std::iota(rows_.begin(), rows_.end(), std::size_t{0});
  weights_.assign(points.classes(), 1.);
}

Queries::Queries(const Points& points, std::size_t count, std::uint64_t seed) : Queries(points) {
  if (count >= points.size()) return;
  all_ = false;
  const std::vector<std::size_t> given = allocate(points, count);
  std::mt19937_64 random(seed);
  rows_.clear();
  class_begin_.assign(1, 0);
  for (std::size_t c = 0; c < points.classes(); ++c) {
    std::vector<std::size_t> members(points.class_size(c));
    std::iota(members.begin(), members.end(), points.class_begin()[c]);
    // Drawn in the caller's order, which does not depend on the values.
    std::sort(members.begin(), members.end(),
              [&](std::size_t a, std::size_t b) { return points.order()[a] < points.order()[b]; });
    shuffle_first(members, given[c], random);
    members.resize(given[c]);
    std::sort(members.begin(), members.end());
    rows_.insert(rows_.end(), members.begin(), members.end());
    class_begin_.push_back(rows_.size());
    weights_[c] = given[c] > 0 ? static_cast<double>(points.class_size(c)) / static_cast<double>(given[c]) : 0.;
  }
}

std::vector<std::size_t> Queries::rows(const std::vector<std::size_t>& queries) const {
  std::vector<std::size_t> out;
  out.reserve(queries.size());
  for (const std::size_t q : queries) out.push_back(rows_[q]);
  return out;
}

}  // namespace snnl::engine
