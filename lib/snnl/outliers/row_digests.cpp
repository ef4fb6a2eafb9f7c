#include "snnl/outliers/row_digests.hpp"

#include <unordered_map>

#include "snnl/files/digest.hpp"

namespace snnl::outliers {

void RowDigests::add(const SampleSet::Layer& layer) {
  digests_.resize(layer.rows, 0);
  // In double, whatever the layer is stored as in this file; -0 and 0 are equal.
  std::vector<double> row(layer.features);
  for (std::size_t i = 0; i < layer.rows; ++i) {
    for (std::size_t f = 0; f < row.size(); ++f) {
      const double value = layer.is_wide() ? layer.wide_view().row(i)[f] : static_cast<double>(layer.view().row(i)[f]);
      row[f] = value == 0 ? 0. : value;
    }
    digests_[i] = files::short_digest(row.data(), row.size() * sizeof(double), digests_[i]);
  }
}

std::optional<std::pair<std::size_t, std::size_t>> RowDigests::first_shared(const RowDigests& other) const {
  std::unordered_map<std::uint64_t, std::size_t> rows;
  for (std::size_t i = 0; i < other.digests_.size(); ++i) rows.emplace(other.digests_[i], i);
  for (std::size_t i = 0; i < digests_.size(); ++i) {
    if (const auto same = rows.find(digests_[i]); same != rows.end()) return std::pair(i, same->second);
  }
  return std::nullopt;
}

}  // namespace snnl::outliers
