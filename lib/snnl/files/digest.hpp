#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace snnl::files {

/// 128 bits (XXH3) of the bytes added: tells data that were damaged, and is no protection against intent.
class Digest {
 public:
  /// Throws std::bad_alloc.
  Digest();
  void add(const void* data, std::size_t bytes);
  void add(std::string_view text) { add(text.data(), text.size()); }
  /// In hexadecimal, 32 digits.
  std::string text() const;

 private:
  struct State;
  struct Free {
    void operator()(State* state) const;
  };
  std::unique_ptr<State, Free> state_;
};

/// 64 bits (XXH3) of some bytes, going on from `seed`: tells apart what is held in one table.
std::uint64_t short_digest(const void* data, std::size_t bytes, std::uint64_t seed = 0);

}  // namespace snnl::files
