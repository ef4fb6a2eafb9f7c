#include "snnl/features/names.hpp"

namespace snnl {

template <>
const std::vector<engine::Named<Whiten>>& engine::all_named() {
  static const std::vector<engine::Named<Whiten>> all = {{Whiten::none, "none"}, {Whiten::pca, "pca"}};
  return all;
}

const char* name_of(Whiten whiten) { return engine::name_among(whiten); }

std::string features::note(const FeatureOptions& options) {
  return options.whiten != Whiten::none ? "features whitened" : options.standardize ? "features standardised" : "";
}

}  // namespace snnl
