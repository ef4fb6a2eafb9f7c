#include "snnl/isolation/remote_dump.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>
#include <set>
#include <utility>

#include "snnl/dump/activations.hpp"
#include "snnl/error.hpp"
#include "snnl/isolation/culprits.hpp"
#include "snnl/isolation/messages.hpp"
#include "snnl/isolation/worker.hpp"
#include "snnl/parallel/stop.hpp"
#include "snnl/text/wording.hpp"

namespace snnl::isolation {
namespace {

using FileIdentity = std::optional<std::pair<dev_t, ino_t>>;

FileIdentity identity_of(const std::string& file) {
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0) return std::nullopt;
  return std::pair(info.st_dev, info.st_ino);
}

Error error_of(const Failure& failure) { return {failure.where, failure.message, failure.advice}; }

// Bytes of the values; so few that what is added to them is no overflow.
std::size_t checked_product(std::size_t rows, std::size_t features, std::size_t element_bytes) {
  constexpr std::size_t most = std::size_t{1} << 50;
  std::size_t bytes = 0;
  require(element_bytes == sizeof(float) || element_bytes == sizeof(double));
  require(rows <= most && features <= most);
  require(!__builtin_mul_overflow(rows, features, &bytes) && !__builtin_mul_overflow(bytes, element_bytes, &bytes));
  require(bytes <= most);
  return bytes;
}

void check(const Catalogue& catalogue, std::size_t files) {
  require(!catalogue.items.empty() && !catalogue.classes.empty());
  require(catalogue.classes.size() <= std::size_t{std::numeric_limits<std::int32_t>::max()});
  std::set<std::pair<std::int64_t, std::string>> known;
  std::int64_t before = std::numeric_limits<std::int64_t>::min();
  for (const CataloguedItem& item : catalogue.items) {
    require(item.file < files && !item.layer.empty() && item.epoch >= before);
    require(item.layer.find('\0') == std::string::npos && item.path.find('\0') == std::string::npos);
    require(known.emplace(item.epoch, item.layer).second);
    before = item.epoch;
  }
}

class RemoteDump {
 public:
  RemoteDump(std::shared_ptr<Launcher> launcher, std::vector<std::string> files, dump::Options options,
             const std::atomic<bool>* stop)
      : launcher_(std::move(launcher)), files_(std::move(files)), options_(std::move(options)), culprits_(files_) {
    on_wait_ = [stop] { parallel::check_stop(stop); };
  }

  dump::ReaderSource open() {
    while (!worker_) {
      try {
        start();
      } catch (const Death& death) {
        worker_.reset();
        culprits_.add(death);
      }
    }
    dump::ReaderSource source;
    for (const CataloguedItem& item : catalogue_.items) {
      const std::string& file = files_[item.file];
      source.items.push_back({item.epoch, item.layer, text::location(file, item.path), file, source.items.size()});
    }
    source.classes = catalogue_.classes;
    source.label_path = catalogue_.label_path;
    source.one_hot_labels = catalogue_.one_hot_labels;
    for (const Failure& one : catalogue_.remarks) source.remarks.push_back(error_of(one));
    return source;
  }

  dump::ItemSize size(std::size_t index) {
    return of_item(index, [&] {
      const auto size = asked<dump::ItemSize>(size_of_item, packed(std::uint64_t{index}));
      checked_product(size.samples, size.features, size.element_bytes);
      require(size.reading_bytes <= std::size_t{1} << 50);
      return size;
    });
  }

