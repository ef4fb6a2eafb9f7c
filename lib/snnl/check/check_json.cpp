#include <cmath>
#include <nlohmann/json.hpp>

#include "snnl/check/writers.hpp"
#include "snnl/results/json_number.hpp"
#include "snnl/version.hpp"

namespace snnl::check {
namespace {

using Json = nlohmann::ordered_json;

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json comparison_json(const Comparison& c) {
  const bool compared = !c.metric.empty();
  const auto or_null = [=](Json value) { return compared ? value : Json(nullptr); };
  Json out;
  out["epoch"] = c.epoch;
  out["layer"] = c.layer;
  out["metric"] = text_or_null(c.metric);
  out["classes"] = c.classes;
  out["verdict"] = name_of(c.verdict);
  out["message"] = text_or_null(c.message);
  out["old"] = or_null(number_or_null(c.baseline));
  out["new"] = or_null(number_or_null(c.current));
  out["change"] = or_null(number_or_null(c.change()));
  out["limit"] = or_null(number_or_null(c.limit));
  out["tolerance"] = text_or_null(c.rule);
  out["worse"] = or_null(name_of(c.worse));
  out["standard_error"] = or_null(number_or_null(c.standard_error));
  out["within_noise"] = or_null(std::isnan(c.standard_error) ? Json(nullptr) : Json(c.within_noise()));
  out["values"] = or_null(c.values);
  out["values_beyond"] = or_null(c.beyond);
  return out;
}

}  // namespace

std::string to_json(const CheckResult& result) {
  Json out;
  out["schema"] = "snnl.check/1";
  out["generator"] = {{"name", "snnl-check"}, {"version", version}};
  out["current"] = result.current_file;
  out["baseline"] = result.baseline_file;
  out["verdict"] = result.passed() ? "pass" : result.comparable() ? "fail" : "incomparable";
  for (const Verdict verdict : {Verdict::pass, Verdict::better, Verdict::fail, Verdict::error, Verdict::skipped}) {
    out["counts"][name_of(verdict)] = result.count(verdict);
  }
  out["differences"] = result.differences;
  Json comparisons = Json::array();
  for (const Comparison& c : result.comparisons) comparisons.push_back(comparison_json(c));
  out["comparisons"] = std::move(comparisons);
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace snnl::check
