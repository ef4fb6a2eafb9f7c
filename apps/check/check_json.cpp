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
  out["tolerance"] = json::text_or_null(c.rule);
  out["worse"] = or_null(name_of(c.worse));
  out["standard_error"] = or_null(json::number_or_null(c.standard_error));
  out["paired"] = or_null(std::isnan(c.standard_error) ? Json(nullptr) : Json(c.paired));
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
  out.key("baseline").value(result.baseline_file);
  out.key("verdict").value(result.passed() ? "pass" : result.comparable() ? "fail" : "incomparable");
  Json counts;
  for (const Verdict verdict : {Verdict::pass, Verdict::better, Verdict::fail, Verdict::error, Verdict::skipped}) {
    counts[name_of(verdict)] = result.count(verdict);
  }
  out.key("counts").value(counts);
  out.key("differences").value(result.differences);
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
