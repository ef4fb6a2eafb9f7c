#include <algorithm>
#include <string>

#include "snnl/error.hpp"
#include "snnl/outlier_scores.hpp"

namespace snnl {

Votes count_votes(const Neighbors& neighbors, const std::vector<std::int32_t>& labels, std::size_t classes) {
  for (const std::int32_t label : labels) {
    if (label < 0 || static_cast<std::size_t>(label) >= classes) throw Error("", "a label is outside the classes");
  }
  Votes out{neighbors.queries, classes, std::vector<std::uint32_t>(neighbors.queries * classes, 0)};
  for (std::size_t q = 0; q < neighbors.queries; ++q) {
    for (std::size_t r = 0; r < neighbors.k; ++r) {
      const std::uint32_t sample = neighbors.indices_of(q)[r];
      if (sample == Neighbors::missing) continue;
      ++out.counts[q * classes + static_cast<std::size_t>(labels.at(sample))];
    }
  }
  return out;
}

void add_votes(Votes& sum, const Votes& layer) {
  if (sum.queries != layer.queries || sum.classes != layer.classes) {
    throw Error("", "votes of other queries or classes cannot be added");
  }
  for (std::size_t k = 0; k < sum.counts.size(); ++k) sum.counts[k] += layer.counts[k];
}

std::vector<std::int32_t> most_voted(const Votes& votes) {
  std::vector<std::int32_t> out(votes.queries);
  for (std::size_t q = 0; q < votes.queries; ++q) {
    const auto begin = votes.counts.begin() + static_cast<std::ptrdiff_t>(q * votes.classes);
    out[q] =
        static_cast<std::int32_t>(std::max_element(begin, begin + static_cast<std::ptrdiff_t>(votes.classes)) - begin);
  }
  return out;
}

}  // namespace snnl
