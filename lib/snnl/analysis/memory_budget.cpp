#include "snnl/analysis/memory_budget.hpp"

#include <algorithm>
#include <string>

#include "snnl/entanglement/memory.hpp"
#include "snnl/error.hpp"
#include "snnl/features/whitening.hpp"
#include "snnl/parallel/threads.hpp"

namespace snnl::analysis {
namespace {

constexpr std::size_t mib = std::size_t{1} << 20;
/// The program itself, its libraries, BLAS' own buffers (a few MiB of each thread are touched), labels and open files.
constexpr std::size_t base_bytes = 48 * mib;
constexpr std::size_t base_per_thread = 4 * mib;
constexpr std::size_t per_sample = 64;  // labels and places of the activations, in the reader and in the item

std::string in_mib(std::size_t bytes) { return std::to_string((bytes + mib - 1) / mib).append(" MiB"); }

}  // namespace

MemoryBudget::MemoryBudget(std::size_t bytes, std::size_t classes, const dump::Reader& reader,
                           const EntanglementOptions& options, const FeatureOptions& features)
    : bytes_(bytes), classes_(classes), reader_(reader), options_(options), features_(features) {}

/// 0 where the item cannot be read: reading it will say why.
std::size_t MemoryBudget::activations(const dump::Item& item) const {
  try {
    const dump::ItemSize size = reader_.size(item);
    return size.samples * (size.features * size.element_bytes + per_sample) + size.reading_bytes;
  } catch (const Error&) {
    return 0;
  }
}

std::size_t MemoryBudget::least_for_computing(const dump::Item& item) const {
  try {
    const dump::ItemSize size = reader_.size(item);
    const std::size_t threads = parallel::thread_count(options_.threads);
    const std::size_t computing =
        engine::plan_memory({size.samples, size.features, classes_, options_.rows, threads}, 0).least;
    // One after the other; the activations may lie where the reader put them as long as they are changed.
    const std::size_t changing =
        features::memory_of(size.samples, size.features, size.element_bytes, threads, features_);
    return base_bytes + threads * base_per_thread + std::max(computing, changing);
  } catch (const Error&) {
    return 0;
  }
}

bool MemoryBudget::room_for_both(const dump::Item& now, const dump::Item& next) const {
  return bytes_ == 0 || activations(now) + activations(next) + least_for_computing(now) <= bytes_;
}

std::size_t MemoryBudget::for_computing(const dump::Item& now, const dump::Item* next) const {
  if (bytes_ == 0) return 0;
  const std::size_t held = activations(now) + (next ? activations(*next) : 0);
  const std::size_t least = least_for_computing(now);
  if (held + least > bytes_) {
    throw Error("",
                std::string("needs ")
                    .append(in_mib(held + least))
                    .append(" of memory, but --memory allows ")
                    .append(in_mib(bytes_)),
                options_.rows > 0 || features_.any() ? "allow more" : "allow more, or take fewer samples with --rows");
  }
  const std::size_t threads = parallel::thread_count(options_.threads);
  return bytes_ - held - base_bytes - threads * base_per_thread;
}

}  // namespace snnl::analysis
