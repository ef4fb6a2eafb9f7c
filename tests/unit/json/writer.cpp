// JSON that is written as it is made has the bytes of nlohmann::json::dump.

#include "snnl/json/writer.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <sstream>

#include "snnl/json/or_null.hpp"

namespace {

using Json = nlohmann::ordered_json;

/// Writes it member by member, whatever its depth.
void write(snnl::json::Writer& out, const Json& json) {
  if (json.is_object()) {
    out.begin_object();
    for (const auto& [key, value] : json.items()) {
      out.key(key);
      write(out, value);
    }
    out.end();
  } else if (json.is_array()) {
    out.begin_array();
    for (const Json& value : json) write(out, value);
    out.end();
  } else {
    out.value(json);
  }
}

std::string dumped(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

TEST_SUITE("json") {
  TEST_CASE("json writer: the bytes of nlohmann::json") {
    const Json json = {{"empty", Json::object()},
                       {"none", Json::array()},
                       {"text \"quoted\"\n", "a\nb\t\u00e4 \xff broken"},
                       {"numbers", {1, -2, 1.0, .1, 1e300, -0.0, nullptr, true, 18446744073709551615u}},
                       {"deep", {{{"a", {{1, 2}, Json::array(), {3}}}, {"b", {{"c", nullptr}}}}, Json::object()}}};
    for (const int indent : {1, 2, 4}) {
      CAPTURE(indent);
      std::ostringstream by_member, at_once;
      snnl::json::Writer first(by_member, static_cast<std::size_t>(indent));
      write(first, json);
      first.flush();
      CHECK(by_member.str() == dumped(json, indent));
      snnl::json::Writer second(at_once, static_cast<std::size_t>(indent));
      second.begin_object();
      for (const auto& [key, value] : json.items()) second.key(key).value(value);
      second.end();
      second.flush();
      CHECK(at_once.str() == dumped(json, indent));
    }
  }

  TEST_CASE("json writer: arrays of numbers, many of them") {
    std::mt19937_64 random(1);
    std::vector<double> values{0.,
                               -0.,
                               1.,
                               std::numeric_limits<double>::quiet_NaN(),
                               std::numeric_limits<double>::infinity(),
                               5e-324,
                               1.7976931348623157e308};
    while (values.size() < 20000) {
      const std::uint64_t bits = random();
      double value = 0;
      std::memcpy(&value, &bits, sizeof value);
      values.push_back(value);
      values.push_back(std::ldexp(static_cast<double>(random() % 1000), -10));
    }
    Json json = Json::array();
    for (const double value : values) json.push_back(snnl::json::number_or_null(value));
    std::ostringstream text;
    snnl::json::Writer out(text, 2);
    out.numbers(values.data(), values.size());
    out.flush();
    CHECK(text.str() == dumped(json, 2));
    std::ostringstream elements;
    snnl::json::Writer by_element(elements, 2);
    by_element.array(values.size(), [&](std::size_t k) { return snnl::json::number_or_null(values[k]); });
    by_element.flush();
    CHECK(elements.str() == text.str());
  }

  TEST_CASE("json writer: a digest of a part, wherever that stands") {
    const auto digest_of = [](std::ostream& stream, std::size_t levels, bool within) {
      snnl::json::Writer out(stream, 2, levels);
      if (within) {
        out.begin_object();
        out.key("items").begin_array();
        out.value("before");
      }
      snnl::files::Digest digest;
      out.begin_object();
      out.tell(&digest);
      out.key("a").value({{"b", 1}});
      out.tell(nullptr);
      out.key("checksum").value("x");
      out.end();
      return digest.text();
    };
    std::ostringstream whole;
    std::ostream nowhere(nullptr);
    const std::string first = digest_of(whole, 2, false);
    CHECK(first == digest_of(nowhere, 2, false));
    CHECK(first == digest_of(whole, 0, true));
    CHECK(first.size() == 32);
  }
}
