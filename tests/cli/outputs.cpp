// Outputs are whole or absent, and what cannot be written is told before the work is done.

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "support/analyze.hpp"
#include "support/refusal.hpp"

namespace fs = std::filesystem;

namespace {

const char* const output_options[] = {"--json", "--csv", "--similarity-csv", "--per-sample"};

std::string digits() { return analyze::testdata("digits_mlp.h5"); }

/// For a shell.
std::string quoted(const std::string& text) { return "'" + text + "' "; }
std::string program() { return quoted(std::string(SNNL_BIN_DIR) + "/snnl-analyze"); }

std::string file_for(const std::string& option) { return option == "--json" ? "out.json" : "out.csv"; }

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("an output in a folder that is not there, or that is a folder") {
    for (const char* option : output_options) {
      CAPTURE(option);
      const Scratch scratch;
      const std::string file = file_for(option);
      run::Options in_scratch;
      in_scratch.folder = scratch.folder();
      CHECK(analyze::refusal({digits(), option, "no/such/" + file}, in_scratch) ==
            "no/such/" + file + ": the folder no/such does not exist; create it first");
      fs::create_directory(scratch.path(file));
      CHECK(analyze::refusal({digits(), option, file}, in_scratch) == file + ": is a directory; name a file");
      CHECK(scratch.names() == file);
    }
  }

  TEST_CASE("an output that may not be written") {
    // Nobody creates files there, root neither.
    const std::string proc = analyze::refusal({digits(), "--json", "/proc/out.json"});
    CHECK(proc.rfind("/proc/out.json: cannot be written (", 0) == 0);

    const Scratch scratch;
    run::Options unprivileged;
    unprivileged.unprivileged = true;
    fs::create_directory(scratch.path("closed"));
    fs::permissions(scratch.path("closed"), fs::perms(0555));
    for (const char* option : output_options) {
      CAPTURE(option);
      const std::string path = scratch.path("closed/" + file_for(option));
      CHECK(analyze::refusal({digits(), option, path}, unprivileged) ==
            path + ": cannot be written (Permission denied); choose another place");
    }
    CHECK(fs::is_empty(scratch.path("closed")));
    fs::create_directory(scratch.path("open"));
    fs::permissions(scratch.path("open"), fs::perms(0777));
    scratch.write("open/kept.json", "old");
    fs::permissions(scratch.path("open/kept.json"), fs::perms(0444));
    const std::string kept = scratch.path("open/kept.json");
    CHECK(analyze::refusal({digits(), "--json", kept}, unprivileged) ==
          kept + ": may not be replaced (Permission denied); choose another place");
    CHECK(read_text(kept) == "old");
  }

  TEST_CASE("an output that is an input, or two outputs that are one") {
    const Scratch scratch;
    fs::copy_file(digits(), scratch.path("run.h5"));
    fs::create_symlink("run.h5", scratch.path("link.h5"));
    fs::create_hard_link(scratch.path("run.h5"), scratch.path("second.h5"));
    const std::string before = scratch.read("run.h5");
    run::Options in_scratch;
    in_scratch.folder = scratch.folder();
    for (const char* path : {"run.h5", "./run.h5", "link.h5", "second.h5"}) {
      for (const char* option : {"--json", "--per-sample"}) {
        CHECK(analyze::refusal({"run.h5", option, path}, in_scratch) ==
              std::string(option) + ": '" + path + "' is an input; it would be overwritten");
      }
    }
    CHECK_MESSAGE(scratch.read("run.h5") == before, "the input was changed");
    CHECK(analyze::refusal({"run.h5", "--json", "a", "--csv", "a"}, in_scratch) ==
          "--csv: 'a' is also the output of --json");
    CHECK(analyze::refusal({"run.h5", "--csv", "a.csv", "--per-sample", "./x/../a.csv"}, in_scratch) ==
          "--per-sample: './x/../a.csv' is also the output of --csv");
    CHECK(scratch.names() == "link.h5 run.h5 second.h5");
  }

