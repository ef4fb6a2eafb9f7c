#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <tuple>

#include "snnl/inspect/inspection.hpp"
#include "snnl/text/columns.hpp"
#include "snnl/text/number.hpp"
#include "snnl/text/printable.hpp"
#include "snnl/text/wording.hpp"

namespace snnl::inspect {
namespace {

using Row = std::vector<std::string>;

// All columns flush left.
void print(std::ostream& out, const std::vector<Row>& rows) {
  text::print_columns(out, rows, [](std::size_t) { return true; });
}

std::string size_text(std::uint64_t bytes) {
  if (bytes < 1024) return std::to_string(bytes).append(" B");
  constexpr const char* units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 1023.5 && unit + 1 < std::size(units)) value /= 1024, ++unit;
  return text::format_short(value, value < 999.5 ? 3 : 4).append(" ").append(units[unit]);
}

std::string storage_text(const DatasetInfo& dataset) {
  std::string text = dataset.storage.empty() ? "unknown" : dataset.storage;
  if (!dataset.chunk.empty()) text = "chunks " + text::shape_text(dataset.chunk);
  for (const std::string& filter : dataset.filters) text.append(", ").append(text::printable(filter));
  return text;
}

void print_files(std::ostream& out, const Inspection& inspection) {
  constexpr std::size_t most = 8;
  for (std::size_t i = 0; i < inspection.files.size(); ++i) {
    if (inspection.files.size() > most && i == most) {
      out << "... and " << inspection.files.size() - most << " more files\n";
      break;
    }
    const FileInfo& file = inspection.files[i];
    out << text::shown_name(file.name) << ": ";
    if (!file.readable) {
      out << "cannot be read\n";
      continue;
    }
    out << size_text(file.bytes);
    if (file.version) out << ", dump of version " << *file.version;
    if (!file.model.empty()) out << ", model " << text::listing(file.model);
    if (!file.dataset.empty()) out << ", dataset " << text::listing(file.dataset);
    out << '\n';
  }
}

// One row for each way in which a layer is stored, with the number of epochs that have it so.
void print_layers(std::ostream& out, const Inspection& inspection) {
  struct Group {
    Row row;
    std::size_t epochs = 0;
    std::uint64_t bytes = 0, stored = 0;
    std::size_t bad = 0;
    std::vector<std::size_t> datasets;
  };
  std::vector<Group> groups;
  std::map<Row, std::size_t> places;
  for (const std::string& layer : inspection.layers) {
    for (const ItemInfo& item : inspection.items) {
      if (item.layer != layer) continue;
      Row row{text::printable(layer), "-", "-", "-"};
      if (item.dataset) {
        const DatasetInfo& dataset = inspection.datasets[*item.dataset];
        row = {text::printable(layer), text::shape_text(item.shape), dataset.type, storage_text(dataset)};
      }
      const auto [place, is_new] = places.emplace(row, groups.size());
      if (is_new) groups.push_back({row, 0, 0, 0, 0, {}});
      Group& group = groups[place->second];
      ++group.epochs;
      group.bytes += item.bytes;
      group.bad += item.sound ? 0 : 1;
      if (!item.dataset) continue;
      // A dataset with an epoch axis counts once.
      auto& seen = group.datasets;
      if (std::find(seen.begin(), seen.end(), *item.dataset) != seen.end()) continue;
      seen.push_back(*item.dataset);
      group.stored += inspection.datasets[*item.dataset].stored_bytes;
    }
  }
  std::vector<Row> rows{{"layer", "epochs", "shape", "type", "size", "stored", "storage", ""}};
  for (const Group& group : groups) {
    rows.push_back({group.row[0], std::to_string(group.epochs), group.row[1], group.row[2], size_text(group.bytes),
                    size_text(group.stored), group.row[3],
                    group.bad > 0 ? fmt::format("! {} in error", group.bad) : ""});
  }
  out << '\n';
  print(out, rows);
}

void print_labels(std::ostream& out, const Inspection& inspection) {
  constexpr std::size_t most_sets = 12;
  constexpr std::size_t most_classes = 10;
  if (inspection.label_sets.empty()) return;
  std::vector<Row> rows{{"labels", "samples", "type", "", "classes"}};
  for (const LabelSetInfo& set : inspection.label_sets) {
    if (rows.size() > most_sets) break;
    std::vector<std::string> classes;
    for (const dump::Class& one : set.classes) classes.push_back(fmt::format("{} {}", one.name, one.count));
    std::string text = set.classes.empty() ? "-" : std::to_string(classes.size()) + ": ";
    text += text::listing(classes, most_classes);
    if (set.ignored > 0) text += fmt::format("; {} left out", set.ignored);
    const std::string& file = inspection.files[set.file].name;
    const std::string place = inspection.files.size() > 1 ? fmt::format("{}:{}", file, set.path) : set.path;
    rows.push_back({text::printable(place), set.classes.empty() ? "-" : std::to_string(set.samples),
                    set.type.empty() ? "-" : set.type, set.used ? "used" : "", text});
  }
  out << '\n';
  print(out, rows);
  if (inspection.label_sets.size() > most_sets) {
    out << "  ... and " << inspection.label_sets.size() - most_sets << " more label sets\n";
  }
}

void print_findings(std::ostream& out, const Inspection& inspection) {
  const std::size_t errors = inspection.count(Severity::error);
  const std::size_t warnings = inspection.count(Severity::warning);
  const auto counted = [](std::size_t count, const char* what) {
    return std::to_string(count).append(" ").append(what).append(count == 1 ? "" : "s");
  };
  out << '\n';
  if (errors + warnings == 0) {
    out << "no findings" << (inspection.data_read ? "" : "; values were not looked at") << '\n';
    return;
  }
  out << "findings: " << counted(errors, "error") << ", " << counted(warnings, "warning")
      << (inspection.data_read ? "" : "; values were not looked at") << '\n';
  for (const Finding& finding : inspection.findings) {
    std::string place = finding.path;
    // With one file its name is told at the top.
    if (inspection.files.size() > 1 || place.empty()) {
      place = finding.file.empty()   ? ""
              : finding.path.empty() ? finding.file
                                     : fmt::format("{}:{}", finding.file, finding.path);
    }
    std::string text = place.empty() ? "" : place.append(": ");
    text += finding.message;
    if (!finding.advice.empty()) text.append("; ").append(finding.advice);
    out << (finding.severity == Severity::error ? "  error    " : "  warning  ") << text::message_line(text) << '\n';
  }
}

void print_questions(std::ostream& out, const Inspection& inspection) {
  if (inspection.questions.empty() || inspection.command.empty()) return;
  out << "\nchoose before numbers are compared\n";
  for (const Question& question : inspection.questions) {
    out << "  " << text::listing(question.layers) << ": " << question.message << "; pool them by";
    for (const std::string& option : question.options) out << ' ' << option;
    out << '\n';
  }
}

}  // namespace

