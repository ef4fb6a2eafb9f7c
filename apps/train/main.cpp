// snnl-train: trains a classifier of images with soft nearest neighbour terms in its loss, and records it.

// libtorch's headers come first: they define macros that others then replace.
#include "train/trainer.hpp"
//
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <limits>

#include "common/start.hpp"
#include "common/tool.hpp"
#include "snnl/parallel/available_threads.hpp"
#include "train/command_line.hpp"
#include "train/run.hpp"

namespace {

/// Keeps memory of activations for the next batch: what glibc does otherwise costs a tenth of the time in page faults.
void keep_memory() {
#ifdef __GLIBC__
  ::mallopt(M_MMAP_THRESHOLD, 32 * 1024 * 1024);  // the largest that it takes
  ::mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
#endif
}

}  // namespace

int main(int argc, char** argv) {
  return tool::run_main(train::tool_name, [&] {
    train::CommandLine options;
    CLI::App app(
        "Trains a classifier of images with soft nearest neighbour terms in its loss, and records its metrics and\n"
        "activations. The same options, data and number of threads give the same bytes\nof the dump, the JSON and the "
        "CSV.",
        train::tool_name);
    train::declare(app, options);
    if (const auto status = tool::parse(app, argc, argv)) return *status;
    keep_memory();
    try {
      train::validate(options, app.count("--layers") > 0);
      snnl::parallel::need_threads(options.training.threads);  // libtorch would end the process
      return train::run(options);
    } catch (const c10::Error& e) {
      tool::print_error(train::tool_name, std::string("libtorch: ") + e.what_without_backtrace());
    }
    return tool::unusable;
  });
}
