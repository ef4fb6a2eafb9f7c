// Files on which the HDF5 library crashes, hangs or takes gigabytes: errors like any other, whatever the tool.

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <set>
#include <thread>

#include "support/analyze.hpp"
#include "support/inspect.hpp"

namespace {

namespace fs = std::filesystem;

std::string damaged(const std::string& name) { return analyze::testdata("damaged/" + name + ".h5"); }

const std::vector<std::string> all = {"at_exit",         "chunk_index",      "dataset_header",
                                      "heap_corruption", "link_table",       "metadata_cache",
                                      "string_heap",     "string_heap_loop", "string_length"};

/// Whatever is wrong with the file, this holds.
void check_ends_well(const std::string& tool, const run::Result& result) {
  CHECK(result.status >= 0);
  CHECK(result.status <= 2);
  for (const std::string& line : lines_of(result.err)) {
    CHECK_MESSAGE(line.rfind(tool + ": error: ", 0) == 0, line);
  }
  CHECK(result.peak_kib < 1024 * 1024);
}

std::string error_of(const std::string& name) {
  const run::Result result = analyze::run({damaged(name)});
  const std::vector<std::string> lines = lines_of(result.err);
  return lines.empty() ? "" : std::to_string(result.status) + " " + lines[0];
}

std::string says(const std::string& text, const std::vector<std::string>& parts) {
  for (const std::string& part : parts) {
    if (text.find(part) == std::string::npos) return "'" + text + "' does not say '" + part + "'";
  }
  return "";
}

std::set<std::string> names_in(const char* folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename());
  return names;
}

/// Processes whose parent is `parent`.
std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    std::ifstream status(entry.path() / "stat");
    pid_t pid = 0, its_parent = 0;
    std::string name, state;
    if (status >> pid >> name >> state >> its_parent && its_parent == parent && state != "Z") found.push_back(pid);
  }
  return found;
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("damaged files: every tool ends with one line, and leaves nothing") {
    const std::set<std::string> shared = names_in("/dev/shm");
    for (const std::string& name : all) {
      CAPTURE(name);
      const std::string file = damaged(name);
      check_ends_well("snnl-analyze", run::program("snnl-analyze", {file, "-q"}));
      check_ends_well("snnl-inspect", run::program("snnl-inspect", {file, "-q"}));
      check_ends_well("snnl-outliers", run::program("snnl-outliers", {"--train", file + "@0:4", "--calibration",
                                                                      file + "@4:6", "--test", file + "@6:", "-q"}));
    }
    CHECK(names_in("/dev/shm") == shared);
  }

  TEST_CASE("damaged files: what kills the reader is named") {
    CHECK(says(error_of("string_heap"), {"2 snnl-analyze: error: ",
                                         "string_heap.h5:/: its attribute 'layer_names' is "
                                         "damaged: reading it crashed the HDF5 library"}) == "");
    CHECK(says(error_of("chunk_index"), {"1 snnl-analyze: error: ", "chunk_index.h5:/epochs/0000/fc: is damaged: ",
                                         "; leave it out with --layers or write it again"}) == "");
    CHECK(says(error_of("string_length"), {"2 ", "string_length.h5:/labels: could not be read", "memory"}) == "");
    CHECK(says(error_of("string_heap_loop"), {"2 ", "'layer_names'", "busy with it for 5 seconds"}) == "");
  }

  TEST_CASE("damaged files: an inspection goes on beside what kills the reader") {
    const inspect::Json json = inspect::json_of({damaged("chunk_index")}, 1);
    CHECK(inspect::has_finding(json, "error", "/epochs/0000/fc", "reading it crashed the HDF5 library"));
    CHECK(json["files"][0]["readable"] == true);
    CHECK(json["label_sets"].size() > 0);
  }

  TEST_CASE("damaged files: the other layers are analysed") {
    // One of a dump's files kills the reader, the others are as they were.
    const Scratch scratch;
    const analyze::Json analysis = analyze::json_of({damaged("chunk_index")}, 1);
    CHECK(analysis["items"].size() > 0);
  }

  TEST_CASE("hard links that make endless paths are told, and take no time") {
    const std::string file = analyze::dump("linked_groups");
    CHECK(says(analyze::refusal({file}), {"more than 100,000 paths"}) == "");
    const inspect::Json json = inspect::json_of({file}, 1);
    CHECK(json["items"].size() < 10);
  }

  TEST_CASE("where it is read changes nothing") {
    const Scratch scratch;
    const std::string dump = analyze::testdata("digits_mlp.h5");
    const auto read = [&](const std::string& before, const std::string& name) {
      const run::Result result =
          run::program("/bin/sh", {"-c", before + "exec " + std::string(SNNL_BIN_DIR) + "/snnl-analyze -q --json - " +
                                             dump + " > " + scratch.path(name)});
      CHECK(result.status == 0);
      return scratch.read(name);
    };
    const std::string usual = read("", "usual");
    CHECK(usual.size() > 1000);
    CHECK(read("SNNL_ISOLATION=off ", "own") == usual);
  }

  TEST_CASE("one signal ends the tool and its processes within a second") {
    const Scratch scratch;
    for (const int signal : {SIGTERM, SIGKILL}) {
      CAPTURE(signal);
      const pid_t tool = ::fork();
      if (tool == 0) {
        const std::string program = std::string(SNNL_BIN_DIR) + "/snnl-analyze", file = damaged("string_heap_loop");
        if (std::freopen("/dev/null", "w", stderr) == nullptr) ::_exit(3);
        ::execl(program.c_str(), "snnl-analyze", file.c_str(), "-q", nullptr);
        ::_exit(3);
      }
      std::vector<pid_t> started;
      for (int tries = 0; tries < 500 && started.size() < 2; ++tries) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
        started = children_of(tool);
        for (const pid_t child : children_of(started.empty() ? -1 : started[0])) started.push_back(child);
      }
      REQUIRE(started.size() == 2);
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
      const auto sent = std::chrono::steady_clock::now();
      ::kill(tool, signal);
      int status = 0;
      ::waitpid(tool, &status, 0);
      if (signal == SIGTERM) {
        CHECK(WIFEXITED(status));
        CHECK(WEXITSTATUS(status) == 143);
      }
      const auto is_there = [](pid_t pid) {
        std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
        std::string number, name, state;
        return static_cast<bool>(stat >> number >> name >> state) && state != "Z";
      };
      while (std::any_of(started.begin(), started.end(), is_there) &&
             std::chrono::steady_clock::now() - sent < std::chrono::seconds(2)) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
      }
      CHECK(std::chrono::steady_clock::now() - sent < std::chrono::seconds(1));
    }
  }
}
