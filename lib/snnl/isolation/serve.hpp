#pragma once

#include "snnl/isolation/slot.hpp"

namespace snnl::isolation {

/// What a reading process does: answers what it is asked through `socket`, one thing at a time, until nobody asks any
/// more. It may do nothing else (sandbox.hpp), and says in `slot` what it is at.
void serve(int socket, Slot& slot);

}  // namespace snnl::isolation