  dump::Activations read(std::size_t index) {
    return of_item(index, [&] {
      const auto reading = asked<Reading>(read_item, packed(std::uint64_t{index}));
      const std::size_t values = checked_product(reading.rows, reading.features, reading.element_bytes);
      require(values > 0 && reading.looks_like >= dump::IntegerBits::numbers &&
              reading.looks_like <= dump::IntegerBits::float16);
      const std::size_t labels_at = aligned(values);
      const std::size_t rows_at = labels_at + aligned(reading.rows * sizeof(std::int32_t));
      const std::size_t of_rows = reading.rows * sizeof(std::uint64_t), ids_at = rows_at + aligned(of_rows);
      const std::size_t size = reading.has_ids ? ids_at + of_rows : rows_at + of_rows;
      // Copied: to map memory of another process takes longer where shared memory has no large pages, and it could
      // be changed later. The pages are taken as the bytes come.
      const std::shared_ptr<void> own = dump::own_memory(size);
      worker_->receive(own.get(), size, on_wait_);
      const std::shared_ptr<const std::byte> data(own, static_cast<const std::byte*>(own.get()));
      dump::Activations out;
      out.dropped = reading.dropped;
      out.ignored = reading.ignored;
      out.looks_like = reading.looks_like;
      out.labels.resize(reading.rows);
      out.rows.resize(reading.rows);
      std::memcpy(out.labels.data(), data.get() + labels_at, reading.rows * sizeof(std::int32_t));
      std::memcpy(out.rows.data(), data.get() + rows_at, of_rows);
      if (reading.has_ids) {
        out.ids.resize(reading.rows);
        std::memcpy(out.ids.data(), data.get() + ids_at, of_rows);
      }
      const auto classes = static_cast<std::int32_t>(catalogue_.classes.size());
      for (const std::int32_t label : out.labels) require(label >= 0 && label < classes);
      require(std::adjacent_find(out.rows.begin(), out.rows.end(), std::greater_equal()) == out.rows.end());
      const auto put = [&]<class Real>(Real) {
        out.values =
            dump::Values<Real>(data, reinterpret_cast<const Real*>(data.get()), reading.rows, reading.features);
      };
      reading.element_bytes == sizeof(float) ? put(float{}) : put(double{});
      return out;
    });
  }

 private:
  // A process that has opened the files.
  void start() {
    worker_ = std::make_unique<Worker>(launcher_);
    identities_.clear();
    for (const std::string& file : files_) identities_.push_back(identity_of(file));
    try {
      auto catalogue = asked<Catalogue>(open_dump, packed(OpenDump{files_, options_, culprits_.all()}));
      check(catalogue, files_.size());
      if (catalogue_.items.empty()) {
        catalogue_ = std::move(catalogue);
        return;
      }
      if (catalogue.items != catalogue_.items || catalogue.classes.size() != catalogue_.classes.size()) {
        worker_.reset();
        throw Error("", "was changed while it was read", "run it again");
      }
    } catch (const Malformed&) {
      worker_->fail_senseless();
    } catch (const Error&) {
      worker_.reset();
      throw;
    }
  }

  Message asked(Kind kind, const std::string& bytes) {
    worker_->ask(kind, bytes);
    Message message = worker_->answer(on_wait_);
    if (message.kind == failed) {
      const auto failure = unpacked<Failure>(message.bytes);
      if (failure.of_layout) throw dump::LayoutError(failure.where, failure.message, failure.advice);
      throw error_of(failure);
    }
    require(message.kind == done);
    return message;
  }
  template <class T>
  T asked(Kind kind, const std::string& bytes) {
    return unpacked<T>(asked(kind, bytes).bytes);
  }

  // Does `work` with a process; what kills it is the item's error.
  template <class Work>
  auto of_item(std::size_t index, const Work& work) -> decltype(work()) {
    const CataloguedItem& item = catalogue_.items[index];
    try {
      // A process may only open the files that were there when it began.
      if (worker_ && identity_of(files_[item.file]) != identities_[item.file]) worker_.reset();
      if (slow_files_.count(item.file) >= most_slow) {
        throw Error(text::location(files_[item.file], item.path),
                    "was not read: the HDF5 library got nowhere with others of this file", "write the file again");
      }
      if (!worker_) start();
      try {
        return work();
      } catch (const Malformed&) {
        worker_->fail_senseless();
      }
    } catch (const Death& death) {
      worker_.reset();
      if (death.took_long) slow_files_.insert(item.file);
      throw isolation::error_of(culprit_of(death, files_[item.file], {item.file, item.path, ""}, true));
    } catch (const Error&) {
      throw;
    } catch (...) {  // its answer was not taken
      worker_.reset();
      throw;
    }
  }

  static constexpr std::size_t most_slow = 2;

  std::shared_ptr<Launcher> launcher_;
  std::vector<std::string> files_;
  dump::Options options_;
  Tick on_wait_;
  Culprits culprits_;
  std::unique_ptr<Worker> worker_;
  std::vector<FileIdentity> identities_;  // [files] of the process
  Catalogue catalogue_;
  std::multiset<std::size_t> slow_files_;
};

}  // namespace

dump::ReaderSource open_remote(std::shared_ptr<Launcher> launcher, const std::vector<std::string>& files,
                               const dump::Options& options, const std::atomic<bool>* stop) {
  const auto dump = std::make_shared<RemoteDump>(std::move(launcher), files, options, stop);
  dump::ReaderSource source = dump->open();
  source.size = [dump](std::size_t index) { return dump->size(index); };
  source.read = [dump](std::size_t index) { return dump->read(index); };
  return source;
}

}  // namespace snnl::isolation
