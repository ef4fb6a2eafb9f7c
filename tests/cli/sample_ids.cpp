// /sample_ids of dumps, and what the tools that lay runs side by side say where the samples of two differ.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "snnl/dump_writer.hpp"
#include "support/analyze.hpp"
#include "support/check.hpp"
#include "support/run.hpp"
#include "support/scratch.hpp"

namespace {

using analyze::Json;
using Ids = std::vector<std::int64_t>;

constexpr std::size_t sample_count = 40;

/// Twenty samples of each class, those of one class beside each other.
Ids usual_ids() {
  Ids ids(sample_count);
  for (std::size_t i = 0; i < sample_count; ++i) ids[i] = 100 + static_cast<std::int64_t>(i);
  return ids;
}

/// Two epochs of a layer, in which a sample's values follow from its id; another network has others.
std::string write_run(const Scratch& scratch, const std::string& name, const Ids& ids, double network = 0,
                      bool with_ids = true) {
  snnl::dump::DumpDescription description;
  if (with_ids) description.sample_ids = ids;
  std::vector<float> values;
  for (std::size_t i = 0; i < sample_count; ++i) {
    const std::size_t label = i < sample_count / 2 ? 0 : 1;
    description.labels.push_back(static_cast<std::int64_t>(label));
    const double id = static_cast<double>(ids[i]);
    values.push_back(static_cast<float>(std::sin(id * id) + .8 * static_cast<double>(label) + network * std::cos(id)));
    values.push_back(static_cast<float>(std::cos(3 * id * id)));
  }
  const std::string dump = scratch.path(name + ".h5"), json = scratch.path(name + ".json");
  const snnl::dump::DumpWriter writer(dump, description, snnl::dump::StoredType::single);
  for (const int epoch : {0, 1}) writer.write_epoch(epoch, {{"fc", {sample_count, 2}, values.data()}});
  const run::Result result = analyze::run({dump, "-q", "--json", json});
  CHECK(result.status == 0);
  CHECK(result.err == "");
  analyze::checked(scratch.read(name + ".json"));
  return json;
}

Json ids_of(const Scratch& scratch, const std::string& name, int epoch = 0) {
  return analyze::item(Json::parse(scratch.read(name + ".json")), epoch, "fc")["sample_ids"];
}

/// What snnl-check says of pairs; status 0.
std::string unpaired(const std::string& current, const std::string& baseline) {
  const run::Result result = check::run({current, "--baseline", baseline, "--tolerance", "entanglement:90%"});
  CHECK(result.status == 0);
  CHECK(result.err == "");
  std::string out;
  for (const std::string& line : lines_of(result.out)) {
    if (line.find("unpaired") != std::string::npos) out += line.substr(2, line.find(';') - 2);
  }
  return out;
}

/// What snnl-report says of them.
std::string report_note(const Scratch& scratch, const std::string& first, const std::string& other) {
  const run::Result result = run::program("snnl-report", {first, other, "--spec", scratch.path("specs")});
  CHECK(result.status == 0);
  return result.err;
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("sample ids: of the same samples changes are judged by pairs, and nothing is said") {
    const Scratch scratch;
    const std::string base = write_run(scratch, "base", usual_ids()), run = write_run(scratch, "run", usual_ids(), .1);
    CHECK(ids_of(scratch, "run") == ids_of(scratch, "base"));
    CHECK(ids_of(scratch, "run", 1) == ids_of(scratch, "run"));
    CHECK(unpaired(run, base) == "");
    const Json json = check::json_of({run, "--baseline", base, "--tolerance", "entanglement:90%"}, 0);
    CHECK(json["comparisons"][0]["paired"] == true);
    CHECK(json["comparisons"][0]["unpaired"].is_null());
    CHECK(report_note(scratch, base, run) == "");
  }

  TEST_CASE("sample ids: the same in another order are told apart, which rows and classes do not") {
    const Scratch scratch;
    Ids ids = usual_ids();
    std::rotate(ids.begin(), ids.begin() + 5, ids.begin() + 20);
    const std::string base = write_run(scratch, "base", usual_ids()), run = write_run(scratch, "run", ids);
    CHECK(ids_of(scratch, "run")["set"] == ids_of(scratch, "base")["set"]);
    CHECK(ids_of(scratch, "run")["order"] != ids_of(scratch, "base")["order"]);
    const Json one = Json::parse(scratch.read("run.json"))["items"][0],
               two = Json::parse(scratch.read("base.json"))["items"][0];
    CHECK(one["sample_digest"] == two["sample_digest"]);
    CHECK(one["entanglement"].get<double>() == doctest::Approx(two["entanglement"].get<double>()).epsilon(1e-6));
    CHECK(unpaired(run, base) == "unpaired in 2 comparisons: the samples are in another order, by their ids");
    CHECK(report_note(scratch, base, run) == "");
  }

  TEST_CASE("sample ids: one that differs is told by name, and fails nothing") {
    const Scratch scratch;
    Ids ids = usual_ids();
    ids[7] = 7;
    const std::string base = write_run(scratch, "base", usual_ids()), run = write_run(scratch, "run", ids);
    CHECK(unpaired(run, base) == "unpaired in 2 comparisons: the samples are others: their ids differ");
    const Json json = check::json_of({run, "--baseline", base, "--tolerance", "entanglement:90%"}, 0);
    CHECK(json["comparisons"][0]["paired"] == false);
    CHECK(json["comparisons"][0]["unpaired"] == "the samples are others: their ids differ");
    const run::Result markdown =
        check::run({run, "--baseline", base, "--tolerance", "entanglement:90%", "--markdown", "-"});
    CHECK(markdown.out.find("the samples are others: their ids differ") != std::string::npos);
    CHECK(report_note(scratch, base, run) ==
          "snnl-report: run and base are of other samples: their sample ids differ.\n");
    // Where one item alone is of others: as many, so that n does not tell.
    Json edited = Json::parse(scratch.read("base.json"));
    edited["items"][1]["sample_ids"] = Json::parse(scratch.read("run.json"))["items"][1]["sample_ids"];
    scratch.write("run.json", edited.dump());
    CHECK(report_note(scratch, base, run) ==
          "snnl-report: run and base are of other samples: their sample ids differ in 1 of 2 items.\n");
    CHECK(unpaired(run, base) == "unpaired in 1 comparison: the samples are others: their ids differ");
  }

  TEST_CASE("sample ids: where one side has none, or is of a version that kept none, nothing is said") {
    const Scratch scratch;
    Ids others = usual_ids();
    for (std::int64_t& id : others) id += 1000;
    const std::string base = write_run(scratch, "base", usual_ids()),
                      bare = write_run(scratch, "bare", others, 0, false);
    CHECK(ids_of(scratch, "bare").is_null());
    CHECK(unpaired(bare, base) == "");
    CHECK(unpaired(base, bare) == "");
    CHECK(report_note(scratch, base, bare) == "");
    write_run(scratch, "others", others);
    Json old = Json::parse(scratch.read("others.json"));
    for (Json& item : old["items"]) item.erase("sample_ids");
    scratch.write("old.json", old.dump());
    CHECK(unpaired(scratch.path("old.json"), base) == "");
    CHECK(report_note(scratch, base, scratch.path("old.json")) == "");
    // Without ids and with other rows it is as it was.
    for (Json& item : old["items"]) item["sample_digest"] = std::string(32, '0');
    scratch.write("old.json", old.dump());
    CHECK(unpaired(scratch.path("old.json"), base) ==
          "unpaired in 2 comparisons: the samples are others, or in another order");
  }

  TEST_CASE("sample ids: of as few samples as n says, and not beside another n") {
    const Scratch scratch;
    const std::string base = write_run(scratch, "base", usual_ids());
    Json fewer = Json::parse(scratch.read("base.json"));
    for (Json& item : fewer["items"]) {
      item["samples"] = item["scored"] = item["queries"] = 39;
      item["sample_losses"] = item["sample_digest"] = nullptr;
      item["sample_ids"]["set"] = std::string(32, '0');
    }
    fewer["labels"]["classes"][0]["count"] = 19;
    scratch.write("fewer.json", fewer.dump());
    CHECK(report_note(scratch, base, scratch.path("fewer.json")) ==
          "snnl-report: Numbers of fewer and base do not compare: samples of class '0': 19, 20 there.\n");
  }

  TEST_CASE("sample ids: several baselines of other samples are told") {
    const Scratch scratch;
    Ids ids = usual_ids();
    ids[39] = 0;
    write_run(scratch, "a", usual_ids(), .1);
    write_run(scratch, "b", usual_ids(), .2);
    const std::string a = scratch.path("a.json"), b = scratch.path("b.json"), c = write_run(scratch, "c", ids, .3);
    const std::string run = write_run(scratch, "run", usual_ids(), .15);
    const run::Result result =
        check::run({run, "--baseline", a, b, c, "--epochs", ":", "--tolerance", "entanglement:90%"});
    CHECK(result.out.find("  " + c + " is of other samples than " + a + ": their sample ids differ\n") !=
          std::string::npos);
    const run::Result alike = check::run({run, "--baseline", a, b, write_run(scratch, "d", usual_ids(), .3), "--epochs",
                                          ":", "--tolerance", "entanglement:90%"});
    CHECK(alike.out.find("other samples") == std::string::npos);
    CHECK(alike.out.find("unpaired") == std::string::npos);
    const run::Result added = check::run({c, "--baseline", a, b, scratch.path("new.json"), "--update"});
    CHECK(added.status == 0);
    CHECK(added.out.find("  " + c + " is of other samples than " + a + ": their sample ids differ\n") !=
          std::string::npos);
  }

  TEST_CASE("sample ids: found anew by --resume, and the same without a process of its own") {
    const Scratch scratch;
    const std::string json = write_run(scratch, "run", usual_ids()), dump = scratch.path("run.h5");
    const std::string whole = scratch.read("run.json");
    Json before = Json::parse(whole);
    for (Json& item : before["items"]) item.erase("sample_ids");
    scratch.write("run.json", before.dump());
    const run::Result again = analyze::run({dump, "-q", "--json", json, "--resume"});
    CHECK(again.err == "");
    CHECK(scratch.read("run.json") == whole);
    run::Options alone;
    alone.environment = {{"SNNL_ISOLATION", "off"}};
    CHECK(analyze::run({dump, "-q", "--json", json}, alone).status == 0);
    CHECK(scratch.read("run.json") == whole);
  }

  TEST_CASE("sample ids: what is no id for each sample is told and not used") {
    const run::Result result = analyze::run({analyze::dump("ids_wrong"), "-q", "--json", "-"});
    CHECK(result.status == 0);
    CHECK(result.err == "snnl-analyze: warning: " + analyze::dump("ids_wrong") +
                            ":/sample_ids: has shape [11], but there are 12 labels; the ids of the samples are not "
                            "used; write one id per sample\n");
    const Json analysis = analyze::checked(result.out);
    CHECK(analyze::item(analysis, 0, "fc")["sample_ids"].is_null());
  }

  TEST_CASE("channels of pooled maps: other ones do not compare") {
    const Scratch scratch;
    Json base = Json::parse(scratch.read(write_run(scratch, "base", usual_ids()).substr(scratch.path("").size())));
    const std::string one = scratch.path("one.json"), other = scratch.path("other.json");
    const auto write = [&](const std::string& pool, bool last) {
      base["options"]["pool"] = pool;
      base["options"]["channels_last"] = last;
      return base.dump();
    };
    scratch.write("one.json", write("mean", false));
    scratch.write("other.json", write("mean", true));
    CHECK(check::refusal({other, "--baseline", one, "-q"}) ==
          other + ": cannot be compared with " + one + ": channels of maps: last, first in the baseline");
    CHECK(report_note(scratch, one, other) ==
          "snnl-report: Numbers of other and one do not compare: channels of maps: last, first there.\n");
    scratch.write("one.json", write("none", false));
    scratch.write("other.json", write("none", true));
    CHECK(check::run({other, "--baseline", one, "-q"}).status == 0);
    // Files of before had no such option, and flattened.
    base["options"].erase("channels_last");
    base["options"].erase("pool");
    scratch.write("other.json", base.dump());
    CHECK(check::run({other, "--baseline", one, "-q"}).status == 0);
  }
}
