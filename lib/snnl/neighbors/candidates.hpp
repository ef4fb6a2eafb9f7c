#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace snnl::engine {

/// What may be among the k nearest of a query, by distances that are off by at most `error`.
class Candidates {
 public:
  struct Candidate {
    float distance;
    std::uint32_t index;
  };

  Candidates(std::size_t k, float error) : k_(k), slack_(2 * error), capacity_(2 * k + 64) {}

  /// Samples farther than this cannot be among the k nearest.
  float limit() const { return limit_; }
  const std::vector<Candidate>& all() const { return all_; }

  void add(float distance, std::uint32_t index) {
    all_.push_back({distance, index});
    if (all_.size() >= capacity_) prune();
  }

  /// Leaves out what is beyond the k-th distance by more than both errors.
  void prune() {
    if (all_.size() <= k_) return;
    const auto nearer = [](const Candidate& a, const Candidate& b) { return a.distance < b.distance; };
    const auto kth = all_.begin() + static_cast<std::ptrdiff_t>(k_ - 1);
    std::nth_element(all_.begin(), kth, all_.end(), nearer);
    limit_ = std::min(limit_, kth->distance + slack_);
    std::erase_if(all_, [this](const Candidate& c) { return c.distance > limit_; });
    // Many at one distance: room for them, so that they are not gone through again and again.
    capacity_ = std::max(capacity_, 2 * all_.size());
  }

 private:
  std::size_t k_;
  float slack_;
  std::size_t capacity_;
  float limit_ = std::numeric_limits<float>::infinity();
  std::vector<Candidate> all_;
};

}  // namespace snnl::engine
