#include <nlohmann/json.hpp>
#include <sstream>

#include "snnl/inspect/inspection.hpp"
#include "snnl/json/or_null.hpp"
#include "snnl/json/writer.hpp"
#include "snnl/version.hpp"

namespace snnl::inspect {
namespace {

using Json = nlohmann::ordered_json;

Json file_json(const FileInfo& file) {
  Json out;
  out["name"] = file.name;
  out["readable"] = file.readable;
  out["bytes"] = file.bytes;
  out["version"] = json::value_or_null(file.version);
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
  out["storage"] = json::text_or_null(dataset.storage);
  out["chunk"] = dataset.chunk;
  out["filters"] = dataset.filters;
  out["data_format"] = json::text_or_null(dataset.data_format);
  return out;
}

Json item_json(const ItemInfo& item) {
  Json out;
  out["epoch"] = json::value_or_null(item.epoch);
  out["layer"] = item.layer;
  out["path"] = item.path;
  out["dataset"] = json::value_or_null(item.dataset);
  out["shape"] = item.shape;
  out["bytes"] = item.bytes;
  out["sound"] = item.sound;
  return out;
}

Json label_set_json(const LabelSetInfo& set) {
  Json out;
  out["file"] = set.file;
  out["path"] = set.path;
  out["type"] = json::text_or_null(set.type);
  out["used"] = set.used;
  out["samples"] = set.samples;
  out["ignored"] = set.ignored;
  Json classes = Json::array();
  for (const dump::Class& one : set.classes) classes.push_back({{"name", one.name}, {"count", one.count}});
  out["classes"] = std::move(classes);
  return out;
}

Json finding_json(const Finding& finding) {
  Json out;
  out["severity"] = finding.severity == Severity::error ? "error" : "warning";
  out["file"] = json::text_or_null(finding.file);
  out["path"] = json::text_or_null(finding.path);
  out["message"] = finding.message;
  out["advice"] = json::text_or_null(finding.advice);
  return out;
}

Json proposal_json(const Proposal& proposal) {
  Json out;
  out["layout"] = json::text_or_null(proposal.layout);
  out["labels"] = json::text_or_null(proposal.labels);
  out["layers"] = proposal.layers;
  out["fits"] = proposal.fits;
  out["others"] = proposal.others;
  return out;
}

Json question_json(const Question& question) {
  Json out;
  out["layers"] = question.layers;
  out["rank"] = question.rank;
  out["message"] = question.message;
  out["options"] = question.options;
  return out;
}

template <typename Value, typename ToJson>
void write_array(json::Writer& out, const char* key, const std::vector<Value>& values, const ToJson& to_json_of) {
  out.key(key).array(values.size(), [&](std::size_t k) { return to_json_of(values[k]); });
}

}  // namespace

void write_json(std::ostream& stream, const Inspection& inspection) {
  json::Writer out(stream, 2);
  out.begin_object();
  out.key("schema").value("snnl.inspect/1");
  out.key("generator").value({{"name", "snnl-inspect"}, {"version", version}});
  const bool sound = inspection.readable() && inspection.count(Severity::error) == 0;
  out.key("status").value(!inspection.readable() ? "unreadable" : sound ? "sound" : "findings");
  out.key("data_read").value(inspection.data_read);
  write_array(out, "files", inspection.files, file_json);
  out.key("layout").value(json::text_or_null(inspection.layout));
  out.key("layout_proposed").value(inspection.layout_proposed);
  out.key("labels").value(json::text_or_null(inspection.labels));
  out.key("labels_proposed").value(inspection.labels_proposed);
  out.key("proposal").value(inspection.proposal ? proposal_json(*inspection.proposal) : Json(nullptr));
  out.key("epochs").value(inspection.epochs);
  out.key("layers").value(inspection.layers);
  write_array(out, "label_sets", inspection.label_sets, label_set_json);
  write_array(out, "items", inspection.items, item_json);
  write_array(out, "datasets", inspection.datasets, dataset_json);
  out.key("others").value(inspection.others);
  out.key("other_count").value(inspection.other_count);
  write_array(out, "findings", inspection.findings, finding_json);
  write_array(out, "questions", inspection.questions, question_json);
  out.key("command").value(inspection.command);
  out.key("command_line").value(json::text_or_null(command_line(inspection)));
  out.end();
  out.flush();
  stream << '\n';
}

std::string to_json(const Inspection& inspection) {
  std::ostringstream text;
  write_json(text, inspection);
  return std::move(text).str();
}

}  // namespace snnl::inspect
