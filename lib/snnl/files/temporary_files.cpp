#include "snnl/files/temporary_files.hpp"

#include <unistd.h>

#include <array>
#include <atomic>
#include <cstring>

namespace snnl {
namespace {

enum State : int { free_slot, being_filled, filled };

struct Slot {
  std::atomic<int> state{free_slot};
  char path[4096];
};

// A signal handler may neither lock nor allocate.
std::array<Slot, 64> slots;

}  // namespace

TemporaryFile::TemporaryFile(const std::string& path) {
  if (path.size() >= sizeof slots[0].path) return;
  for (std::size_t k = 0; k < slots.size(); ++k) {
    int expected = free_slot;
    if (!slots[k].state.compare_exchange_strong(expected, being_filled)) continue;
    std::memcpy(slots[k].path, path.c_str(), path.size() + 1);
    slots[k].state = filled;
    slot_ = static_cast<int>(k);
    return;
  }
}

TemporaryFile::~TemporaryFile() {
  if (slot_ >= 0) slots[static_cast<std::size_t>(slot_)].state = free_slot;
}

void remove_temporary_files() noexcept {
  for (const Slot& slot : slots) {
    if (slot.state == filled) ::unlink(slot.path);
  }
}

}  // namespace snnl
