#include "snnl/inspect/inspect_dump.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "snnl/dump/integer_bits.hpp"
#include "snnl/hdf5/attribute.hpp"
#include "snnl/hdf5/file.hpp"
#include "snnl/hdf5/watch.hpp"
#include "snnl/inspect/describe.hpp"
#include "snnl/inspect/inspector.hpp"
#include "snnl/inspect/questions.hpp"
#include "snnl/inspect/survey.hpp"
#include "snnl/text/shell.hpp"

namespace snnl::inspect {
namespace {

constexpr std::size_t most_others = 1000;

}  // namespace

Inspector::Inspector(const std::vector<std::string>& files, const InspectOptions& options)
    : names_(files), options_(options), findings_(files) {
  input_.layout = options.layout;
  input_.labels = options.labels;
  input_.ignored_labels = options.ignored_labels;
  input_.integer_bits = options.integer_bits;
  input_.threads = options.threads;
  result_.data_read = options.data;
  for (const Checked& checked : options.checked) checked_.emplace(checked.where, checked);
}

Inspection Inspector::run(const OnProgress& on_progress, const OnChecked& on_checked) {
  on_checked_ = on_checked;
  look_at_files();
  if (std::any_of(result_.files.begin(), result_.files.end(), [](const FileInfo& f) { return f.readable; })) {
    find_items();
    read_label_sets();
    check_classes();
    look_at_items(on_progress);
    check_layers();
    check_other_label_sets();
    list_others();
  }
  try_reader();
  result_.questions = questions_of(result_);
  result_.findings = findings_.sorted();
  return std::move(result_);
}

const hdf5::Handle& Inspector::open(std::size_t file) {
  if (open_index_ != file) {
    open_index_.reset();
    file_ = hdf5::Handle();  // closed before the next is opened
    file_ = hdf5::open_file(names_[file]);
    open_index_ = file;
  }
  return file_;
}

void Inspector::attempt(const std::function<void()>& work, Severity severity, const std::string& advice) {
  try {
    work();
  } catch (const Error& error) {
    findings_.add(error, severity, advice);
  }
}

std::optional<std::size_t> Inspector::describe(std::size_t file, const std::string& path, dump::IntegerBits bits) {
  const auto known = known_datasets_.find({file, path});
  if (known != known_datasets_.end()) return known->second;
  auto info = describe_dataset(open(file), path, bits);
  if (!info) return std::nullopt;
  info->file = file;
  result_.datasets.push_back(std::move(*info));
  return known_datasets_[{file, path}] = result_.datasets.size() - 1;
}

void Inspector::look_at_files() {
  for (std::size_t i = 0; i < names_.size(); ++i) {
    FileInfo info;
    info.name = names_[i];
    std::error_code failure;
    const auto bytes = std::filesystem::file_size(names_[i], failure);
    if (!failure) info.bytes = bytes;
    attempt([&] {
      const hdf5::Handle& file = open(i);
      info.readable = true;
      const auto text = [&](const char* name) {
        std::vector<std::string> values;
        attempt([&] { values = hdf5::string_attribute(file, names_[i], "/", name).value_or(values); },
                Severity::warning);
        return values;
      };
      info.model = text("model");
      info.dataset = text("dataset");
      try {
        info.version = hdf5::integer_attribute(file, names_[i], "/", "snnl_dump_version");
      } catch (const Error&) {
        // Matters for the layout of version 1 alone, whose scan tells it.
      }
    });
    result_.files.push_back(std::move(info));
  }
}

void Inspector::list_others() {
  std::set<SetKey> taken = label_paths_;
  for (const dump::Found& found : found_) taken.emplace(found.file, found.slice.path);
  for (const LabelSetInfo& set : result_.label_sets) taken.emplace(set.file, set.path);
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (!result_.files[i].readable) continue;
    attempt(
        [&] {
          for (const std::string& path : dataset_paths(open(i), names_[i], [](const Error&) {})) {
            if (taken.contains({i, path}) || path.ends_with("/sample_ids")) continue;
            if (++result_.other_count <= most_others) result_.others.push_back(fmt::format("{}:{}", names_[i], path));
          }
        },
        Severity::warning);
  }
}

void Inspector::try_reader() {
  result_.labels = input_.labels;
  open_index_.reset();
  file_ = hdf5::Handle();
  if (result_.files.size() != names_.size()) return;
  attempt([&] {
    const dump::Reader reader(names_, input_);
    for (const Error& remark : reader.remarks()) findings_.add(remark, Severity::warning);
    result_.command = {"snnl-analyze"};
    for (const std::string& name : names_)
      result_.command.push_back(name.starts_with('-') ? std::string("./").append(name) : name);
    const auto option = [&](const char* name, const std::string& value) {
      if (value.empty()) return;
      result_.command.emplace_back(name);
      result_.command.push_back(value);
    };
    option("--layout", input_.layout);
    option("--labels", input_.labels);
    for (const std::string& layer : input_.layers) option("--layers", layer);
    for (const std::string& label : input_.ignored_labels) option("--ignore-label", label);
    // With all integers alike the numbers are right with this option.
    const bool alike = input_.integer_bits == dump::IntegerBits::numbers && looks_like_.size() == 1;
    const char* const flag = dump::option_of(alike ? *looks_like_.begin() : input_.integer_bits);
    if (flag) result_.command.emplace_back(flag);
  });
}

bool Inspection::readable() const {
  return std::all_of(files.begin(), files.end(), [](const FileInfo& file) { return file.readable; });
}

std::size_t Inspection::count(Severity severity) const {
  return static_cast<std::size_t>(std::count_if(findings.begin(), findings.end(),
                                                [&](const Finding& finding) { return finding.severity == severity; }));
}

std::string command_line(const Inspection& inspection) {
  std::string line;
  for (const std::string& word : inspection.command)
    line.append(line.empty() ? "" : " ").append(text::shell_quoted(word));
  return line;
}

Inspection inspect_dump(const std::vector<std::string>& files, const InspectOptions& options,
                        const OnProgress& on_progress, const OnChecked& on_checked) {
  if (files.empty()) throw Error("", "no dump was given", "give at least one HDF5 file");
  if (!options.layout.empty()) dump::LayoutPattern pattern(options.layout);  // malformed: thrown
  const hdf5::QuietErrors quiet;
  return Inspector(files, options).run(on_progress, on_checked);
}

}  // namespace snnl::inspect