std::string to_table(const Inspection& inspection) {
  std::ostringstream out;
  print_files(out, inspection);
  if (!inspection.items.empty()) {
    out << "layout  " << text::shown_name(inspection.layout) << (inspection.layout_proposed ? "  (proposed)" : "")
        << '\n';
    out << "epochs  " << inspection.epochs.size();
    if (!inspection.epochs.empty()) out << ": " << text::listing(inspection.epochs);
    out << '\n';
    print_layers(out, inspection);
  }
  print_labels(out, inspection);
  if (inspection.other_count > 0) {
    constexpr std::size_t shown = 8;
    std::vector<std::string> paths = inspection.others;
    for (std::string& path : paths) {
      if (inspection.files.size() == 1) path.erase(0, inspection.files[0].name.size() + 1);
    }
    const std::string rest =
        inspection.other_count > shown ? fmt::format(" and {} more", inspection.other_count - shown) : "";
    if (paths.size() > shown) paths.resize(shown);
    out << "\nnot read: " << text::listing(paths) << rest << '\n';
  }
  print_findings(out, inspection);
  const bool errors = inspection.count(Severity::error) > 0;
  if (!inspection.command.empty())
    out << '\n' << (errors ? "read what is sound with" : "read it with") << "\n  " << command_line(inspection) << '\n';
  print_questions(out, inspection);
  return out.str();
}

}  // namespace snnl::inspect
