#include "snnl/isolation/isolation.hpp"

#include <cstdlib>
#include <string_view>

#include "snnl/isolation/launcher.hpp"
#include "snnl/isolation/remote_dump.hpp"
#include "snnl/isolation/remote_inspection.hpp"
#include "snnl/isolation/serve.hpp"

namespace snnl::isolation {
namespace {

bool is_wanted() {
  const char* const value = std::getenv("SNNL_ISOLATION");
  return value == nullptr || std::string_view(value) != "off";
}

}  // namespace

Isolation::Isolation() {
  if (is_wanted()) launcher_ = std::make_shared<Launcher>(serve);
}

Isolation::~Isolation() = default;

dump::Reader Isolation::open(const std::vector<std::string>& files, const dump::Options& options,
                             const std::atomic<bool>* stop) const {
  if (!launcher_) return dump::Reader(files, options);
  return dump::Reader(open_remote(launcher_, files, options, stop));
}

inspect::Inspection Isolation::inspect(const std::vector<std::string>& files, const inspect::InspectOptions& options,
                                       const inspect::OnProgress& on_progress) const {
  if (!launcher_) return inspect::inspect_dump(files, options, on_progress);
  return inspect_remotely(launcher_, files, options, on_progress);
}

}  // namespace snnl::isolation
