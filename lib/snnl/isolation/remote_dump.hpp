#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "snnl/dump_reader.hpp"
#include "snnl/isolation/launcher.hpp"

namespace snnl::isolation {

/// As dump::open_files, by a process of `launcher`; see Isolation::open.
dump::ReaderSource open_remote(std::shared_ptr<Launcher> launcher, const std::vector<std::string>& files,
                               const dump::Options& options, const std::atomic<bool>* stop);

}  // namespace snnl::isolation