  TEST_CASE("stdout is an output too: not an input, and not twice") {
    const Scratch scratch;
    fs::copy_file(digits(), scratch.path("run.h5"));
    run::Options in_scratch;
    in_scratch.folder = scratch.folder();
    const auto refused = [&](const std::string& arguments) {
      const run::Result result = run::program("/bin/sh", {"-c", "exec " + program() + arguments}, in_scratch);
      CHECK(result.status == 2);
      return result.err;
    };
    const std::string before = scratch.read("run.h5"), start = "snnl-analyze: error: ";
    for (const char* redirected :
         {"run.h5 -q --json - 1<>run.h5", "run.h5 >>run.h5", "run.h5 -q --json /dev/stdout 1<>run.h5"}) {
      CHECK(refused(redirected) == start + "stdout: goes to 'run.h5', which is an input; it would be overwritten\n");
      CHECK_MESSAGE(scratch.read("run.h5") == before, "the input was changed");
    }
    CHECK(refused("run.h5 -q --json - --csv /dev/stdout >o") ==
          start + "--csv: '/dev/stdout' is also the output of --json\n");
    CHECK(refused("run.h5 -q --json o --csv - >o") == start + "--json: 'o' is the file that stdout goes to\n");
    CHECK(refused("run.h5 --json ./o >o") == start + "--json: './o' is the file that stdout goes to\n");
    CHECK(scratch.read("o").empty());
    const run::Result nowhere =
        run::program("/bin/sh", {"-c", "exec " + program() + "run.h5 --json /dev/null >/dev/null"}, in_scratch);
    CHECK_MESSAGE(nowhere.status == 0, nowhere.err);
  }

  TEST_CASE("an output replaces what was there, through a link too") {
    const Scratch scratch;
    scratch.write("a.json", "old");
    fs::create_symlink("a.json", scratch.path("link.json"));
    CHECK(analyze::run({digits(), "-q", "--json", scratch.path("link.json")}).status == 0);
    CHECK(scratch.names() == "a.json link.json");
    CHECK(fs::is_symlink(scratch.path("link.json")));
    analyze::checked(scratch.read("a.json"));
  }

  TEST_CASE("an output through a link that leads to nothing yet, and through a circle of links") {
    const Scratch scratch;
    fs::create_symlink("a.json", scratch.path("link.json"));
    CHECK(analyze::run({digits(), "-q", "--json", scratch.path("link.json")}).status == 0);
    CHECK(fs::is_symlink(scratch.path("link.json")));
    analyze::checked(scratch.read("a.json"));
    fs::create_symlink("two", scratch.path("one"));
    fs::create_symlink("one", scratch.path("two"));
    run::Options in_scratch;
    in_scratch.folder = scratch.folder();
    CHECK(analyze::refusal({digits(), "--json", "one"}, in_scratch) ==
          "one: is a link that leads in a circle; name a file");
    CHECK(scratch.names() == "a.json link.json one two");
    CHECK(analyze::refusal({digits(), "--json", "link.json", "--csv", "a.json"}, in_scratch) ==
          "--csv: 'a.json' is also the output of --json");
  }

  TEST_CASE("closed descriptors: no file takes their place") {
    const Scratch scratch;
    run::Options in_scratch;
    in_scratch.folder = scratch.folder();
    const auto closed = [&](const std::string& which, const std::string& arguments) {
      return run::program("/bin/sh", {"-c", "exec " + program() + arguments + " " + which}, in_scratch);
    };
    const std::string plain = quoted(digits()) + "--json a.json";
    CHECK(analyze::run({digits(), "-q", "--json", scratch.path("whole.json")}).status == 0);
    const run::Result no_stdout = closed(">&-", plain);
    CHECK(no_stdout.status == 2);
    CHECK(no_stdout.err == "snnl-analyze: error: stdout: could not be written\n");
    CHECK(!scratch.has("a.json"));
    CHECK(closed(">&- 2>&- <&-", plain).status == 2);
    CHECK(!scratch.has("a.json"));
    for (const char* which : {"<&-", "2>&-", "<&- 2>&-"}) {
      CAPTURE(which);
      CHECK(closed(which, plain).status == 0);
      CHECK(scratch.read("a.json") == scratch.read("whole.json"));
    }
    CHECK(closed(">&- 2>&- <&-", plain + " -q").status == 0);  // nothing is printed
    CHECK(scratch.read("a.json") == scratch.read("whole.json"));
    CHECK(closed(">&-", quoted(digits()) + "--per-sample l.h5").status == 2);
    CHECK(!scratch.has("l.h5"));
    CHECK(closed(">&-", "--version").err == "snnl-analyze: error: stdout: could not be written\n");
  }

