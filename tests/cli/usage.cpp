// --help, --version, and command lines that make no sense.

#include <doctest/doctest.h>

#include "support/analyze.hpp"

TEST_SUITE("cli") {
  TEST_CASE("--help tells every option, an example and the exit statuses") {
    for (const char* option : {"--help", "-h"}) {
      const run::Result result = analyze::run({option});
      CHECK(result.status == 0);
      CHECK(result.err == "");
      for (const char* text :
           {"DUMP", "--layout", "--labels", "--layers", "--epochs", "--nonfinite", "--temperature ",
            "--temperature-curve", "--distance", "--precision", "--threads", "--json", "--csv", "--similarity-csv",
            "--per-sample", "--quiet", "--version", "Example", "\n  snnl-analyze run.h5 ", "Exit status: 0 done",
            // defaults
            "auto", "sqeuclidean", "error"}) {
        CHECK_MESSAGE(result.out.find(text) != std::string::npos, text);
      }
    }
  }

  TEST_CASE("a missing value has a name") {
    const std::string dump = analyze::testdata("digits_mlp.h5");
    CHECK(analyze::refusal({dump, "--layers"}) == "--layers: GLOB is missing; see snnl-analyze --help");
    CHECK(analyze::refusal({dump, "--json"}) == "--json: FILE is missing; see snnl-analyze --help");
  }

  TEST_CASE("a page is not written under the name of a picture") {
    CHECK(analyze::refusal({analyze::testdata("digits_mlp.h5"), "--report", "x.PNG"}) ==
          "--report: 'x.PNG' would hold a page for the browser; name it .html; see snnl-analyze "
          "--help");
  }

  TEST_CASE("layers as a list, epochs from the end, more rows than there are") {
    const run::Result result = analyze::run(
        {analyze::testdata("digits_mlp.h5"), "--layers", "fc*,logits", "--epochs", "0,last", "--rows", "900"});
    CHECK(result.status == 0);
    const auto lines = lines_of(result.out);
    CHECK(lines[0].ends_with("n = 500; of all rows, which are no more than 900)"));
    CHECK(lines[1].find("0     12  trend") != std::string::npos);
    CHECK(lines[2].rfind("  fc1 ", 0) == 0);
    CHECK(lines[4].rfind("  logits ", 0) == 0);
  }

  TEST_CASE("--version names the libraries and the instructions in use") {
    const run::Result result = analyze::run({"--version"});
    CHECK(result.status == 0);
    CHECK(result.err == "");
    const auto lines = lines_of(result.out);
    REQUIRE(lines.size() == 5);
    CHECK(lines[0].rfind("snnl-analyze ", 0) == 0);
    CHECK(lines[1].rfind("SIMD: ", 0) == 0);
    CHECK(lines[2].rfind("Products: ", 0) == 0);
    CHECK(lines[3].rfind("BLAS: ", 0) == 0);
    CHECK(lines[4].rfind("HDF5: 1.", 0) == 0);
  }

  TEST_CASE("a wrong command line: status 2 and one line that names the option") {
    const std::string file = analyze::testdata("digits_mlp.h5");
    const auto of = [&](std::vector<std::string> more) {
      more.insert(more.begin(), file);
      return analyze::refusal(more);
    };
    const std::string see = "; see snnl-analyze --help";
    CHECK(analyze::refusal({}) == "DUMP is required" + see);
    CHECK(of({"--bogus"}) == "--bogus: there is no such option" + see);
    CHECK(of({"--json"}).find("--json") == 0);
    CHECK(of({"--json", ""}) == "--json: is empty" + see);
    CHECK(of({"--per-sample", ""}) == "--per-sample: is empty" + see);
    for (const char* temperature : {"0", "-1", "abc", "nan", "inf", "1e999", "3x"}) {
      CHECK(of({std::string("--temperature=") + temperature}) ==
            std::string("--temperature: '") + temperature + "' is not 'auto' or a number > 0");
    }
    CHECK(of({"--temperature", "-1"}) == "--temperature: '-1' is not 'auto' or a number > 0");
    CHECK(of({"--temperature-curve", "1"}) == "--temperature-curve: needs at least 2 temperatures");
    CHECK(of({"--temperature-curve", "-3"}).find("--temperature-curve: ") == 0);
    CHECK(of({"--temperature-curve", "1e9"}).find("--temperature-curve: ") == 0);
    CHECK(of({"--threads", "-1"}).find("--threads: ") == 0);
    CHECK(of({"--threads", "many"}).find("--threads") != std::string::npos);
    CHECK(of({"--distance", "manhattan"}) == "--distance: manhattan not in {sqeuclidean,cosine}" + see);
    CHECK(of({"--distance", "1"}) == "--distance: 1 not in {sqeuclidean,cosine}" + see);
    CHECK(of({"--precision", "half"}) == "--precision: half not in {auto,float,double}" + see);
    CHECK(of({"--nonfinite", "keep"}) == "--nonfinite: keep not in {error,drop}" + see);
    CHECK(of({"--epochs", "one"}).find("--epochs: 'one'") == 0);
    CHECK(of({"--epochs", "3"}) == "--epochs: there is no epoch 3; there are 0, 1, 2, 4, 7, 12");
    CHECK(of({"--per-sample", "losses.txt"}) == "--per-sample: 'losses.txt' ends in neither .csv nor .h5");
  }

  TEST_CASE("a misspelt option or value: the message names the one that was meant") {
    const std::string file = analyze::testdata("digits_mlp.h5");
    const auto of = [&](const std::string& argument) { return analyze::refusal({file, argument}); };
    CHECK(of("--layer=conv1") == "--layer: there is no such option; did you mean '--layers'?");
    CHECK(of("-layers") == "-layers: there is no such option; did you mean '--layers'?");
    CHECK(of("--josn") == "--josn: there is no such option; did you mean '--json'?");
    CHECK(of("--similarity") == "--similarity: there is no such option; did you mean '--similarity-csv'?");
    CHECK(of("--distance=cosin") == "--distance: cosin not in {sqeuclidean,cosine}; did you mean 'cosine'?");
    CHECK(of("--nonfinite=dorp") == "--nonfinite: dorp not in {error,drop}; did you mean 'drop'?");
    // Not "DUMP is required".
    CHECK(analyze::refusal({"--hlep"}) == "--hlep: there is no such option; did you mean '--help'?");
  }

  TEST_CASE("an unknown layer or label set: the message lists what there is") {
    const std::string file = analyze::testdata("digits_mlp.h5");
    const std::string layers = analyze::refusal({file, "--layers", "conv*"});
    CHECK(layers.find("--layers: no layer matches 'conv*'") == 0);
    for (const char* name : {"input", "fc1", "fc2", "logits"}) CHECK(layers.find(name) != std::string::npos);
    CHECK(analyze::refusal({file, "--layers", "fc*", "--layers", "logit"}).find("'logits'") != std::string::npos);
    const std::string set = analyze::refusal({file, "--labels", "kind"});
    CHECK(set.find(file + ":/label_sets/kind: ") == 0);
    CHECK(set.find("parity") != std::string::npos);
    const std::string path = analyze::refusal({file, "--labels", "/targets"});
    CHECK(path.find(file + ":/targets: ") == 0);
    CHECK(path.find("/labels") != std::string::npos);
    // ... and names the one that was meant.
    const auto ends = [&](const std::string& option, const std::string& value, const std::string& end) {
      const std::string line = analyze::refusal({file, option, value});
      CHECK_MESSAGE(line.ends_with(end), line);
    };
    ends("--layers", "lgoits", "; did you mean 'logits'?");
    ends("--layers", "FC2", "; did you mean 'fc2'?");
    ends("--labels", "partiy", "; did you mean 'parity'?");
    ends("--labels", "/label", "; did you mean '/labels'?");
    // A message is one line whatever is in it.
    CHECK(analyze::refusal({file, "--layers", "a\nb\x1b[31m"}).find("'a?b?[31m'") != std::string::npos);
  }
}
