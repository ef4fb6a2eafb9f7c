#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "snnl/dump_reader.hpp"
#include "snnl/inspect/inspect_dump.hpp"

namespace snnl::isolation {

class Launcher;

/// Reads dumps in processes of their own, so that a file that makes the HDF5 library crash, hang or take all memory is
/// an error like any other, and one that takes the library over gains nothing: these processes can read the files that
/// were named, and do nothing else (docs/dump-format.md). What they say is not believed before it was checked.
class Isolation {
 public:
  /// To be made before there are threads: it forks. With SNNL_ISOLATION=off in the environment, for a debugger or
  /// where there are no processes to be had, everything is read in this process. Throws snnl::Error where the system
  /// gives no process.
  Isolation();
  ~Isolation();

  /// As the constructor of dump::Reader. Reading fails with snnl::Stopped soon after `*stop` is set; null: nothing
  /// stops it.
  dump::Reader open(const std::vector<std::string>& files, const dump::Options& options,
                    const std::atomic<bool>* stop = nullptr) const;

  /// As inspect::inspect_dump.
  inspect::Inspection inspect(const std::vector<std::string>& files, const inspect::InspectOptions& options,
                              const inspect::OnProgress& on_progress = {}) const;

 private:
  std::shared_ptr<Launcher> launcher_;  // null: in this process
};

}  // namespace snnl::isolation
