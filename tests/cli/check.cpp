// snnl-check: verdicts, outputs and exit statuses of the real binary, on analyses of the real one.

#include "support/check.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>

#include "support/analyze.hpp"
#include "support/scratch.hpp"

using check::Json;

namespace {

const std::string& digits_text() {
  static const std::string text = [] {
    const run::Result result = analyze::run({analyze::testdata("digits_mlp.h5"), "--json", "-"});
    REQUIRE(result.status == 0);
    return result.out;
  }();
  return text;
}

Json digits() { return Json::parse(digits_text()); }

/// A folder with base.json (the digits) and run.json (the same, edited).
struct Pair {
  Scratch scratch;
  std::string current = scratch.path("run.json"), baseline = scratch.path("base.json");

  explicit Pair(const Json& edited = digits()) {
    scratch.write("base.json", digits_text());
    scratch.write("run.json", edited.dump());
  }
  std::vector<std::string> with(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> out{current, "--baseline", baseline};
    out.insert(out.end(), more.begin(), more.end());
    return out;
  }
};

/// The logits twice as entangled, fc1 at epoch 12 a little less. Without the losses of the samples, which say
/// otherwise.
Json worse() {
  Json out = digits();
  for (Json& item : out["items"]) {
    item["sample_losses"] = item["sample_digest"] = nullptr;
    if (item["layer"] == "logits") item["entanglement"] = 2 * item["entanglement"].get<double>();
    if (item["layer"] == "fc1" && item["epoch"] == 12) item["entanglement"] = 0.91 * item["entanglement"].get<double>();
  }
  return out;
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("check: a run against itself passes") {
    const Pair pair;
    const run::Result result = check::run(pair.with());
    CHECK(result.status == 0);
    CHECK(result.err == "");
    const auto lines = lines_of(result.out);
    CHECK(lines.size() == 26);
    CHECK(lines[0] == "  epoch  layer   metric            old      new  change   limit  verdict");
    CHECK(lines[1] == "      0  input   entanglement  0.09287  0.09287       0  1.00 %  pass");
    CHECK(lines.back() == "passed: 24 comparisons, 0 beyond the limit");
    CHECK(check::json_of(pair.with(), 0)["verdict"] == "pass");
    CHECK(check::run(pair.with({"--quiet"})).out == "");
  }

  TEST_CASE("check: the worst first, noise marked") {
    const Pair pair(worse());
    const run::Result result = check::run(pair.with({"--epochs", "0,12"}));
    CHECK(result.status == 1);
    CHECK(result.err == "");
    CHECK(result.out == R"(  epoch  layer   metric            old      new    change   limit  verdict
      0  logits  entanglement    1.076    2.152    +100 %  21.8 %  FAIL
     12  logits  entanglement   0.1256   0.2512    +100 %  91.2 %  FAIL
     12  fc1     entanglement   0.1087  0.09896  ~-9.00 %   106 %  pass
      0  input   entanglement  0.09287  0.09287         0  99.7 %  pass
      0  fc1     entanglement   0.3431   0.3431         0  47.2 %  pass
      0  fc2     entanglement   0.6718   0.6718         0  28.2 %  pass
     12  input   entanglement  0.09287  0.09287         0  99.7 %  pass
     12  fc2     entanglement   0.1157   0.1157         0  92.9 %  pass
  ~ within three standard errors of the change
  unpaired in 8 comparisons: losses of samples were not kept; standard errors are those of two independent draws
failed: 8 comparisons, 2 beyond the limit; 16 items left out
)");
  }

  TEST_CASE("check: tolerances, directions, and a configuration that the command line overrules") {
    const Pair pair(worse());
    CHECK(check::run(pair.with({"--tolerance", "entanglement:150%"})).status == 0);
    CHECK(check::run(pair.with({"--tolerance", "entanglement:150%", "--tolerance", "fc1:entanglement:5%"})).status ==
          1);
    CHECK(check::run(pair.with({"--direction", "entanglement:lower"})).status == 0);
    CHECK(check::run(pair.with({"--layers", "fc*", "--layers", "input"})).status == 0);
    pair.scratch.write("c.json", R"({"schema": "snnl.check-config/1", "baseline": "base.json",
      "tolerance": ["entanglement:150%", "fc1:entanglement:5%"], "layers": ["fc*", "logits"]})");
    const std::string config = pair.scratch.path("c.json");
    CHECK(check::run({pair.current, "--config", config}).status == 1);
    CHECK(check::run({pair.current, "--config", config, "--tolerance", "fc1:entanglement:20%"}).status == 0);
    CHECK(check::run({pair.current, "--config", config, "--layers", "logits"}).status == 0);
    const Json json = check::json_of({pair.current, "--config", config, "--direction", "entanglement:higher"}, 0);
    CHECK(json["counts"] == Json{{"pass", 17}, {"better", 1}, {"fail", 0}, {"error", 0}, {"skipped", 6}});
    CHECK(json["comparisons"][0]["tolerance"] == "fc1:entanglement:5%");
    CHECK(json["comparisons"][0]["verdict"] == "better");
  }

