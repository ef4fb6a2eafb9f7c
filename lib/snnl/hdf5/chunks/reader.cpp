#include "snnl/hdf5/chunks/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>

#include "snnl/error.hpp"
#include "snnl/hdf5/chunks/grid.hpp"
#include "snnl/hdf5/chunks/layout.hpp"
#include "snnl/hdf5/dataset.hpp"
#include "snnl/hdf5/watch.hpp"
#include "snnl/parallel/pipeline.hpp"
#include "snnl/text/wording.hpp"

namespace snnl::hdf5 {
namespace {

// Small chunks are handed out together, so that the handing out costs little.
constexpr std::size_t batch_bytes = std::size_t{128} << 10;
constexpr std::size_t batch_chunks = 256;
// For chunks on their way, besides the result.
constexpr std::size_t memory_in_flight = std::size_t{64} << 20;

struct StoredChunk {
  std::vector<std::size_t> origin;
  std::size_t begin = 0;  // in the batch's bytes
  std::size_t size = 0;
  std::uint32_t skipped_filters = 0;
};

struct Batch {
  std::vector<StoredChunk> chunks;
  std::vector<unsigned char> bytes;  // only ever grows
};

// Gets the stored chunks from HDF5.
class ChunkSource {
 public:
  ChunkSource(const hdf5::Dataset& dataset, const Box& box, const ChunkLayout& layout)
      : dataset_(dataset), layout_(layout), grid_(box, layout.shape) {}

  /// Whether HDF5 has to read the dataset itself.
  bool gave_up() const { return gave_up_; }

  bool fill(Batch& batch) {
    batch.chunks.clear();
    std::size_t used = 0;
    while (!grid_.done() && used < batch_bytes && batch.chunks.size() < batch_chunks) {
      if (!add_chunk(batch, used)) {
        gave_up_ = true;
        return false;
      }
      grid_.next();
      progressed();
    }
    return !batch.chunks.empty();
  }

 private:
  bool add_chunk(Batch& batch, std::size_t& used) {
    StoredChunk chunk{grid_.origin(), used};
    const std::vector<hsize_t> offset(chunk.origin.begin(), chunk.origin.end());
    hsize_t size = 0;
    // HDF5 knows what stands for a chunk that was never written, and says best what is wrong with its own structures.
    // A size that gzip would not have made may be any number.
    if (H5Dget_chunk_storage_size(dataset_.id.get(), offset.data(), &size) < 0 || size == 0 ||
        size > 2 * layout_.bytes + 1024) {
      return false;
    }
    chunk.size = size;
    if (batch.bytes.size() < used + size) batch.bytes.resize(used + size);
    if (H5Dread_chunk(dataset_.id.get(), H5P_DEFAULT, offset.data(), &chunk.skipped_filters,
                      batch.bytes.data() + used) < 0) {
      return false;
    }
    used += size;
    batch.chunks.push_back(std::move(chunk));
    return true;
  }

  const hdf5::Dataset& dataset_;
  const ChunkLayout& layout_;
  ChunkGrid grid_;
  bool gave_up_ = false;
};

// Decompresses chunks and puts their elements where they belong. One for each thread.
class ChunkSink {
 public:
  ChunkSink(const hdf5::Dataset& dataset, const Box& box, const ChunkLayout& layout, unsigned char* out,
            const Watch* watch)
      : dataset_(dataset),
        box_(box),
        layout_(layout),
        out_(out),
        decoder_(layout.filters, layout.bytes),
        watch_(watch) {}

  void take(const Batch& batch) {
    for (const StoredChunk& chunk : batch.chunks) {
      place_chunk(box_, layout_.shape, chunk.origin, layout_.element_size, decode(batch, chunk).data(), out_);
      progressed(watch_);
    }
  }

 private:
  std::span<const unsigned char> decode(const Batch& batch, const StoredChunk& chunk) {
    try {
      return decoder_.decode({batch.bytes.data() + chunk.begin, chunk.size}, chunk.skipped_filters);
    } catch (const Error& e) {
      hdf5::fail_damaged(dataset_, fmt::format("chunk at {}: {}", text::shape_text(chunk.origin), e.what()));
    }
  }

  const hdf5::Dataset& dataset_;
  const Box& box_;
  const ChunkLayout& layout_;
  unsigned char* out_;
  ChunkDecoder decoder_;
  const Watch* watch_;
};

// A thread holds a batch and two steps' buffers, and there are two batches more.
std::size_t threads_in_memory(std::size_t threads, const ChunkLayout& layout) {
  return std::max<std::size_t>(1, std::min(threads, memory_in_flight / (4 * layout.bytes)));
}

// For a few hundred KiB a second one is not worth starting.
std::size_t useful_threads(std::size_t threads, const Box& box, const ChunkLayout& layout) {
  const std::size_t by_memory = threads_in_memory(threads, layout);
  const std::size_t by_work = box.elements() * layout.element_size / std::max(2 * batch_bytes, layout.bytes);
  return std::max<std::size_t>(1, std::min({threads, by_memory, by_work}));
}

}  // namespace

std::size_t gzip_memory(const hdf5::Dataset& dataset, std::size_t threads) {
  const std::optional<ChunkLayout> layout = gzip_layout(dataset);
  if (!layout) return 0;
  return 4 * threads_in_memory(threads, *layout) * std::max(layout->bytes, 2 * batch_bytes);
}

bool read_gzip_chunks(const hdf5::Dataset& dataset, const Box& box, std::size_t threads, unsigned char* out) {
  const std::optional<ChunkLayout> layout = gzip_layout(dataset);
  if (!layout) return false;
  threads = useful_threads(threads, box, *layout);
  std::vector<Batch> batches(threads == 1 ? 1 : threads + 2);
  std::vector<std::optional<ChunkSink>> sinks(threads);
  ChunkSource source(dataset, box, *layout);
  const Watch* const watch = current_watch();
  parallel::run_pipeline(
      batches.size(), threads, [&](std::size_t slot) { return source.fill(batches[slot]); },
      [&](std::size_t slot, std::size_t worker) {
        if (!sinks[worker]) sinks[worker].emplace(dataset, box, *layout, out, watch);
        sinks[worker]->take(batches[slot]);
      });
  return !source.gave_up();
}

}  // namespace snnl::hdf5
