#include "check/rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "check/metrics.hpp"
#include "check/wording.hpp"
#include "snnl/dump/selection.hpp"
#include "snnl/error.hpp"
#include "snnl/json/cursor.hpp"
#include "snnl/text/nearest_name.hpp"

namespace snnl::check {
namespace {

constexpr const char* config_schema = "snnl.check-config/1";

std::string checked_metric(const std::string& metric, const std::string& whole, const std::string& place) {
  const std::vector<std::string>& names = metric_names();
  if (std::find(names.begin(), names.end(), metric) != names.end()) return metric;
  std::string listing;
  for (const std::string& name : names) listing.append(listing.empty() ? "" : ", ").append(name);
  const std::string guess = text::did_you_mean(metric, names);
  throw Error(place, fmt::format("{} names the metric {}, which there is not{}", quoted(whole), quoted(metric),
                                 guess.empty() ? "; there are " + listing : guess));
}

// A number of decimal digits, all of `text`; nothing else that a library would take, such as "nan" or "0x1".
std::optional<double> decimal(const std::string& text) {
  if (text.empty() || text.find_first_not_of("0123456789.eE+-") != std::string::npos) return std::nullopt;
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (end != text.c_str() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::vector<std::string> texts(const json::Cursor& at) {
  std::vector<std::string> out;
  for (const json::Cursor& element : at.elements()) out.push_back(element.text());
  return out;
}

}  // namespace

Tolerance parse_tolerance(const std::string& text, const std::string& place) {
  const std::size_t last = text.rfind(':');
  if (last == std::string::npos) {
    throw Error(place, quoted(text) + " is not [LAYER_GLOB:]METRIC:VALUE, such as 'conv*:entanglement:5%'");
  }
  Tolerance tolerance;
  tolerance.text = text;
  const std::size_t before = last == 0 ? std::string::npos : text.rfind(':', last - 1);
  const std::size_t metric = before == std::string::npos ? 0 : before + 1;
  if (before != std::string::npos) tolerance.layers = text.substr(0, before);
  if (tolerance.layers.empty()) throw Error(place, quoted(text) + " has an empty layer", "'*' is all of them");
  tolerance.metric = checked_metric(text.substr(metric, last - metric), text, place);
  std::string value = text.substr(last + 1);
  tolerance.relative = !value.empty() && value.back() == '%';
  if (tolerance.relative) value.pop_back();
  const std::optional<double> number = decimal(value);
  if (!number || *number < 0) {
    throw Error(place, quoted(text) + " has no value >= 0 after its last colon, such as '5%' or '0.02'");
  }
  tolerance.value = tolerance.relative ? *number / 100 : *number;
  return tolerance;
}

Direction parse_direction(const std::string& text, const std::string& place) {
  const std::size_t colon = text.rfind(':');
  const std::string way = colon == std::string::npos ? "" : text.substr(colon + 1);
  Direction direction;
  direction.text = text;
  if (way == "lower" || way == "higher" || way == "both") {
    direction.worse = way == "lower" ? Worse::lower : way == "higher" ? Worse::higher : Worse::both;
  } else {
    throw Error(place, fmt::format("{} is not METRIC:lower, METRIC:higher or METRIC:both{}", quoted(text),
                                   text::did_you_mean(way, {"lower", "higher", "both"})));
  }
  direction.metric = checked_metric(text.substr(0, colon), text, place);
  return direction;
}

const char* name_of(Worse worse) {
  return worse == Worse::lower ? "lower" : worse == Worse::higher ? "higher" : "both";
}

Config read_config(const std::string& file) {
  const nlohmann::json document = json::read_file(file);
  const json::Cursor top(file, document);
  top.at("schema").one_of({config_schema});
  const std::vector<std::string> known = {"schema", "baseline", "tolerance", "direction", "layers", "epochs"};
  for (const std::string& key : top.keys()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    top.fail(fmt::format("has a field {}, which means nothing here{}", quoted(key), text::did_you_mean(key, known)));
  }
  Config config;
  if (const auto at = top.find("tolerance")) {
    for (const json::Cursor& one : at->elements()) {
      config.rules.tolerances.push_back(parse_tolerance(one.text(), one.place()));
    }
  }
  if (const auto at = top.find("direction")) {
    for (const json::Cursor& one : at->elements()) {
      config.rules.directions.push_back(parse_direction(one.text(), one.place()));
    }
  }
  if (const auto at = top.find("layers")) config.rules.layers = texts(*at);
  if (const auto at = top.find("epochs")) {
    config.rules.epochs = at->text();
    dump::EpochSelection checked(config.rules.epochs);
  }
  if (const auto at = top.find("baseline")) {
    const auto add = [&](const json::Cursor& one) {
      const std::filesystem::path given = one.text();
      if (given.empty()) one.fail("is empty; leave it out, or name a file");
      config.baselines.push_back((std::filesystem::path(file).parent_path() / given).string());
    };
    if (at->is_array()) {
      for (const json::Cursor& one : at->elements()) add(one);
    } else {
      add(*at);
    }
  }
  return config;
}

}  // namespace snnl::check
