#include "snnl/analysis/digest.hpp"

#include <array>
#include <cstdint>

#include "snnl/files/digest.hpp"

namespace snnl::analysis {

std::string digest(const dump::Activations& activations) {
  files::Digest digest;
  std::visit(
      [&](const auto& x) {
        const std::array<std::uint64_t, 3> shape{x.shape(0), x.shape(1), sizeof(*x.data())};
        digest.add(shape.data(), sizeof shape);
        digest.add(x.data(), x.size() * sizeof(*x.data()));
      },
      activations.values);
  digest.add(activations.labels.data(), activations.labels.size() * sizeof(std::int32_t));
  return digest.text();
}

}  // namespace snnl::analysis
