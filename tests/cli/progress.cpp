// The progress bar: on a terminal only.

#include <doctest/doctest.h>

#include "support/analyze.hpp"

namespace {

run::Result on_terminal(const std::vector<std::string>& arguments,
                        std::vector<std::pair<std::string, std::string>> environment = {}) {
  run::Options options;
  options.terminal = true;
  environment.emplace_back("TERM", "xterm");
  if (environment.front().first != "NO_COLOR") environment.emplace_back("NO_COLOR", "");
  options.environment = std::move(environment);
  return analyze::run(arguments, options);
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

const doctest::skip needs_terminal(!run::has_terminals());
constexpr const char* colour = "\033[36m";
constexpr const char* clear = "\r\033[K";

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("on a terminal a bar with percent, taken away at the end" * needs_terminal) {
    const run::Result result = on_terminal({analyze::testdata("digits_mlp.h5")});
    CHECK(result.status == 0);
    CHECK(holds(result.err, " 0 %"));
    CHECK(holds(result.err, " 50 %"));
    CHECK(holds(result.err, "############............"));
    CHECK(holds(result.err, "logits, epoch 12"));
    CHECK(holds(result.err, colour));
    CHECK(!holds(result.err, "\n"));
    CHECK(result.err.substr(result.err.size() - 4) == clear);
    CHECK(result.out.rfind("entanglement at the optimal temperature", 0) == 0);
  }

  TEST_CASE("the bar makes room for an error" * needs_terminal) {
    const run::Result result = on_terminal({analyze::cli_dump("good_and_bad"), "--epochs", "0"});
    CHECK(result.status == 1);
    CHECK(holds(result.err, std::string(clear) + "snnl-analyze: error: "));
  }

  TEST_CASE("NO_COLOR takes the colour away, not the bar" * needs_terminal) {
    const run::Result result = on_terminal({analyze::testdata("digits_mlp.h5")}, {{"NO_COLOR", "1"}});
    CHECK(holds(result.err, " 50 %"));
    CHECK(!holds(result.err, colour));
  }

  TEST_CASE("no bar in a pipe") { CHECK(analyze::run({analyze::testdata("digits_mlp.h5")}).err == ""); }

  TEST_CASE("no bar with --quiet, or on a dumb terminal" * needs_terminal) {
    CHECK(on_terminal({analyze::testdata("digits_mlp.h5"), "--quiet"}).err == "");
    run::Options dumb;
    dumb.terminal = true;
    dumb.environment = {{"TERM", "dumb"}};
    CHECK(analyze::run({analyze::testdata("digits_mlp.h5")}, dumb).err == "");
  }
}
