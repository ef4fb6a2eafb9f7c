#include "snnl/product/products.hpp"

#include <atomic>
#include <cstdlib>
#include <mutex>
#include <stdexcept>
#include <type_traits>

#include "snnl/error.hpp"
#include "snnl/product/blas/load_blas.hpp"
#include "snnl/product/packed/packed.hpp"
#include "snnl/product/plain.hpp"
#include "snnl/simd/instruction_set.hpp"

namespace snnl::product {
namespace {

enum class Maker { fastest, packed, blas, plain, unknown };

Maker maker_of(const std::string& name) {
  if (name.empty()) return Maker::fastest;
  if (name == "packed") return Maker::packed;
  if (name == "blas") return Maker::blas;
  if (name == "plain") return Maker::plain;
  return Maker::unknown;
}

constexpr const char* variable = "SNNL_PRODUCTS";

std::string asked_name() {
  const char* const name = std::getenv(variable);
  return name ? name : "";
}

Maker asked_for() { return maker_of(asked_name()); }

std::atomic<Maker>& chosen() {
  static std::atomic<Maker> maker{asked_for()};
  return maker;
}

/// Who is the fastest, by the table in docs/performance.md. The packed kernels for NEON have never run: nothing depends
/// on them.
Maker fastest(Work, bool) {
  return simd::instruction_set() == simd::InstructionSet::neon ? Maker::blas : Maker::packed;
}

template <class Real>
const Products<Real>& of_blas() {
  if constexpr (std::is_same_v<Real, float>) {
    return *blas().makers.single;
  } else {
    return *blas().makers.twice;
  }
}

/// How many OneThread there are, and how many threads BLAS had before the first of them.
struct Holders {
  std::mutex mutex;
  int count = 0;
  int before = 1;
};
Holders& holders() {
  static Holders all;
  return all;
}

/// Whether BLAS is loaded, without loading it.
std::atomic<const Blas*> loaded{nullptr};

const Blas& load_it() {
  const Blas& found = blas();
  if (found.there && !loaded.load()) {
    const std::lock_guard lock(holders().mutex);
    if (!loaded.load()) {
      if (holders().count > 0) {
        holders().before = found.makers.threads();
        found.makers.set_threads(1);
      }
      loaded = &found;
    }
  }
  return found;
}

}  // namespace

template <class Real>
const Products<Real>& products(Work work) {
  const Maker asked = chosen();
  const Maker maker = asked == Maker::fastest ? fastest(work, std::is_same_v<Real, float>) : asked;
  if (maker == Maker::packed) return packed<Real>();
  if (maker == Maker::plain) return plain<Real>();
  if (maker == Maker::unknown) throw Error(variable, "'" + asked_name() + "' is none of packed, blas, plain");
  const Blas& found = load_it();
  if (found.there && found.sound) return of_blas<Real>();
  if (found.there && asked == Maker::blas) {
    throw Error(variable, found.makers.description() + " computes wrongly on this processor",
                "set OPENBLAS_CORETYPE to an older one, such as Haswell, or leave the products to snnl");
  }
  if (asked == Maker::blas) {
    throw Error(variable, "the module of BLAS was not found, or there is too little memory to load it",
                "leave the products to snnl");
  }
  return simd::instruction_set() == simd::InstructionSet::neon ? plain<Real>() : packed<Real>();
}

const Products<double>& judge() { return plain<double>(); }

std::vector<std::string> available() {
  std::vector<std::string> names{"packed", "plain"};
  const Blas& found = load_it();
  if (found.there && found.sound) names.insert(names.begin() + 1, "blas");
  return names;
}

void select(const std::string& name) {
  const Maker maker = maker_of(name);
  if (maker == Maker::unknown || (maker == Maker::blas && !(load_it().there && load_it().sound))) {
    throw std::invalid_argument("product::select: there is no " + name);
  }
  chosen() = maker;
}

std::string maker_in_use() {
  try {
    return products<float>(Work::tiles).name;
  } catch (const Error& error) {
    return "none: " + std::string(error.what());
  }
}

void require_maker() {
  if (!asked_name().empty()) products<float>(Work::tiles);
}

std::string blas_in_use() {
  const Blas& found = load_it();
  if (!found.there) return "none";
  return found.makers.description() + (found.sound ? "" : ", which computes wrongly on this processor: not used");
}

OneThread::OneThread() {
  const std::lock_guard lock(holders().mutex);
  if (holders().count++ > 0 || !loaded.load()) return;
  holders().before = loaded.load()->makers.threads();
  loaded.load()->makers.set_threads(1);
}

OneThread::~OneThread() {
  const std::lock_guard lock(holders().mutex);
  if (--holders().count == 0 && loaded.load()) loaded.load()->makers.set_threads(holders().before);
}

template const Products<float>& products(Work);
template const Products<double>& products(Work);

}  // namespace snnl::product
