#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "check/writers.hpp"
#include "snnl/json/or_null.hpp"
#include "snnl/json/writer.hpp"
#include "snnl/version.hpp"

namespace snnl::check {
namespace {

using Json = nlohmann::ordered_json;

Json comparison_json(const Comparison& c) {
  const bool compared = !c.metric.empty();
  const auto or_null = [=](Json value) { return compared ? value : Json(nullptr); };
  Json out;
  out["epoch"] = c.epoch;
  out["layer"] = c.layer;
  out["metric"] = json::text_or_null(c.metric);
  out["classes"] = c.classes;
  out["verdict"] = name_of(c.verdict);
  out["message"] = json::text_or_null(c.message);
  out["old"] = or_null(json::number_or_null(c.baseline));
  out["new"] = or_null(json::number_or_null(c.current));
  out["change"] = or_null(json::number_or_null(c.change()));
  out["limit"] = or_null(json::number_or_null(c.limit));
  out["limit_of"] = or_null(name_of(c.limit_of));
  out["seed_limit"] = json::value_or_null(c.seed_limit);
  out["beyond_seeds"] = c.seed_limit ? Json(c.beyond_seeds()) : Json(nullptr);
  out["tolerance"] = json::text_or_null(c.rule);
  out["worse"] = or_null(name_of(c.worse));
  out["standard_error"] = or_null(json::number_or_null(c.standard_error));
  out["paired"] = or_null(std::isnan(c.standard_error) ? Json(nullptr) : Json(c.paired));
  out["unpaired"] = json::text_or_null(c.unpaired);
  out["z"] = or_null(json::number_or_null(c.z()));
  out["within_noise"] = or_null(std::isnan(c.standard_error) ? Json(nullptr) : Json(c.within_noise()));
  out["values"] = or_null(c.values);
  out["values_beyond"] = or_null(c.beyond);
  return out;
}

}  // namespace

void write_json(std::ostream& stream, const CheckResult& result) {
  json::Writer out(stream, 2);
  out.begin_object();
  out.key("schema").value("snnl.check/1");
  out.key("generator").value({{"name", "snnl-check"}, {"version", version}});
  out.key("current").value(result.current_file);
  const bool one = result.baseline_files.size() == 1;
  out.key("baseline").value(one ? Json(result.baseline_files[0]) : Json(nullptr));
  out.key("baselines").value(result.baseline_files);
  out.key("verdict").value(result.passed() ? "pass" : result.comparable() ? "fail" : "incomparable");
  Json counts;
  for (const Verdict verdict : {Verdict::pass, Verdict::better, Verdict::fail, Verdict::error, Verdict::skipped}) {
    counts[name_of(verdict)] = result.count(verdict);
  }
  out.key("counts").value(counts);
  out.key("differences").value(result.differences);
  Json spreads = Json::object();
  for (const auto& [layer, spread] : result.spreads) {
    spreads[layer] = {{"runs", spread.runs},
                      {"epochs", spread.epochs},
                      {"share", spread.share},
                      {"degrees", json::number_or_null(spread.degrees)}};
  }
  out.key("spreads").value(spreads);
  out.key("start_left_out").value(result.start_left_out);
  out.key("comparisons").array(result.comparisons.size(), [&](std::size_t k) {
    return comparison_json(result.comparisons[k]);
  });
  out.end();
  out.flush();
  stream << '\n';
}

std::string to_json(const CheckResult& result) {
  std::ostringstream text;
  write_json(text, result);
  return std::move(text).str();
}

}  // namespace snnl::check
