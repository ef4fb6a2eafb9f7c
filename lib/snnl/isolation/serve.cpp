#include "snnl/isolation/serve.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <new>
#include <optional>
#include <utility>

#include "snnl/dump/activations.hpp"
#include "snnl/dump/open_files.hpp"
#include "snnl/error.hpp"
#include "snnl/hdf5/handle.hpp"
#include "snnl/hdf5/watch.hpp"
#include "snnl/isolation/channel.hpp"
#include "snnl/isolation/messages.hpp"
#include "snnl/isolation/sandbox.hpp"
#include "snnl/parallel/threads.hpp"

namespace snnl::isolation {
namespace {

// Beside what the files and the items justify: lists of what there is, text; the stacks of threads.
constexpr std::size_t memory_for_lists = std::size_t{512} << 20;
constexpr std::size_t memory_for_thread = std::size_t{16} << 20;

class Server {
 public:
  Server(int socket, Slot& slot)
      : socket_(socket),
        slot_(slot),
        memory_for_all_(memory_for_lists + parallel::thread_count(0) * memory_for_thread) {}

  void run() {
    // While nobody waits; which files, shows later.
    const hdf5::QuietErrors quiet;
    give_up_privileges();
    SystemCallFilter().apply();
    watch_.on_file = [this](const std::string& file) {
      const auto place = std::find(files_.begin(), files_.end(), file);
      slot_.file = static_cast<std::uint32_t>(place - files_.begin());
      at("", "");
    };
    watch_.on_object = [this](const std::string& path, const std::string& attribute) { at(path, attribute); };
    watch_.on_progress = [this] { slot_.progress.fetch_add(1, std::memory_order_relaxed); };
    watch_.on_need = [this](std::size_t bytes) {
      // What is small has room in what all get.
      if (bytes > memory_for_lists / 4) memory_limit_.allow(memory_for_files_ + bytes);
    };
    watch_.on_own_work = [this](bool begins) {
      slot_.own_work = begins ? 1 : 0;
      watch_.on_progress();
    };
    const hdf5::WatchScope scope(watch_);
    while (true) answer(receive_message(socket_));
  }

 private:
  void at(const std::string& path, const std::string& attribute) {
    slot_.own_work = 0;
    write_place(slot_, path, attribute);
    slot_.progress.fetch_add(1, std::memory_order_relaxed);
  }

  void answer(const Message& request) {
    try {
      switch (request.kind) {
        case open_dump:
          return open(unpacked<OpenDump>(request.bytes));
        case size_of_item:
          begin();
          return say(done, source_.value().size(unpacked<std::uint64_t>(request.bytes)));
        case read_item:
          return read(unpacked<std::uint64_t>(request.bytes));
        case inspect_dump:
          return inspect(unpacked<InspectDump>(request.bytes));
        default:
          throw Malformed();
      }
    } catch (const Error& error) {
      const bool of_layout = dynamic_cast<const dump::LayoutError*>(&error) != nullptr;
      say(failed, Failure{error.where(), error.message(), error.advice(), of_layout});
    } catch (const std::bad_alloc&) {
      say(failed, Failure{"", "needs more memory than there is, or than what its file holds can need",
                          "if it is not large, it seems to be damaged: copy or write it again"});
    }
  }

  template <class T>
  void say(Kind kind, const T& what) {
    send_message(socket_, kind, packed(what));
  }

  void begin() {
    slot_.own_work = 0;
    slot_.progress.fetch_add(1, std::memory_order_relaxed);
    memory_limit_.allow(memory_for_files_);
  }

  void begin(const std::vector<std::string>& files) {
    files_ = files;
    memory_for_files_ = memory_for_all_;
    for (const std::string& file : files) {
      std::error_code failure;
      const auto bytes = std::filesystem::file_size(file, failure);
      if (!failure) memory_for_files_ = std::max<std::size_t>(memory_for_files_, memory_for_all_ + 2 * bytes);
    }
    if (!std::exchange(restricted_, true)) allow_files(files);
    begin();
  }

  void leave_alone(const std::vector<Culprit>& culprits) {
    watch_.why_not = {};
    if (culprits.empty()) return;
    std::map<std::vector<std::string>, Error> reasons;
    for (const Culprit& one : culprits) {
      reasons.emplace(std::vector{one.file, one.path, one.attribute}, Error("", one.why, one.advice));
    }
    watch_.why_not = [reasons](const std::string& file, std::string path,
                               std::string attribute) -> std::optional<Error> {
      cut_to_fit(path, attribute);
      const auto found = reasons.find({file, path, attribute});
      if (found == reasons.end()) return std::nullopt;
      return found->second;
    };
  }