  TEST_CASE("an output that is an input, in every tool") {
    const Scratch scratch;
    run::Options in_scratch;
    in_scratch.folder = scratch.folder();
    fs::copy_file(digits(), scratch.path("run.h5"));
    CHECK(analyze::run({"run.h5", "-q", "--json", "run.json"}, in_scratch).status == 0);
    fs::copy_file(scratch.path("run.json"), scratch.path("base.json"));
    scratch.write("rules.json", R"({"schema": "snnl.check-config/1", "baseline": "base.json"})");
    fs::create_hard_link(scratch.path("base.json"), scratch.path("hard.json"));
    fs::create_symlink("run.h5", scratch.path("soft.h5"));
    fs::create_directory(scratch.path("many"));
    fs::create_hard_link(scratch.path("run.h5"), scratch.path("many/run.h5"));
    const std::string before = scratch.names();
    const auto refused = [&](const std::string& tool, const std::vector<std::string>& arguments) {
      const std::string line = refusal_line(tool, run::program(tool, arguments, in_scratch), 2);
      CHECK_MESSAGE(line.find("is an input; it would be overwritten") != std::string::npos, line);
    };
    for (const char* option : {"--json", "--markdown", "--junit"}) {
      for (const char* file : {"run.json", "hard.json", "rules.json"}) {
        refused("snnl-check", {"run.json", "--config", "rules.json", option, file});
      }
    }
    refused("snnl-check", {"run.json", "--config", "rules.json", "--baseline", "rules.json", "--update"});
    refused("snnl-inspect", {"run.h5", "--json", "soft.h5"});
    for (const char* option : {"--json", "--csv"}) {
      refused("snnl-outliers",
              {"--train", "base.h5@0:9", "--calibration", "base.h5@9:12", "--test", "run.h5@12:", option, "soft.h5"});
    }
    refused("snnl-analyze", {"many", "--follow", "--json", "soft.h5"});
    refused("snnl-analyze", {"run.h5", "--report", "soft.h5"});
    CHECK(scratch.names() == before);
    CHECK(scratch.read("run.h5") == read_text(digits()));
  }

  TEST_CASE("a pipe is written, not replaced") {
    const Scratch scratch;
    run::Options in_scratch;
    in_scratch.folder = scratch.folder();
    REQUIRE(::mkfifo(scratch.path("pipe").c_str(), 0600) == 0);
    const std::string command = "cat pipe > copy & " + program() + quoted(digits()) + " -q --json pipe && wait";
    CHECK(run::program("/bin/sh", {"-c", command}, in_scratch).status == 0);
    CHECK(scratch.names() == "copy pipe");
    CHECK(fs::is_fifo(scratch.path("pipe")));
    analyze::checked(scratch.read("copy"));
  }

  TEST_CASE("a reader of stdout that goes away: status 2 and nothing else written") {
    const Scratch scratch;
    run::Options in_scratch;
    in_scratch.folder = scratch.folder();
    const std::string command =
        "{ " + program() + quoted(digits()) + " --similarity-csv - --json a.json; echo $? > status; } | head -n 1";
    const run::Result result = run::program("/bin/sh", {"-c", command}, in_scratch);
    CHECK(result.out == "epoch,layer,class_a,class_b,similarity\n");
    CHECK(analyze::error_lines(result)[0] == "stdout: could not be written");
    CHECK(scratch.read("status") == "2\n");
    CHECK(scratch.names() == "status");
  }

  TEST_CASE("a full disk: status 2 and nothing else written") {
    for (const std::vector<std::string>& more : {std::vector<std::string>{},
                                                 {"--json", "-"},
                                                 {"--csv", "-"},
                                                 {"--similarity-csv", "-"},
                                                 {"--per-sample", "-"}}) {
      const Scratch scratch;
      scratch.write("old.json", "old");
      run::Options full;
      full.standard_output = "/dev/full";
      std::vector<std::string> arguments{digits(), more.empty() || more[0] != "--json" ? "--json" : "--csv",
                                         scratch.path("old.json")};
      arguments.insert(arguments.end(), more.begin(), more.end());
      const run::Result result = analyze::run(arguments, full);
      CHECK(result.status == 2);
      CHECK(analyze::error_lines(result)[0] == "stdout: could not be written");
      CHECK(scratch.names() == "old.json");
      CHECK(scratch.read("old.json") == "old");
    }
    run::Options full;
    full.standard_output = "/dev/full";
    CHECK(analyze::run({"--help"}, full).status == 2);
    CHECK(analyze::run({"--version"}, full).status == 2);
  }

  // Files may grow to 4 KiB: what a full disk does, in the middle of a file.
  TEST_CASE("a disk that gets full: status 2, no file, and the old one kept") {
    for (const auto& [option, name] : {std::pair{"--json", "a.json"},
                                       {"--similarity-csv", "a.csv"},
                                       {"--per-sample", "a.csv"},
                                       {"--per-sample", "a.h5"}}) {
      const Scratch scratch;
      scratch.write(name, "old");
      run::Options in_scratch;
      in_scratch.folder = scratch.folder();
      const std::string command = "ulimit -f 8; exec " + program() + quoted(digits()) + " -q " + option + " " + name;
      const run::Result result = run::program("/bin/sh", {"-c", command}, in_scratch);
      CHECK(result.status == 2);
      const std::string line = analyze::error_lines(result)[0];
      CHECK_MESSAGE(line.rfind(std::string(name) + ": could not ", 0) == 0, line);
      CHECK(scratch.names() == name);
      CHECK(scratch.read(name) == "old");
    }
  }
}
