#pragma once

#include <cstddef>
#include <functional>
#include <future>
#include <optional>
#include <vector>

#include "snnl/analysis.hpp"
#include "snnl/analysis/item_stream.hpp"

namespace analyze {

/// Small items, computed several at once, each on one thread: a thread that is started for a part of one of them costs
/// more than the part. What comes of them is the same, and in the same order.
class SmallItems {
 public:
  /// The numbers of an item, on one thread; may throw snnl::Stopped.
  using Compute = std::function<snnl::AnalysedItem(snnl::analysis::LoadedItem&)>;
  /// Takes items in order, with their numbers.
  using Emit = std::function<void(snnl::analysis::LoadedItem&, snnl::AnalysedItem)>;

  SmallItems(std::size_t threads, Compute compute, Emit emit);
  /// Waits for what is being computed.
  ~SmallItems();
  SmallItems(const SmallItems&) = delete;
  SmallItems& operator=(const SmallItems&) = delete;

  /// Whether an item is one of these.
  bool takes(const snnl::analysis::LoadedItem& item) const;
  /// Takes an item; computes while others are taken, and emits those that are done before.
  void add(snnl::analysis::LoadedItem item);
  /// Computes and emits all that was taken. Throws snnl::Stopped after what was done before it was stopped.
  void finish();

 private:
  struct Batch {
    std::vector<snnl::analysis::LoadedItem> items;
    std::vector<std::optional<snnl::AnalysedItem>> numbers;  ///< [items] none where it was stopped
    std::size_t bytes = 0;
  };
  void run(Batch& batch) const;
  void emit_computed();
  void start();

  std::size_t threads_;
  Compute compute_;
  Emit emit_;
  Batch taken_, computed_;
  std::future<void> running_;  // of computed_
};

}  // namespace analyze