  TEST_CASE("check: JSON, Markdown and JUnit tell the same, also where the gate fails") {
    Json edited = worse();
    edited["items"].erase(edited["items"].end() - 1);
    edited["items"][0]["class_similarity"][3][4] = 0.5;
    const Pair pair(edited);
    const Json json = check::json_of(pair.with({"--tolerance", "class_similarity:0.01", "--epochs", "1:"}), 1);
    CHECK(json["counts"] == Json{{"pass", 34}, {"better", 0}, {"fail", 4}, {"error", 1}, {"skipped", 4}});
    CHECK(json["comparisons"][0]["message"] == "is missing, but in the baseline");
    const run::Result files = check::run(
        pair.with({"--tolerance", "class_similarity:0.01", "--markdown", pair.scratch.path("c.md"), "--junit",
                   pair.scratch.path("c.xml"), "--json", pair.scratch.path("c.json"), "--epochs", "1:"}));
    CHECK(files.status == 1);
    CHECK(lines_of(files.out).back() == "failed: 38 comparisons, 4 beyond the limit; 1 impossible; 4 items left out");
    CHECK(Json::parse(pair.scratch.read("c.json")) == json);
    const std::string markdown = pair.scratch.read("c.md");
    CHECK(markdown.rfind("### snnl-check failed: 38 comparisons, 4 beyond the limit; 1 impossible", 0) == 0);
    CHECK(markdown.find("| 12 | `logits` |  |  | | | | ERROR: `is missing, but in the baseline` |") !=
          std::string::npos);
    const run::Result xml =
        run::program(SNNL_PYTHON, {"-c",
                                   "import sys, xml.etree.ElementTree as t\n"
                                   "suite = t.parse(sys.argv[1]).getroot()[0]\n"
                                   "kinds = [case[0].tag if len(case) else 'pass' for case in suite]\n"
                                   "print(*[suite.get(k) for k in ('tests', 'failures', 'errors', 'skipped')])\n"
                                   "print(*[kinds.count(k) for k in ('pass', 'failure', 'error', 'skipped')])\n"
                                   "names = [(case.get('classname'), case.get('name')) for case in suite]\n"
                                   "print(len(names) == len(set(names)))",
                                   pair.scratch.path("c.xml")});
    CHECK(xml.err == "");
    CHECK(xml.out == "43 4 1 4\n34 4 1 4\nTrue\n");
  }

  TEST_CASE("check: files that cannot be compared at all are status 2, and the outputs say why") {
    Json edited = digits();
    edited["options"]["distance"] = "cosine";
    edited["labels"]["classes"][0]["name"] = "naught";
    const Pair pair(edited);
    const run::Result result = check::run(pair.with());
    CHECK(result.status == 2);
    CHECK(result.out ==
          "  class 0: 'naught', '0' in the baseline\n  distance: cosine, sqeuclidean in the baseline\n"
          "cannot be compared: 2 differences\n");
    CHECK(result.err == "snnl-check: error: " + pair.current + ": cannot be compared with " + pair.baseline +
                            ": class 0: 'naught', '0' in the baseline\n");
    const run::Result markdown = check::run(pair.with({"--markdown", "-"}));
    CHECK(markdown.out.find("- `distance: cosine, sqeuclidean in the baseline`\n") != std::string::npos);
    CHECK(check::run(pair.with({"--junit", "-"})).out.find("errors=\"2\" skipped=\"24\"") != std::string::npos);
  }

