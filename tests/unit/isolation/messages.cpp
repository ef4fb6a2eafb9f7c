// What comes from a reading process may be anything.

#include <doctest/doctest.h>
#include <sys/socket.h>

#include <array>
#include <cstring>
#include <memory>

#include "snnl/isolation/channel.hpp"
#include "snnl/isolation/messages.hpp"
#include "snnl/isolation/slot.hpp"

namespace {

namespace isolation = snnl::isolation;

isolation::Catalogue catalogue() {
  isolation::Catalogue out;
  out.items = {{-3, "conv1", 0, "/epochs/a/conv1"}, {7, "fc", 1, "/fc[3]"}};
  out.classes = {{"cat", 3, 5}, {"dog", 0, std::nullopt}};
  out.label_path = "/labels";
  return out;
}

std::array<isolation::Descriptor, 2> sockets() {
  int ends[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
  return {isolation::Descriptor(ends[0]), isolation::Descriptor(ends[1])};
}

}  // namespace

TEST_SUITE("isolation") {
  TEST_CASE("messages: what is packed is unpacked") {
    const auto back = isolation::unpacked<isolation::Catalogue>(isolation::packed(catalogue()));
    CHECK(back.items == catalogue().items);
    REQUIRE(back.classes.size() == 2);
    CHECK(back.classes[0].value == 5);
    CHECK(!back.classes[1].value);
    CHECK(back.label_path == "/labels");
  }

  TEST_CASE("messages: cut off anywhere, or with more at the end, they are refused") {
    const std::string whole = isolation::packed(catalogue());
    for (std::size_t size = 0; size < whole.size(); ++size) {
      CHECK_THROWS_AS(isolation::unpacked<isolation::Catalogue>(whole.substr(0, size)), isolation::Malformed);
    }
    CHECK_THROWS_AS(isolation::unpacked<isolation::Catalogue>(whole + '\0'), isolation::Malformed);
  }

  TEST_CASE("messages: whatever the bytes are, nothing but Malformed comes of them") {
    const std::string whole = isolation::packed(catalogue());
    for (std::size_t at = 0; at < whole.size(); ++at) {
      for (const int value : {0, 1, 0x7f, 0x80, 0xff}) {
        std::string damaged = whole;
        damaged[at] = static_cast<char>(value);
        try {
          isolation::unpacked<isolation::Catalogue>(damaged);
        } catch (const isolation::Malformed&) {
        }
      }
    }
    // A length announces no memory.
    CHECK_THROWS_AS(isolation::unpacked<std::vector<std::string>>(std::string(8, '\x7f') + "abc"),
                    isolation::Malformed);
  }

  TEST_CASE("messages: over a socket, with a descriptor") {
    const auto [here, there] = sockets();
    isolation::send_message(here.get(), 3, "text", here.get());
    isolation::send_message(here.get(), 4, std::string(3 << 20, 'x').substr(0, 100));
    isolation::Message first = isolation::receive_message(there.get());
    CHECK(first.kind == 3);
    CHECK(first.bytes == "text");
    CHECK(static_cast<bool>(first.descriptor));
    isolation::Message second = isolation::receive_message(there.get());
    CHECK(second.bytes.size() == 100);
    CHECK(!second.descriptor);
  }

  TEST_CASE("messages: one that announces more than it may have is refused") {
    const auto [here, there] = sockets();
    struct {
      std::uint32_t kind, descriptor;
      std::uint64_t size;
    } header{1, 0, std::uint64_t{1} << 40};
    isolation::send_bytes(here.get(), &header, sizeof header);
    CHECK_THROWS_AS(isolation::receive_message(there.get()), isolation::Malformed);
    header = {1, 1, 0};  // a descriptor that does not come
    isolation::send_bytes(here.get(), &header, sizeof header);
    CHECK_THROWS_AS(isolation::receive_message(there.get()), isolation::Malformed);
  }

  TEST_CASE("messages: while nothing comes, somebody is asked; an end is told") {
    auto [here, there] = sockets();
    struct Enough {};
    int asked = 0;
    isolation::limit_waiting(there.get());
    const auto tick = [&] {
      if (++asked == 2) throw Enough();
    };
    CHECK_THROWS_AS(isolation::receive_message(there.get(), tick), Enough);
    here.reset();
    CHECK_THROWS_AS(isolation::receive_message(there.get(), tick), isolation::Closed);
  }

  TEST_CASE("slot: a place is read as it was written, and nothing beyond it") {
    const auto slot = std::make_unique<isolation::Slot>();
    isolation::write_place(*slot, "/epochs/0000", "epoch");
    CHECK(isolation::read_place(*slot).path == "/epochs/0000");
    CHECK(isolation::read_place(*slot).attribute == "epoch");
    isolation::write_place(*slot, std::string(10000, 'p'), std::string(10000, 'a'));
    isolation::Place place = isolation::read_place(*slot);
    std::string path(10000, 'p'), attribute(10000, 'a');
    isolation::cut_to_fit(path, attribute);
    CHECK(place.path == path);
    CHECK(place.attribute == attribute);
    slot->length = ~0u;
    slot->place.fill('x');
    place = isolation::read_place(*slot);
    CHECK(place.path.size() <= slot->place.size());
    CHECK(place.attribute.empty());
  }
}
