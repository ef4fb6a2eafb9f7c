#include "snnl/product/products.hpp"

#include <atomic>
#include <cstdlib>
#include <mutex>
#include <stdexcept>
#include <type_traits>

#include "snnl/error.hpp"
#include "snnl/product/blas/load_blas.hpp"
#include "snnl/product/blas/spot_check.hpp"
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
Maker fastest() { return simd::instruction_set() == simd::InstructionSet::neon ? Maker::blas : Maker::packed; }

template <class Real>
const Products<Real>& unwatched_blas() {
  if constexpr (std::is_same_v<Real, float>) {
    return *blas().makers.single;
  } else {
    return *blas().makers.twice;
  }
}

template <class Real>
void watched_distances(const RowBlock<Real>& left, const RowBlock<Real>& right, Real* out, std::size_t stride) {
  unwatched_blas<Real>().squared_distances(left, right, out, stride);
  if (!are_distances(left, right, out, stride)) throw WrongProducts(blas().makers.description());
}

template <class Real>
void watched_sums(const PairBlock<Real>& w, bool transposed, const FeatureBlock<Real>& y, std::size_t first, Real* out,
                  std::size_t stride) {
  const SumCheck<Real> check(w, transposed, y, first, out, stride);
  unwatched_blas<Real>().accumulate(w, transposed, y, first, out, stride);
  if (!check.holds()) throw WrongProducts(blas().makers.description());
}

/// Some versions are wrong on some processors in some shapes only: what they make is looked at as it is made.
template <class Real>
const Products<Real>& of_blas() {
  static const Products<Real> watched = [] {
    Products<Real> table = unwatched_blas<Real>();
    table.squared_distances = &watched_distances<Real>;
    table.accumulate = &watched_sums<Real>;
    return table;
  }();
  return watched;
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

}  // namespace

const Blas& shared_blas() {
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

template <class Real>
const Products<Real>& products() {
  const Maker asked = chosen();
  const Maker maker = asked == Maker::fastest ? fastest() : asked;
  if (maker == Maker::packed) return packed<Real>();
  if (maker == Maker::plain) return plain<Real>();
  if (maker == Maker::unknown) throw Error(variable, "'" + asked_name() + "' is none of packed, blas, plain");
  const Blas& found = shared_blas();
  if (found.there && found.sound) return of_blas<Real>();
  if (found.there && asked == Maker::blas) throw WrongProducts(found.makers.description());
  if (asked == Maker::blas) {
    throw Error(variable, "the module of BLAS was not found, or there is too little memory to load it",
                "leave the products to snnl");
  }
  return simd::instruction_set() == simd::InstructionSet::neon ? plain<Real>() : packed<Real>();
}

const Products<double>& judge() { return plain<double>(); }

std::vector<std::string> available() {
  std::vector<std::string> names{"packed", "plain"};
  const Blas& found = shared_blas();
  if (found.there && found.sound) names.insert(names.begin() + 1, "blas");
  return names;
}

void select(const std::string& name) {
  const Maker maker = maker_of(name);
  if (maker == Maker::unknown || (maker == Maker::blas && !(shared_blas().there && shared_blas().sound))) {
    throw std::invalid_argument("product::select: there is no " + name);
  }
  chosen() = maker;
}

std::string maker_in_use() {
  try {
    return products<float>().name;
  } catch (const Error& error) {
    return "none: " + std::string(error.what());
  }
}

void require_maker() {
  if (!asked_name().empty()) products<float>();
}

std::string blas_in_use() {
  const Blas& found = shared_blas();
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

template const Products<float>& products();
template const Products<double>& products();

}  // namespace snnl::product