  TEST_CASE("check: --update writes the analysis, byte by byte, and tells what changes") {
    const Pair pair(worse());
    const std::string fresh = pair.scratch.path("fresh.json");
    const run::Result first = check::run({pair.current, "--baseline", fresh, "--update"});
    CHECK(first.status == 0);
    CHECK(first.out == "new baseline " + fresh + ": 24 items\n");
    CHECK(pair.scratch.read("fresh.json") == pair.scratch.read("run.json"));
    const run::Result second = check::run(pair.with({"--update"}));
    CHECK(second.status == 0);
    CHECK(lines_of(second.out)[1].find("logits") != std::string::npos);
    CHECK(lines_of(second.out).back() == "replaced " + pair.baseline);
    CHECK(pair.scratch.read("base.json") == pair.scratch.read("run.json"));
    CHECK(check::run(pair.with()).status == 0);
    CHECK(pair.scratch.names() == "base.json fresh.json run.json");
  }

  TEST_CASE("check: --update replaces nothing where what changes cannot be shown") {
    const Pair pair(worse());
    const std::string before = pair.scratch.read("base.json");
    for (const char* nowhere : {">&-", ">/dev/full"}) {
      const run::Result result =
          run::program("/bin/sh", {"-c", "exec '" + std::string(SNNL_BIN_DIR) + "/snnl-check' '" + pair.current +
                                             "' --baseline '" + pair.baseline + "' --update " + nowhere});
      CHECK(result.status == 2);
      CHECK(result.err == "snnl-check: error: stdout: could not be written\n");
      CHECK(pair.scratch.read("base.json") == before);
    }
  }

  TEST_CASE("check: --update refuses what could never pass, and to replace what is no baseline") {
    Json edited = digits();
    Json& item = edited["items"][2];
    for (auto& [key, value] : item.items()) {
      if (key != "epoch" && key != "layer") value = nullptr;
    }
    item["status"] = "error";
    item["message"] = "3 rows hold NaN";
    const Pair pair(edited);
    CHECK(check::refusal(pair.with({"--update"})) ==
          pair.current + ": epoch 0 of layer 'fc2' is in error, and could never pass; analyse it again first");
    CHECK(pair.scratch.read("base.json") == digits_text());
    // Held against the baseline it fails, and says what the analysis said.
    const run::Result result = check::run(pair.with());
    CHECK(result.status == 1);
    CHECK(lines_of(result.out)[1].find("ERROR: is in error: 3 rows hold NaN") != std::string::npos);

    pair.scratch.write("notes.txt", "dear diary");
    const std::string notes = pair.scratch.path("notes.txt");
    CHECK(check::refusal({pair.baseline, "--baseline", notes, "--update"}).find("remove it first") !=
          std::string::npos);
    CHECK(pair.scratch.read("notes.txt") == "dear diary");
    std::filesystem::create_directory(pair.scratch.path("folder"));
    pair.scratch.write("folder/x.h5", "");
    CHECK(check::refusal({pair.baseline, "--baseline", pair.scratch.path("folder")}) ==
          pair.scratch.path("folder") + ": holds no analyses; snnl-check --update adds one");
  }

  TEST_CASE("check: a disk that fills leaves what was there") {
    const Pair pair(worse());
    for (const std::string option : {"--update", "--json out", "--junit out", "--markdown out"}) {
      CAPTURE(option);
      pair.scratch.write("out", "old");
      run::Options in_scratch;
      in_scratch.folder = pair.scratch.folder();
      const std::string command = "ulimit -f 1; exec " + std::string(SNNL_BIN_DIR) +
                                  "/snnl-check run.json --baseline base.json --tolerance class_similarity:0.9 " +
                                  option;
      const run::Result result = run::program("/bin/sh", {"-c", command}, in_scratch);
      CHECK(result.status == 2);
      CHECK(lines_of(result.err).size() == 1);
      CHECK(result.err.find(": could not be written whole (") != std::string::npos);
      CHECK(pair.scratch.names() == "base.json out run.json");
      CHECK(pair.scratch.read("out") == "old");
      CHECK(pair.scratch.read("base.json") == digits_text());
    }
    run::Options full;
    full.standard_output = "/dev/full";
    CHECK(check::run(pair.with(), full).status == 2);
  }

