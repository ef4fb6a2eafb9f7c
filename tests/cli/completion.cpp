// Completion for bash, zsh and fish, driven as the shells drive it. A shell that is not installed is passed over.

#include <doctest/doctest.h>

#include "support/run.hpp"
#include "support/scratch.hpp"
#include "support/shell.hpp"

namespace {

/// The words that bash offers for the last of `words`, separated by blanks.
std::string bash_offers(const std::vector<std::string>& words) {
  const Scratch scratch;
  scratch.write("completion", shell::generated(words[0], "bash"));
  std::vector<std::string> arguments{
      "--norc", "-c",
      "file=$1; shift; . \"$file\"; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); "
      "function=$(complete -p \"$1\" | sed 's/.*-F \\([^ ]*\\).*/\\1/'); \"$function\"; echo \"${COMPREPLY[*]}\"",
      "bash", scratch.path("completion")};
  arguments.insert(arguments.end(), words.begin(), words.end());
  const run::Result result = run::program(shell::find("bash"), arguments);
  REQUIRE_MESSAGE(result.status == 0, result.err);
  CHECK(result.err == "");
  return result.out.substr(0, result.out.size() - 1);
}

/// Lines that fish offers for `line`, without their descriptions.
std::string fish_offers(const std::string& tool, const std::string& line) {
  const Scratch scratch;
  scratch.write("completion.fish", shell::generated(tool, "fish"));
  run::Options options;
  options.folder = scratch.folder();
  options.environment = {{"HOME", scratch.folder().string()}, {"XDG_CONFIG_HOME", scratch.folder().string()}};
  const run::Result result = run::program(
      shell::find("fish"), {"--no-config", "-c", "source completion.fish; complete -C '" + line + "'"}, options);
  REQUIRE_MESSAGE(result.status == 0, result.err);
  std::string words;
  for (const std::string& offer : lines_of(result.out)) {
    words.append(words.empty() ? "" : " ").append(offer.substr(0, offer.find('\t')));
  }
  return words;
}

bool is_there(const std::string& program) {
  if (!shell::find(program).empty()) return true;
  MESSAGE("passed over: ", program, " is not installed");
  return false;
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("completions and manual page tell every option that --help tells") {
    for (const std::string& tool : shell::tools(SNNL_TOOLS)) {
      CAPTURE(tool);
      const std::string bash = shell::generated(tool, "bash"), zsh = shell::generated(tool, "zsh"),
                        fish = shell::generated(tool, "fish");
      for (const std::string& option : shell::long_options(tool)) {
        CAPTURE(option);
        CHECK((bash.find(option + " ") != std::string::npos || bash.find(option + "'") != std::string::npos));
        CHECK((zsh.find(option + "[") != std::string::npos || zsh.find(option + "=[") != std::string::npos));
        CHECK(fish.find(" -l " + option.substr(2) + " ") != std::string::npos);
      }
    }
  }

  TEST_CASE("--generate of what there is not") {
    const run::Result result = run::program("snnl-analyze", {"--generate=tcsh"});
    CHECK(result.status == 2);
    CHECK(result.out == "");
    CHECK(result.err == "snnl-analyze: error: --generate: 'tcsh' is none of bash, zsh, fish, man\n");
    CHECK(run::program("snnl-analyze", {"--help"}).out.find("--generate") == std::string::npos);
  }

  TEST_CASE("bash completes options and their choices") {
    if (!is_there("bash")) return;
    const auto offers = [](std::vector<std::string> words) {
      words.insert(words.begin(), "snnl-analyze");
      return bash_offers(words);
    };
    CHECK(offers({"--la"}) == "--layout --labels --layers");
    CHECK(offers({"-q"}) == "-q");
    CHECK(offers({"run.h5", "--distance", ""}) == "sqeuclidean cosine");
    CHECK(offers({"run.h5", "--distance", "c"}) == "cosine");
    // As bash cuts --distance=c, and as it does where '=' is no word break.
    CHECK(offers({"--distance", "=", "c"}) == "cosine");
    CHECK(offers({"--distance", "="}) == "sqeuclidean cosine");
    CHECK(offers({"--distance=c"}) == "--distance=cosine");
    // Names of files are left to bash, other values to the user.
    CHECK(offers({""}) == "");
    CHECK(offers({"--json", ""}) == "");
    CHECK(offers({"--layers", "--"}) == "");
    CHECK(offers({"--", "--la"}) == "");
  }

  TEST_CASE("fish completes options and their choices") {
    if (!is_there("fish")) return;
    CHECK(fish_offers("snnl-analyze", "snnl-analyze --la") == "--labels --layers --layout");
    CHECK(fish_offers("snnl-analyze", "snnl-analyze --distance ") == "cosine sqeuclidean");
    CHECK(fish_offers("snnl-analyze", "snnl-analyze --distance=c") == "--distance=cosine");
    CHECK(fish_offers("snnl-analyze", "snnl-analyze --json comp") == "completion.fish");
  }

  TEST_CASE("the shells find no fault with the completions") {
    for (const char* name : {"bash", "zsh", "fish"}) {
      if (!is_there(name)) continue;
      for (const std::string& tool : shell::tools(SNNL_TOOLS)) {
        const Scratch scratch;
        scratch.write("completion", shell::generated(tool, name));
        const run::Result result = run::program(shell::find(name), {"-n", scratch.path("completion")});
        CHECK_MESSAGE(result.status == 0, tool, ": ", result.err);
        CHECK(result.err == "");
      }
    }
  }
}
