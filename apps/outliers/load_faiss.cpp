#include "outliers/faiss_index.hpp"
#include "snnl/error.hpp"

#ifdef SNNL_FAISS_MODULE

#include <dlfcn.h>

namespace snnl::outliers {

NeighborIndex faiss_index(const std::string& factory, const std::string& parameters) {
  // Stays loaded: the index is made of its code.
  void* const module = ::dlopen(SNNL_FAISS_MODULE, RTLD_NOW | RTLD_LOCAL);
  void* const entry = module ? ::dlsym(module, "snnl_faiss_index") : nullptr;
  if (!entry)
    throw Error("--index", std::string("FAISS cannot be loaded (") + ::dlerror() + ")",
                "install libfaiss, or leave it out");
  NeighborIndex index;
  reinterpret_cast<FaissEntry*>(entry)(factory, parameters, index);
  return index;
}

}  // namespace snnl::outliers

#else

namespace snnl::outliers {

NeighborIndex faiss_index(const std::string&, const std::string&) {
  throw Error("--index", "this program was built without FAISS",
              "install libfaiss-dev and build again, or leave it out");
}

}  // namespace snnl::outliers

#endif