  TEST_CASE("check: bad input is one line, status 2, and says what to do") {
    const Pair pair;
    const auto refused = [&](const std::string& text) {
      pair.scratch.write("run.json", text);
      const std::string line = check::refusal(pair.with());
      REQUIRE(line.rfind(pair.current, 0) == 0);
      return line.substr(pair.current.size());
    };
    CHECK(refused("") == ": is empty");
    CHECK(refused(digits_text().substr(0, 5000)).find("ends in the middle") != std::string::npos);
    Json other = digits();
    other["schema"] = "snnl.analysis/9";
    CHECK(refused(other.dump()).rfind(":/schema: is 'snnl.analysis/9', expected 'snnl.analysis/1'; ", 0) == 0);
    other = digits();
    other["items"][5]["temperature"] = "warm";
    CHECK(refused(other.dump()) == ":/items/5/temperature: is text, expected a number");
    other["items"][5].erase("temperature");
    CHECK(refused(other.dump()) == ":/items/5: has no field 'temperature'");
    CHECK(check::refusal({analyze::testdata("digits_mlp.h5"), "--baseline", pair.baseline}) ==
          analyze::testdata("digits_mlp.h5") + ": is an HDF5 file, expected JSON");

    pair.scratch.write("run.json", digits_text());
    CHECK(check::refusal({pair.current, "--baseline", pair.scratch.folder().string()}) ==
          pair.current + ": is the baseline itself, which would always pass; name two files");
    CHECK(check::refusal({pair.current, "--baseline", pair.scratch.path("gone.json")}) ==
          pair.scratch.path("gone.json") + ": does not exist; snnl-check --update writes it");
    CHECK(check::refusal({pair.current, "--baseline", pair.current}) ==
          pair.current + ": is the baseline itself, which would always pass; name two files");
    CHECK(check::refusal({pair.current}) == "--baseline: is missing; name the analysis to compare with");
    CHECK(check::refusal({"--baseline", pair.baseline, pair.current}) ==
          "CURRENT.json: is missing; put it before --baseline, which takes all files that follow it");
    CHECK(check::refusal({"--baseline", pair.baseline}) == "CURRENT.json: is missing; name the analysis to judge");
    CHECK(check::refusal(pair.with({"--tolerance", "fc9:entanglement:5%"})) ==
          "tolerance 'fc9:entanglement:5%': no layer of " + pair.current + " or " + pair.baseline +
              " matches 'fc9'; did you mean 'fc1'?");
    CHECK(check::refusal(pair.with({"--tolerance", "entangelment:5%"})).find("did you mean 'entanglement'?") !=
          std::string::npos);
    CHECK(check::refusal(pair.with({"--epochs", "5"})).find("5") != std::string::npos);
    CHECK(check::refusal(pair.with({"--json", pair.baseline})).find("--json") != std::string::npos);
    CHECK(check::refusal(pair.with({"--json", "a", "--junit", "a"})).find("--j") != std::string::npos);
    CHECK(check::refusal(pair.with({"--update", "--json", "a"})).find("--update") != std::string::npos);
    CHECK(check::refusal(pair.with({"--config", pair.scratch.path("gone")})) ==
          pair.scratch.path("gone") + ": does not exist");
    run::Options unprivileged;
    unprivileged.unprivileged = true;
    ::chmod(pair.baseline.c_str(), 0);
    CHECK(check::refusal(pair.with(), unprivileged).find(pair.baseline + ": cannot be read (") != std::string::npos);
    CHECK(pair.scratch.names() == "base.json run.json");
  }
}
