#include "snnl/files/temporary_files.hpp"

#include <unistd.h>

#include <array>
#include <atomic>
#include <cstring>
#include <utility>

namespace snnl::files {
namespace {

enum State : int { free_slot, being_filled, filled };

struct Slot {
  std::atomic<int> state{free_slot};
  char path[4096] = {};
};

// A signal handler may neither lock nor allocate.
constinit std::array<Slot, 64> slots;

}  // namespace

TemporaryFile::TemporaryFile(std::string path) : path_(std::move(path)) {
  if (path_.size() >= sizeof slots[0].path) return;
  for (std::size_t k = 0; k < slots.size(); ++k) {
    int expected = free_slot;
    if (!slots[k].state.compare_exchange_strong(expected, being_filled)) continue;
    std::memcpy(slots[k].path, path_.c_str(), path_.size() + 1);
    slots[k].state = filled;
    slot_ = static_cast<int>(k);
    return;
  }
}

TemporaryFile::~TemporaryFile() {
  if (!path_.empty()) ::unlink(path_.c_str());
  release();
}

void TemporaryFile::release() {
  if (slot_ >= 0) slots[static_cast<std::size_t>(slot_)].state = free_slot;
  slot_ = -1;
  path_.clear();
}

void remove_temporary_files() noexcept {
  for (const Slot& slot : slots) {
    if (slot.state == filled) ::unlink(slot.path);
  }
}

}  // namespace snnl::files
