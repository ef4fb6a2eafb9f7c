#include <nlohmann/json.hpp>
#include <sstream>

#include "snnl/analysis/item_checksum.hpp"
#include "snnl/analysis/measures.hpp"
#include "snnl/analysis/option_fields.hpp"
#include "snnl/analysis/sample_losses.hpp"
#include "snnl/json/or_null.hpp"
#include "snnl/json/writer.hpp"
#include "snnl/version.hpp"

namespace snnl {
namespace {

using Json = nlohmann::ordered_json;

Json options_json(const AnalysisOptions& options) {
  Json out;
  for (const analysis::OptionField& field : analysis::option_fields()) out[field.name] = field.write(options);
  return out;
}

Json classes_json(const Analysis& analysis) {
  Json classes = Json::array();
  for (const ClassCount& c : analysis.classes) classes.push_back({{"name", c.name}, {"count", c.count}});
  return {{"path", analysis.label_path}, {"classes", std::move(classes)}};
}

void write_numbers(json::Writer& out, const char* key, const std::vector<double>& values) {
  out.key(key).numbers(values.data(), values.size());
}

bool has_curve(const Analysis& analysis) { return analysis.options.entanglement.temperature_curve > 0; }

void write_arrays(json::Writer& out, const Entanglement& r, bool with_curve) {
  write_numbers(out, "class_entanglement", r.class_entanglement);
  const auto& m = r.class_similarity;
  out.key("class_similarity").begin_array();
  for (std::size_t a = 0; a < m.shape(0); ++a) out.numbers(m.data() + a * m.shape(1), m.shape(1));
  out.end();
  out.key("temperature_curve");
  if (!with_curve) {
    out.value(nullptr);
    return;
  }
  out.begin_object();
  write_numbers(out, "temperature", r.curve_temperature);
  write_numbers(out, "entanglement", r.curve_value);
  out.end();
}

/// What an item's numbers mean depends on them. Options that files of before do not have are left out where they are
/// the default: the checksums of those hold.
std::string setting_of(const Analysis& analysis) {
  const auto text = [](const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); };
  Json options = options_json(analysis.options);
  for (const analysis::OptionField& field : analysis::option_fields()) {
    if (field.added && options[field.name] == field.write({})) options.erase(field.name);
  }
  return text(classes_json(analysis)) + text(options);
}

Json dominance_json(const Dominance& dominance) {
  const auto shares = [](const char* what, const std::vector<Share>& all) {
    Json out = Json::array();
    for (const Share& one : all) out.push_back({{what, one.index}, {"share", one.share}});
    return out;
  };
  return {{"constant_features", dominance.constant_features},
          {"features", shares("feature", dominance.features)},
          {"samples", shares("row", dominance.samples)}};
}

Json changed_json(const ChangedFeatures& changed) {
  return {{"features", changed.features}, {"constant", changed.constant}, {"dropped", changed.dropped}};
}

Json sample_ids_json(const SampleIds& ids) { return {{"set", ids.set}, {"order", ids.order}}; }

/// Returns its checksum; `setting` as setting_of has it. An item in error has none.
std::string write_item(json::Writer& out, const AnalysedItem& item, bool with_curve, const std::string& setting) {
  const Entanglement none{};
  const bool ok = item.result.has_value();
  const Entanglement& r = ok ? *item.result : none;
  const auto or_null = [&](const char* key, const Json& value) { out.key(key).value(ok ? value : Json(nullptr)); };
  files::Digest digest;
  digest.add(setting);
  out.begin_object();
  out.tell(&digest);
  out.key("epoch").value(item.epoch);
  out.key("layer").value(item.layer);
  out.key("status").value(ok ? "ok" : "error");
  out.key("message").value(json::text_or_null(item.message));
  or_null("samples", r.samples);
  or_null("features", r.features);
  const bool is_changed = ok && item.changed;
  if (!is_changed) out.tell(nullptr);  // as files of before, whose checksums hold
  out.key("changed_features").value(is_changed ? changed_json(*item.changed) : Json(nullptr));
  out.tell(&digest);
  or_null("scored", r.scored);
  or_null("queries", r.queries);
  or_null("dropped", item.dropped);
  // Files of before do not have it: their checksums hold.
  if (item.ignored == 0) out.tell(nullptr);
  or_null("ignored", item.ignored);
  out.tell(&digest);
  or_null("digest", json::text_or_null(item.digest));
  or_null("temperature", json::number_or_null(r.temperature));
  or_null("temperature_status", name_of(r.temperature_status));
  or_null("mean_distance", json::number_or_null(r.mean_distance));
  for (const analysis::Measure& measure : analysis::measures())
    or_null(measure.name, json::number_or_null(r.*measure.value));
  or_null("precision", r.used_double ? "double" : "float");
  if (ok) {
    write_arrays(out, r, with_curve);
  } else {
    for (const char* key : {"class_entanglement", "class_similarity", "temperature_curve"}) out.key(key).value(nullptr);
  }
  const bool kept = !item.sample_losses.empty();
  or_null("sample_losses", kept ? Json(analysis::pack_losses(item.sample_losses)) : Json(nullptr));
  or_null("sample_digest", kept ? Json(item.sample_digest) : Json(nullptr));
  out.tell(nullptr);
  // Found anew whenever the data are there, so that files of before may lack them.
  out.key("dominance").value(item.dominance ? dominance_json(*item.dominance) : Json(nullptr));
  out.key("sample_ids").value(item.sample_ids ? sample_ids_json(*item.sample_ids) : Json(nullptr));
  const std::string checksum = ok ? digest.text() : "";
  out.key("checksum").value(json::text_or_null(checksum));
  out.end();
  return checksum;
}

}  // namespace

void write_json(std::ostream& stream, const Analysis& analysis) {
  json::Writer out(stream, 2);
  out.begin_object();
  out.key("schema").value("snnl.analysis/1");
  out.key("generator").value({{"name", "snnl-analyze"}, {"version", version}});
  out.key("inputs").value(analysis.inputs);
  out.key("labels").value(classes_json(analysis));
  out.key("options").value(options_json(analysis.options));
  const std::string setting = setting_of(analysis);
  out.key("items").begin_array();
  for (const AnalysedItem& item : analysis.items) write_item(out, item, has_curve(analysis), setting);
  out.end();
  out.end();
  out.flush();
  stream << '\n';
}

std::string analysis::item_checksum(const Analysis& analysis, const AnalysedItem& item) {
  std::ostream nowhere(nullptr);
  json::Writer out(nowhere, 2, 2);  // as deep as among the items of a document
  return write_item(out, item, has_curve(analysis), setting_of(analysis));
}

std::string to_json(const Analysis& analysis) {
  std::ostringstream text;
  write_json(text, analysis);
  return std::move(text).str();
}

}  // namespace snnl
