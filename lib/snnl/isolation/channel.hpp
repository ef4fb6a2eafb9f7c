#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "snnl/isolation/descriptor.hpp"

namespace snnl::isolation {

/// The other side is gone.
struct Closed {};

/// What is said between the two processes: its kind, bytes, and a descriptor or none.
struct Message {
  std::uint32_t kind = 0;
  std::string bytes;
  Descriptor descriptor;
};

/// Called every `tick_time` that nothing comes through a socket that `limit_waiting` was called for; what it throws
/// ends the waiting.
using Tick = std::function<void()>;
inline constexpr std::chrono::milliseconds tick_time{50};

void limit_waiting(int socket);

/// Waits until something comes, and tells whether it is not the end, for those who expect it: an exception costs more.
bool is_open(int socket);

// All throw Closed. `descriptor` is -1 for none.
void send_message(int socket, std::uint32_t kind, const std::string& bytes, int descriptor = -1);
/// Memory is taken as the bytes come, not as they are announced. Throws Malformed where more are announced than a
/// message may have.
Message receive_message(int socket, const Tick& tick = {});

/// Bytes that are no message: their number is known to both.
void send_bytes(int socket, const void* data, std::size_t size);
void receive_bytes(int socket, void* data, std::size_t size, const Tick& tick = {});

}  // namespace snnl::isolation
