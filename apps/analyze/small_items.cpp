#include "analyze/small_items.hpp"

#include <system_error>
#include <utility>
#include <variant>

#include "snnl/parallel/threads.hpp"
#include "snnl/stop.hpp"

namespace analyze {
namespace {

constexpr std::size_t most_samples = 2048;
constexpr std::size_t most_products = std::size_t{1} << 29;  // more of them are shared by the threads
constexpr std::size_t items_per_thread = 8;
constexpr std::size_t most_bytes = std::size_t{64} << 20;  // of a batch, of which two are in memory

std::size_t bytes_of(const snnl::analysis::LoadedItem& item) {
  return std::visit([](const auto& x) { return x.size() * sizeof(*x.data()); }, item.activations->values);
}

}  // namespace

SmallItems::SmallItems(std::size_t threads, Compute compute, Emit emit)
    : threads_(threads), compute_(std::move(compute)), emit_(std::move(emit)) {}

SmallItems::~SmallItems() {
  if (running_.valid()) running_.wait();
}

bool SmallItems::takes(const snnl::analysis::LoadedItem& item) const {
  if (threads_ < 2 || !item.activations) return false;
  const auto [n, d] =
      std::visit([](const auto& x) { return std::pair(x.shape(0), x.shape(1)); }, item.activations->values);
  return n <= most_samples && n * n * d <= most_products;
}

void SmallItems::run(Batch& batch) const {
  batch.numbers.resize(batch.items.size());
  snnl::parallel::run_parallel(batch.items.size(), threads_, [&](std::size_t k, std::size_t) {
    try {
      batch.numbers[k] = compute_(batch.items[k]);
    } catch (const snnl::Stopped&) {
      // Others may be done.
    }
  });
}

void SmallItems::emit_computed() {
  if (!running_.valid()) return;
  running_.get();
  Batch done = std::exchange(computed_, {});
  for (std::size_t k = 0; k < done.items.size(); ++k) {
    if (!done.numbers[k]) throw snnl::Stopped();
    emit_(done.items[k], std::move(*done.numbers[k]));
  }
}

void SmallItems::start() {
  emit_computed();
  if (taken_.items.empty()) return;
  computed_ = std::exchange(taken_, {});
  const auto work = [this] { run(computed_); };
  try {
    running_ = std::async(std::launch::async, work);
  } catch (const std::system_error&) {  // the system gives no more threads: they are computed when they are asked for
    running_ = std::async(std::launch::deferred, work);
  }
}

void SmallItems::add(snnl::analysis::LoadedItem item) {
  taken_.bytes += bytes_of(item);
  taken_.items.push_back(std::move(item));
  if (taken_.items.size() >= items_per_thread * threads_ || taken_.bytes >= most_bytes) start();
}

void SmallItems::finish() {
  start();
  emit_computed();
}

}  // namespace analyze
