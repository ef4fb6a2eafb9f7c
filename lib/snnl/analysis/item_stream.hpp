#pragma once

#include <cstddef>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "snnl/analysis/memory_budget.hpp"
#include "snnl/dump_reader.hpp"
#include "snnl/features.hpp"
#include "snnl/options.hpp"

namespace snnl::analysis {

/// One item of a dump, in memory.
struct LoadedItem {
  dump::Item place;
  std::unique_ptr<dump::Activations> activations;  ///< null where it could not be read
  std::string error;                               ///< why, in one line that names the item
  std::size_t memory = 0;                          ///< as EntanglementOptions::memory has it
};

/// Yields items of a dump one by one, and reads the next one while the caller works on this one. `memory`, where not 0,
/// bounds what the process takes, in bytes, results aside: two items are then in memory only where there is room, and
/// an item too large for it is in error.
class ItemStream {
 public:
  /// Keeps `reader` and `options`, which must outlive it. `wanted`: places in reader.items(), in the order to be read.
  /// `features`: what will be done to their features.
  ItemStream(const dump::Reader& reader, std::vector<std::size_t> wanted, const EntanglementOptions& options,
             std::size_t memory, const FeatureOptions& features = {});
  /// Waits for the reading thread.
  ~ItemStream() = default;
  ItemStream(const ItemStream&) = delete;
  ItemStream& operator=(const ItemStream&) = delete;

  /// The next item; nothing after the last one. The one before must be gone, where memory is bounded.
  std::optional<LoadedItem> next();
  /// Waits until nothing is being read: then the caller may use HDF5, which is not safe for two threads at once.
  void pause() const {
    if (ahead_.valid()) ahead_.wait();
  }

 private:
  LoadedItem load(std::size_t at) const;
  void read_ahead(std::size_t at);

  const dump::Reader& reader_;
  std::vector<std::size_t> wanted_;
  std::size_t next_ = 0;  // in `wanted_`
  MemoryBudget budget_;
  std::future<LoadedItem> ahead_;
};

}  // namespace snnl::analysis
