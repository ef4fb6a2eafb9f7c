#include "outliers/faiss_index.hpp"
#include "snnl/error.hpp"

namespace snnl::outliers {

NeighborIndex faiss_index(const std::string&, const std::string&) {
  throw Error("--index", "this program was built without FAISS; install libfaiss-dev and build again, or leave it out");
}

}  // namespace snnl::outliers
