#include <nlohmann/json.hpp>

#include "snnl/inspect/inspection.hpp"
#include "snnl/version.hpp"

namespace snnl::inspect {
namespace {

using Json = nlohmann::ordered_json;

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

template <typename Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json file_json(const FileInfo& file) {
  Json out;
  out["name"] = file.name;
  out["readable"] = file.readable;
  out["bytes"] = file.bytes;
  out["version"] = or_null(file.version);
  out["model"] = file.model;
  out["dataset"] = file.dataset;
  return out;
}

Json dataset_json(const DatasetInfo& dataset) {
  Json out;
  out["file"] = dataset.file;
  out["path"] = dataset.path;
  out["shape"] = dataset.shape;
  out["type"] = dataset.type;
  out["bytes"] = dataset.bytes;
  out["stored_bytes"] = dataset.stored_bytes;
  out["storage"] = text_or_null(dataset.storage);
  out["chunk"] = dataset.chunk;
  out["filters"] = dataset.filters;
  return out;
}

Json item_json(const ItemInfo& item) {
  Json out;
  out["epoch"] = or_null(item.epoch);
  out["layer"] = item.layer;
  out["path"] = item.path;
  out["dataset"] = or_null(item.dataset);
  out["shape"] = item.shape;
  out["bytes"] = item.bytes;
  out["sound"] = item.sound;
  return out;
}

Json label_set_json(const LabelSetInfo& set) {
  Json out;
  out["file"] = set.file;
  out["path"] = set.path;
  out["type"] = text_or_null(set.type);
  out["used"] = set.used;
  out["samples"] = set.samples;
  Json classes = Json::array();
  for (const dump::Class& one : set.classes) classes.push_back({{"name", one.name}, {"count", one.count}});
  out["classes"] = std::move(classes);
  return out;
}

Json finding_json(const Finding& finding) {
  Json out;
  out["severity"] = finding.severity == Severity::error ? "error" : "warning";
  out["file"] = text_or_null(finding.file);
  out["path"] = text_or_null(finding.path);
  out["message"] = finding.message;
  out["advice"] = text_or_null(finding.advice);
  return out;
}

template <typename Value, typename ToJson>
Json array_of(const std::vector<Value>& values, const ToJson& to_json_of) {
  Json out = Json::array();
  for (const Value& value : values) out.push_back(to_json_of(value));
  return out;
}

}  // namespace

std::string to_json(const Inspection& inspection) {
  Json out;
  out["schema"] = "snnl.inspect/1";
  out["generator"] = {{"name", "snnl-inspect"}, {"version", version}};
  const bool sound = inspection.readable() && inspection.count(Severity::error) == 0;
  out["status"] = !inspection.readable() ? "unreadable" : sound ? "sound" : "findings";
  out["data_read"] = inspection.data_read;
  out["files"] = array_of(inspection.files, file_json);
  out["layout"] = text_or_null(inspection.layout);
  out["layout_proposed"] = inspection.layout_proposed;
  out["labels"] = text_or_null(inspection.labels);
  out["labels_proposed"] = inspection.labels_proposed;
  out["epochs"] = inspection.epochs;
  out["layers"] = inspection.layers;
  out["label_sets"] = array_of(inspection.label_sets, label_set_json);
  out["items"] = array_of(inspection.items, item_json);
  out["datasets"] = array_of(inspection.datasets, dataset_json);
  out["others"] = inspection.others;
  out["other_count"] = inspection.other_count;
  out["findings"] = array_of(inspection.findings, finding_json);
  out["command"] = inspection.command;
  out["command_line"] = text_or_null(command_line(inspection));
  // Names come from files: what is not UTF-8 is replaced rather than refused.
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace snnl::inspect
