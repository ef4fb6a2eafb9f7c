#include "snnl/isolation/channel.hpp"

#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "snnl/isolation/codec.hpp"

namespace snnl::isolation {
namespace {

constexpr std::uint64_t most_bytes = std::uint64_t{1} << 30;

struct Header {
  std::uint32_t kind = 0;
  std::uint32_t has_descriptor = 0;
  std::uint64_t size = 0;
};

// `receive` gives what recv does. The socket has a time limit where somebody is to be asked.
template <class Receive>
std::size_t received(const Tick& tick, const Receive& receive) {
  while (true) {
    const ssize_t got = receive();
    if (got > 0) return static_cast<std::size_t>(got);
    if (got == 0 || (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK)) throw Closed();
    if (tick) tick();
  }
}

}  // namespace

void limit_waiting(int socket) {
  const timeval time{0, std::chrono::microseconds(tick_time).count()};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
}

bool is_open(int socket) {
  char first = 0;
  while (true) {
    const ssize_t got = ::recv(socket, &first, 1, MSG_PEEK);
    if (got >= 0 || errno != EINTR) return got > 0;
  }
}

void send_bytes(int socket, const void* data, std::size_t size) {
  const char* from = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t sent = ::send(socket, from, std::min<std::size_t>(size, std::size_t{1} << 20), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) throw Closed();
    from += sent;
    size -= static_cast<std::size_t>(sent);
  }
}

void receive_bytes(int socket, void* data, std::size_t size, const Tick& tick) {
  char* to = static_cast<char*>(data);
  while (size > 0) {
    const std::size_t got = received(tick, [&] { return ::recv(socket, to, size, 0); });
    to += got;
    size -= got;
  }
}

void send_message(int socket, std::uint32_t kind, const std::string& bytes, int descriptor) {
  Header header{kind, descriptor >= 0 ? 1u : 0u, bytes.size()};
  iovec parts[] = {{&header, sizeof header}, {const_cast<char*>(bytes.data()), bytes.size()}};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr message{};
  message.msg_iov = parts;
  message.msg_iovlen = 2;
  if (descriptor >= 0) {
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    cmsghdr* const rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(rights), &descriptor, sizeof descriptor);
  }
  ssize_t sent = 0;
  do sent = ::sendmsg(socket, &message, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  if (sent < static_cast<ssize_t>(sizeof header)) throw Closed();
  const std::size_t done = static_cast<std::size_t>(sent) - sizeof header;
  send_bytes(socket, bytes.data() + done, bytes.size() - done);
}

Message receive_message(int socket, const Tick& tick) {
  Header header;
  iovec part{&header, sizeof header};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  const std::size_t begun = received(tick, [&] { return ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC); });
  Message out;
  // The system installs no more descriptors than there is room for.
  for (cmsghdr* one = CMSG_FIRSTHDR(&message); one != nullptr; one = CMSG_NXTHDR(&message, one)) {
    if (one->cmsg_level != SOL_SOCKET || one->cmsg_type != SCM_RIGHTS) continue;
    int descriptor = -1;
    std::memcpy(&descriptor, CMSG_DATA(one), sizeof descriptor);
    out.descriptor = Descriptor(descriptor);
  }
  receive_bytes(socket, reinterpret_cast<char*>(&header) + begun, sizeof header - begun, tick);
  if (header.size > most_bytes || (header.has_descriptor == 1) != static_cast<bool>(out.descriptor)) throw Malformed();
  out.kind = header.kind;
  constexpr std::uint64_t piece = std::uint64_t{1} << 20;
  while (out.bytes.size() < header.size) {
    const std::size_t before = out.bytes.size();
    out.bytes.resize(before + std::min(piece, header.size - before));
    receive_bytes(socket, out.bytes.data() + before, out.bytes.size() - before, tick);
  }
  return out;
}

}  // namespace snnl::isolation
