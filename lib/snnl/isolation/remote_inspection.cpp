#include "snnl/isolation/remote_inspection.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "snnl/error.hpp"
#include "snnl/isolation/culprits.hpp"
#include "snnl/isolation/messages.hpp"
#include "snnl/isolation/worker.hpp"

namespace snnl::isolation {
namespace {

// What is printed for somebody to paste is a command of ours.
void check_command(const std::vector<std::string>& command, const std::vector<std::string>& files) {
  if (command.empty()) return;
  require(command.size() > files.size() && command[0] == "snnl-analyze");
  for (std::size_t i = 0; i < files.size(); ++i) {
    require(command[i + 1] == files[i] || command[i + 1] == "./" + files[i]);
  }
  for (std::size_t i = files.size() + 1; i < command.size(); ++i) {
    if (command[i] == "--bfloat16" || command[i] == "--float16-bits") continue;
    require(command[i] == "--layout" || command[i] == "--labels" || command[i] == "--layers" ||
            command[i] == "--ignore-label");
    require(++i < command.size());
  }
}

void check(const inspect::Inspection& inspection, const std::vector<std::string>& files) {
  require(inspection.files.size() == files.size());
  for (std::size_t i = 0; i < files.size(); ++i) require(inspection.files[i].name == files[i]);
  for (const inspect::DatasetInfo& dataset : inspection.datasets) require(dataset.file < files.size());
  for (const inspect::LabelSetInfo& set : inspection.label_sets) require(set.file < files.size());
  for (const inspect::ItemInfo& item : inspection.items) {
    require(!item.dataset || *item.dataset < inspection.datasets.size());
  }
  for (const inspect::Finding& finding : inspection.findings) {
    require(finding.severity == inspect::Severity::error || finding.severity == inspect::Severity::warning);
    require(finding.file.empty() || std::find(files.begin(), files.end(), finding.file) != files.end());
  }
  check_command(inspection.command, files);
}

inspect::Inspection by_one_process(Worker& worker, const InspectDump& asked, inspect::InspectOptions& options,
                                   const inspect::OnProgress& on_progress) {
  worker.ask(inspect_dump, packed(asked));
  while (true) {
    const Message message = worker.answer({});
    switch (message.kind) {
      case progress: {
        const auto told = unpacked<Progress>(message.bytes);
        require(std::isfinite(told.fraction));
        if (on_progress) on_progress(std::clamp(told.fraction, 0., 1.), told.next);
        break;
      }
      case item_seen:
        options.checked.push_back(unpacked<inspect::Checked>(message.bytes));
        break;
      case failed: {
        const auto failure = unpacked<Failure>(message.bytes);
        throw Error(failure.where, failure.message, failure.advice);
      }
      default: {
        require(message.kind == done);
        auto inspection = unpacked<inspect::Inspection>(message.bytes);
        check(inspection, asked.files);
        return inspection;
      }
    }
  }
}

}  // namespace

inspect::Inspection inspect_remotely(const std::shared_ptr<Launcher>& launcher, const std::vector<std::string>& files,
                                     const inspect::InspectOptions& options, const inspect::OnProgress& on_progress) {
  inspect::InspectOptions now = options;
  Culprits culprits(files);
  while (true) {
    Worker worker(launcher);
    try {
      try {
        return by_one_process(worker, {files, now, culprits.all()}, now, on_progress);
      } catch (const Malformed&) {
        worker.fail_senseless();
      }
    } catch (const Death& death) {
      culprits.add(death);
    }
  }
}

}  // namespace snnl::isolation
