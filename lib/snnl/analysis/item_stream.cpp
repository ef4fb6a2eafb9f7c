#include "snnl/analysis/item_stream.hpp"

#include <system_error>
#include <utility>

#include "snnl/analysis/item_error.hpp"

namespace snnl::analysis {

ItemStream::ItemStream(const dump::Reader& reader, std::vector<std::size_t> wanted, const EntanglementOptions& options,
                       std::size_t memory, const FeatureOptions& features)
    : reader_(reader),
      wanted_(std::move(wanted)),
      budget_(memory, reader.classes().size(), reader, options, features) {}

LoadedItem ItemStream::load(std::size_t at) const {
  LoadedItem loaded;
  loaded.place = reader_.items()[wanted_[at]];
  loaded.error = item_error(loaded.place.location, [&] {
    budget_.for_computing(loaded.place, nullptr);
    loaded.activations = std::make_unique<dump::Activations>(reader_.read(loaded.place));
  });
  return loaded;
}

void ItemStream::read_ahead(std::size_t at) {
  const auto work = [this, at] { return load(at); };
  try {
    ahead_ = std::async(std::launch::async, work);
  } catch (const std::system_error&) {  // the system gives no more threads: it is read when it is asked for
    ahead_ = std::async(std::launch::deferred, work);
  }
}

std::optional<LoadedItem> ItemStream::next() {
  if (next_ == wanted_.size()) return std::nullopt;
  LoadedItem now = ahead_.valid() ? ahead_.get() : load(next_);
  ++next_;
  const dump::Item* const after = next_ < wanted_.size() ? &reader_.items()[wanted_[next_]] : nullptr;
  const bool both = after && budget_.room_for_both(now.place, *after);
  if (now.activations) now.memory = budget_.for_computing(now.place, both ? after : nullptr);
  if (both) read_ahead(next_);
  return now;
}

}  // namespace snnl::analysis
