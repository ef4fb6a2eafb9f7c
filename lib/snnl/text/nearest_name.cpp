#include "snnl/text/nearest_name.hpp"

#include <algorithm>
#include <numeric>

#include "snnl/text/printable.hpp"

namespace snnl::text {
namespace {

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before.swap(last);
    last.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row.back();
}

std::string nearest_name(std::string_view wanted, const std::vector<std::string>& names) {
  const std::size_t allowed = std::clamp<std::size_t>(wanted.size() / 3, 1, 3);
  const std::string lower_wanted = lower_case(wanted);
  std::size_t best = allowed + 1;
  const std::string* nearest = nullptr;
  const std::string* longer = nullptr;
  for (const std::string& name : names) {
    const std::string lower_name = lower_case(name.substr(0, wanted.size() + allowed + 1));
    if (longer == nullptr && wanted.size() >= 3 && lower_name.starts_with(lower_wanted)) longer = &name;
    // The length difference is a lower bound, and keeps absurdly long names out of the quadratic comparison.
    if (name.size() > wanted.size() + allowed || wanted.size() > name.size() + allowed) continue;
    const std::size_t distance = edit_distance(lower_wanted, lower_name);
    // Of "x" and "y" nothing is alike.
    if (distance < best && distance < std::max(wanted.size(), name.size())) {
      best = distance;
      nearest = &name;
    }
  }
  if (nearest == nullptr) nearest = longer;
  return nearest == nullptr ? "" : *nearest;
}

std::string did_you_mean(std::string_view wanted, const std::vector<std::string>& names) {
  const std::string name = nearest_name(wanted, names);
  return name.empty() ? "" : std::string("; did you mean '").append(printable(name)).append("'?");
}

}  // namespace snnl::text
