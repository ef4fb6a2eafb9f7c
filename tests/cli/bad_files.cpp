// Files that cannot be used at all: status 2, one line that names the file, and no output left behind.

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "support/analyze.hpp"

namespace {

/// Runs with every kind of output asked for, one of which exists, and checks that nothing was left or changed. Gives
/// the error line.
std::string refused(const std::vector<std::string>& dumps, const std::vector<std::string>& more = {}) {
  const Scratch scratch;
  scratch.write("old.json", "old");
  std::vector<std::string> arguments = dumps;
  arguments.insert(arguments.end(), {"--json", scratch.path("old.json"), "--csv", scratch.path("a.csv"),
                                     "--similarity-csv", scratch.path("b.csv"), "--per-sample", scratch.path("c.h5")});
  arguments.insert(arguments.end(), more.begin(), more.end());
  const std::string line = analyze::refusal(arguments);
  CHECK(scratch.names() == "old.json");
  CHECK(scratch.read("old.json") == "old");
  return line;
}

void check_refused(const std::string& dump, const std::string& path, const std::string& what,
                   const std::vector<std::string>& more = {}) {
  const std::string line = refused({dump}, more);
  const std::string where = dump + (path.empty() ? "" : ":" + path) + ": ";
  CHECK_MESSAGE(line.rfind(where, 0) == 0, line);
  CHECK_MESSAGE(line.find(what) != std::string::npos, line, " does not say '", what, "'");
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("a file that is no HDF5 file, or not a whole one") {
    check_refused(analyze::dump("nowhere"), "", "no such file");
    check_refused(analyze::dump("text"), "", "not an HDF5 file");
    check_refused(analyze::dump("zero_bytes"), "", "empty");
    check_refused(analyze::dump("truncated"), "", "truncated");
    check_refused(analyze::dump("header_only"), "", "truncated");
    check_refused(analyze::dump("folder"), "", "directory");
    check_refused("/dev/null", "", "not a regular file");
    check_refused(SNNL_PYTHON, "", "not an HDF5 file");
  }

  TEST_CASE("a real dump cut off anywhere is refused, or read whole") {
    const std::string whole = read_text(analyze::testdata("digits_mlp.h5"));
    const Scratch scratch;
    for (const double part : {.01, .1, .3, .5, .7, .9, .99, .99999}) {
      CAPTURE(part);
      scratch.write("cut.h5", whole.substr(0, static_cast<std::size_t>(part * static_cast<double>(whole.size()))));
      check_refused(scratch.path("cut.h5"), "", "truncated");
    }
  }

  TEST_CASE("a file that a writer has open") { check_refused(analyze::dump("being_written"), "", "open by a writer"); }

  TEST_CASE("a locked file") {
    const Scratch scratch;
    std::filesystem::copy_file(analyze::testdata("digits_mlp.h5"), scratch.path("locked.h5"));
    const int file = ::open(scratch.path("locked.h5").c_str(), O_RDWR | O_CLOEXEC);
    REQUIRE(::flock(file, LOCK_EX | LOCK_NB) == 0);
    check_refused(scratch.path("locked.h5"), "", "locked");
    ::close(file);
    CHECK(analyze::run({scratch.path("locked.h5"), "-q"}).status == 0);
  }

  TEST_CASE("a pipe is refused, not waited for") {
    const Scratch scratch;
    REQUIRE(::mkfifo(scratch.path("pipe.h5").c_str(), 0600) == 0);
    check_refused(scratch.path("pipe.h5"), "", "not a regular file");
  }

  TEST_CASE("a file that may not be read") {
    const Scratch scratch;
    std::filesystem::copy_file(analyze::testdata("digits_mlp.h5"), scratch.path("secret.h5"));
    std::filesystem::permissions(scratch.path("secret.h5"), std::filesystem::perms(0));
    run::Options options;
    options.unprivileged = true;
    const std::string line = analyze::refusal({scratch.path("secret.h5")}, options);
    CHECK(line.rfind(scratch.path("secret.h5") + ": no permission", 0) == 0);
  }

  TEST_CASE("labels that are missing or unusable") {
    check_refused(analyze::dump("no_labels"), "/nope", "/meta/y", {"--labels", "/nope"});
    const std::string kinds = analyze::dump("label_kinds");
    check_refused(kinds, "/label_sets/empty", "no labels", {"--labels", "empty"});
    check_refused(kinds, "/label_sets/complex", "neither numbers nor strings", {"--labels", "complex"});
    check_refused(kinds, "/label_sets/fraction", "not a whole number", {"--labels", "fraction"});
    check_refused(kinds, "/label_sets/unwritten", "never written", {"--labels", "unwritten"});
  }

  TEST_CASE("labels of another length: no item can be analysed, and each says so") {
    const run::Result result = analyze::run({analyze::dump("label_kinds"), "--labels", "few"});
    CHECK(result.status == 1);
    const std::string line = analyze::error_lines(result)[0];
    CHECK(line.find(analyze::dump("label_kinds") + ":/epochs/0000/fc: ") == 0);
    CHECK(line.find("12 samples") != std::string::npos);
    CHECK(line.find("/label_sets/few has 10") != std::string::npos);
  }

  TEST_CASE("a file of another layout or version") {
    check_refused(analyze::dump("group_per_epoch"), "", "; snnl-inspect ");
    check_refused(analyze::dump("v1"), "", "nothing matches", {"--layout", "/runs/{epoch}/{layer}"});
    check_refused(analyze::dump("no_datasets"), "", "no datasets");
    check_refused(analyze::dump("v2"), "", "version 2");
  }

  TEST_CASE("a bad file among good ones") {
    const std::string line = refused({analyze::dump("v1_part0"), analyze::dump("truncated")});
    CHECK(line.rfind(analyze::dump("truncated") + ": ", 0) == 0);
    CHECK(refused({analyze::dump("v1_part0"), analyze::dump("v1_overlap")}).find("epoch 1 of layer 'fc'") !=
          std::string::npos);
  }

  TEST_CASE("a name longer than a file system takes, wherever a file may be named") {
    const std::string dump = analyze::testdata("digits_mlp.h5"), name(300, 'x'),
                      path = "/tmp/" + std::string(5000, 'y');
    const Scratch scratch;
    const std::string a = scratch.path("a.json");
    REQUIRE(analyze::run({dump, "--layers", "fc2", "--epochs", "0", "--quiet", "--json", a}).status == 0);
    scratch.write("b.json", read_text(a));
    const std::vector<std::vector<std::string>> uses{
        {"snnl-analyze", "?"},
        {"snnl-analyze", dump, "--json", "?"},
        {"snnl-analyze", dump, "--json", "?", "--resume"},
        {"snnl-analyze", dump, "--csv", "?"},
        {"snnl-analyze", dump, "--similarity-csv", "?"},
        {"snnl-analyze", dump, "--per-sample", "?.csv"},
        {"snnl-analyze", dump, "--per-sample", "?.h5"},
        {"snnl-analyze", "--follow", "--idle-timeout", "0.1", "?"},
        {"snnl-inspect", "?"},
        {"snnl-inspect", dump, "--json", "?"},
        {"snnl-check", "?", "--baseline", a},
        {"snnl-check", a, "--baseline", "?"},
        {"snnl-check", a, "--config", "?"},
        {"snnl-check", a, "--baseline", scratch.path("b.json"), "--junit", "?"},
        {"snnl-check", a, "--baseline", "?", "--update"},
        {"snnl-outliers", "--train", "?", "--calibration", dump + "@0:9", "--test", dump + "@9:"},
        {"snnl-outliers", "--train", "?@0:9", "--calibration", dump + "@0:9", "--test", dump + "@9:"},
        {"snnl-outliers", "--train", dump + "@0:9", "--calibration", "?@split=train", "--test", "?"},
        {"snnl-outliers", "--train", dump, "--calibration", dump + "@0:9", "--test", dump + "@9:", "--csv", "?"},
        {"snnl-report", "?", "--out", scratch.path("a.html")},
        {"snnl-report", a, "--out", "?"},
        {"snnl-report", a, "--outliers", "?", "--out", scratch.path("a.html")},
    };
    for (const std::vector<std::string>& use : uses) {
      for (const std::string& long_name : {name, path}) {
        std::vector<std::string> arguments(use.begin() + 1, use.end());
        CAPTURE(arguments.front());
        for (std::string& argument : arguments) {
          if (const std::size_t mark = argument.find('?'); mark < 2) argument.replace(mark, 1, long_name);
        }
        CAPTURE(use.front());
        const run::Result result = run::program(use[0], arguments);
        CAPTURE(result.err);
        CHECK(result.status == 2);
        CHECK(result.err.rfind(use[0] + ": error: " + long_name.substr(0, 20), 0) == 0);
        CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
        CHECK(result.err.size() < 1000);
        CHECK(result.err.find("filesystem") == std::string::npos);
        CHECK(scratch.names() == "a.json b.json");
      }
    }
  }
}