  void open(const OpenDump& asked) {
    leave_alone(asked.culprits);
    begin(asked.files);
    source_.reset();
    source_ = dump::open_files(asked.files, asked.options,
                               [this](std::size_t bytes, std::size_t samples) { return memory(bytes, samples); });
    Catalogue catalogue;
    std::map<std::string, std::uint64_t> places;
    for (const std::string& file : files_) places.emplace(file, places.size());
    for (const dump::Item& item : source_->items) {
      // A place is the file's name, a colon and the path.
      catalogue.items.push_back(
          {item.epoch, item.layer, places.at(item.file), item.location.substr(item.file.size() + 1)});
    }
    catalogue.classes = source_->classes;
    catalogue.label_path = source_->label_path;
    catalogue.one_hot_labels = source_->one_hot_labels;
    for (const Error& one : source_->remarks)
      catalogue.remarks.push_back({one.where(), one.message(), one.advice(), false});
    const hdf5::OwnWork own_work;
    say(done, catalogue);
  }

  // For the values, and after them what else there is to hand over.
  std::shared_ptr<void> memory(std::size_t bytes, std::size_t samples) {
    const std::size_t rows = aligned(samples * sizeof(std::int32_t)) + 2 * aligned(samples * sizeof(std::uint64_t));
    handed_over_ = dump::own_memory(aligned(bytes) + rows);
    return handed_over_;
  }

  void read(std::uint64_t index) {
    begin();
    Reading reading;
    std::size_t used = 0;
    {
      const dump::Activations read = source_.value().read(index);
      const hdf5::OwnWork own_work;
      reading.dropped = read.dropped;
      reading.ignored = read.ignored;
      reading.looks_like = read.looks_like;
      reading.has_ids = !read.ids.empty();
      std::visit(
          [&](const auto& values) {
            reading.element_bytes = sizeof(*values.data());
            reading.rows = values.shape(0);
            reading.features = values.shape(1);
          },
          read.values);
      auto* const begin = static_cast<std::byte*>(handed_over_.get());
      used = reading.element_bytes * reading.rows * reading.features;
      const auto append = [&](const auto& values) {
        std::byte* const out = begin + aligned(used);
        std::copy_n(reinterpret_cast<const std::byte*>(values.data()), values.size() * sizeof(values[0]), out);
        used = static_cast<std::size_t>(out - begin) + values.size() * sizeof(values[0]);
      };
      static_assert(sizeof(std::size_t) == sizeof(std::uint64_t));
      append(read.labels);
      append(read.rows);
      if (reading.has_ids) append(read.ids);
    }
    say(done, reading);
    send_and_release(used);
    handed_over_.reset();
  }

  // Pages that were sent are given back at once, so that nothing is in memory twice.
  void send_and_release(std::size_t size) {
    constexpr std::size_t piece = std::size_t{2} << 20;
    auto* const begin = static_cast<std::byte*>(handed_over_.get());
    const std::size_t page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    for (std::size_t sent = 0; sent < size; sent += piece) {
      send_bytes(socket_, begin + sent, std::min(piece, size - sent));
      const bool whole = size - sent >= piece && reinterpret_cast<std::uintptr_t>(begin + sent) % page == 0;
      if (whole) ::madvise(begin + sent, piece, MADV_DONTNEED);
      watch_.on_progress();
    }
  }

  void inspect(const InspectDump& asked) {
    leave_alone(asked.culprits);
    begin(asked.files);
    const inspect::Inspection inspection = inspect::inspect_dump(
        asked.files, asked.options,
        [&](double fraction, const std::string& next) {
          say(progress, Progress{fraction, next});
        },
        [&](const inspect::Checked& checked) { say(item_seen, checked); });
    const hdf5::OwnWork own_work;
    say(done, inspection);
  }

  int socket_;
  Slot& slot_;
  hdf5::Watch watch_;
  MemoryLimit memory_limit_;
  bool restricted_ = false;
  std::vector<std::string> files_;
  std::size_t memory_for_all_;
  std::size_t memory_for_files_ = memory_for_all_;
  std::optional<dump::ReaderSource> source_;
  std::shared_ptr<void> handed_over_;
};

}  // namespace

void serve(int socket, Slot& slot) {
  try {
    Server(socket, slot).run();
  } catch (...) {
    // Nobody asks any more, or what is asked makes no sense.
  }
}

}  // namespace snnl::isolation
