#include "snnl/files/digest.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstdio>
#include <new>

namespace snnl::files {

struct Digest::State {
  XXH3_state_t* xxh3;
};

void Digest::Free::operator()(State* state) const {
  XXH3_freeState(state->xxh3);
  delete state;
}

Digest::Digest() : state_(new State{XXH3_createState()}) {
  if (!state_->xxh3) throw std::bad_alloc();
  XXH3_128bits_reset(state_->xxh3);
}

void Digest::add(const void* data, std::size_t bytes) { XXH3_128bits_update(state_->xxh3, data, bytes); }

std::string Digest::text() const {
  const XXH128_hash_t hash = XXH3_128bits_digest(state_->xxh3);
  char text[33];
  std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(hash.high64),
                static_cast<unsigned long long>(hash.low64));
  return text;
}

std::uint64_t short_digest(const void* data, std::size_t bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(data, bytes, seed);
}

}  // namespace snnl::files
