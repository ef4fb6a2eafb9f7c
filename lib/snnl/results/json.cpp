#include "snnl/results/json.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "snnl/results/json_number.hpp"
#include "snnl/version.hpp"

namespace snnl {
namespace {

using Json = nlohmann::ordered_json;

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json numbers(const std::vector<double>& values) {
  Json out = Json::array();
  for (const double v : values) out.push_back(number_or_null(v));
  return out;
}

Json matrix(const xt::xtensor<double, 2>& m) {
  Json out = Json::array();
  for (std::size_t a = 0; a < m.shape(0); ++a) {
    Json row = Json::array();
    for (std::size_t b = 0; b < m.shape(1); ++b) row.push_back(number_or_null(m(a, b)));
    out.push_back(std::move(row));
  }
  return out;
}

Json options_json(const AnalysisOptions& options) {
  const EntanglementOptions& e = options.entanglement;
  Json out;
  out["temperature"] = e.temperature ? Json(*e.temperature) : Json("auto");
  out["temperature_curve"] = e.temperature_curve;
  out["distance"] = name_of(e.distance);
  out["precision"] = name_of(e.precision);
  out["rows"] = e.rows > 0 ? Json(e.rows) : Json(nullptr);
  out["seed"] = e.rows > 0 ? Json(e.seed) : Json(nullptr);
  out["nonfinite"] = options.nonfinite;
  out["layout"] = text_or_null(options.layout);
  out["labels"] = text_or_null(options.labels);
  out["layers"] = options.layers;
  out["epochs"] = text_or_null(options.epochs);
  return out;
}

Json item_json(const AnalysedItem& item, bool with_curve) {
  const Entanglement none{};
  const bool ok = item.result.has_value();
  const Entanglement& r = ok ? *item.result : none;
  const auto or_null = [ok](auto value) { return ok ? Json(std::move(value)) : Json(nullptr); };
  Json out;
  out["epoch"] = item.epoch;
  out["layer"] = item.layer;
  out["status"] = ok ? "ok" : "error";
  out["message"] = text_or_null(item.message);
  out["samples"] = or_null(r.samples);
  out["features"] = or_null(r.features);
  out["scored"] = or_null(r.scored);
  out["queries"] = or_null(r.queries);
  out["dropped"] = or_null(item.dropped);
  out["digest"] = ok ? text_or_null(item.digest) : Json(nullptr);
  out["temperature"] = or_null(number_or_null(r.temperature));
  out["temperature_status"] = or_null(Json(name_of(r.temperature_status)));
  out["mean_distance"] = or_null(number_or_null(r.mean_distance));
  out["entanglement"] = or_null(number_or_null(r.value));
  out["entanglement_stderr"] = or_null(number_or_null(r.standard_error));
  out["chance"] = or_null(number_or_null(r.chance));
  out["normalized"] = or_null(number_or_null(r.normalized));
  out["effective_neighbors"] = or_null(number_or_null(r.effective_neighbors));
  out["precision"] = or_null(Json(r.used_double ? "double" : "float"));
  out["class_entanglement"] = or_null(numbers(r.class_entanglement));
  out["class_similarity"] = or_null(matrix(r.class_similarity));
  if (ok && with_curve) {
    out["temperature_curve"] = {{"temperature", numbers(r.curve_temperature)},
                                {"entanglement", numbers(r.curve_value)}};
  } else {
    out["temperature_curve"] = nullptr;
  }
  return out;
}

}  // namespace

std::string to_json(const Analysis& analysis) {
  Json out;
  out["schema"] = "snnl.analysis/1";
  out["generator"] = {{"name", "snnl-analyze"}, {"version", version}};
  out["inputs"] = analysis.inputs;
  Json classes = Json::array();
  for (const ClassCount& c : analysis.classes) classes.push_back({{"name", c.name}, {"count", c.count}});
  out["labels"] = {{"path", analysis.label_path}, {"classes", std::move(classes)}};
  out["options"] = options_json(analysis.options);
  Json items = Json::array();
  for (const AnalysedItem& item : analysis.items) {
    items.push_back(item_json(item, analysis.options.entanglement.temperature_curve > 0));
  }
  out["items"] = std::move(items);
  // Names come from files: what is not UTF-8 is replaced rather than refused.
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace snnl
