#include "snnl/analysis/digest.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <new>

namespace snnl {

std::string digest(const dump::Activations& activations) {
  const std::unique_ptr<XXH3_state_t, XXH_errorcode (*)(XXH3_state_t*)> state(XXH3_createState(), &XXH3_freeState);
  if (!state) throw std::bad_alloc();
  XXH3_128bits_reset(state.get());
  const auto add = [&](const void* data, std::size_t bytes) { XXH3_128bits_update(state.get(), data, bytes); };
  std::visit(
      [&](const auto& x) {
        const std::array<std::uint64_t, 3> shape{x.shape(0), x.shape(1), sizeof(*x.data())};
        add(shape.data(), sizeof shape);
        add(x.data(), x.size() * sizeof(*x.data()));
      },
      activations.values);
  add(activations.labels.data(), activations.labels.size() * sizeof(std::int32_t));
  const XXH128_hash_t hash = XXH3_128bits_digest(state.get());
  char text[33];
  std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(hash.high64),
                static_cast<unsigned long long>(hash.low64));
  return text;
}

}  // namespace snnl
