// The manual pages: complete, and without fault for what shows them.

#include <doctest/doctest.h>

#include <algorithm>

#include "support/run.hpp"
#include "support/scratch.hpp"
#include "support/shell.hpp"

namespace {

std::string without_font_changes(std::string text) {
  for (const char* escape : {"\\fB", "\\fI", "\\fR"}) {
    for (std::size_t at = 0; (at = text.find(escape, at)) != std::string::npos;) text.erase(at, 3);
  }
  for (std::size_t at = 0; (at = text.find("\\-", at)) != std::string::npos;) text.erase(at, 1);
  return text;
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("each tool has a manual page with every option, an example and its exit statuses") {
    for (const std::string& tool : shell::tools(SNNL_TOOLS)) {
      CAPTURE(tool);
      const std::string page = without_font_changes(shell::generated(tool, "man"));
      std::size_t before = 0;
      for (const char* section : {".TH ", ".SH NAME\n", ".SH SYNOPSIS\n", ".SH DESCRIPTION\n", ".SH OPTIONS\n",
                                  ".SH EXAMPLE", ".SH EXIT STATUS\n"}) {
        const std::size_t place = page.find(section);
        CHECK_MESSAGE((place != std::string::npos && place >= before), section);
        before = place;
      }
      for (const std::string& option : shell::long_options(tool)) {
        CHECK_MESSAGE((page.find(option + "\n") != std::string::npos || page.find(option + " ") != std::string::npos),
                      option);
      }
      CHECK(page.find("\n" + tool + " ", page.find(".SH EXAMPLE")) != std::string::npos);
      const std::string statuses = page.substr(page.find(".SH EXIT STATUS"));
      for (const char* status : {".TP\n0\n", ".TP\n1\n", ".TP\n2\n"}) {
        const bool never_fails = tool == "snnl-outliers" || tool == "snnl-report";  // they are no gates
        if (never_fails && status[4] == '1') continue;
        CHECK_MESSAGE(statuses.find(status) != std::string::npos, status);
      }
      CHECK(shell::generated(tool, "man") == shell::generated(tool, "man"));
    }
  }

  TEST_CASE("what shows manual pages finds no fault with them") {
    for (const std::string& tool : shell::tools(SNNL_TOOLS)) {
      const Scratch scratch;
      scratch.write("page.1", shell::generated(tool, "man"));
      for (std::vector<std::string> viewer :
           {std::vector<std::string>{"groff", "-man", "-ww", "-z"}, {"man", "-l", "--warnings", "-E", "UTF-8"}}) {
        const std::string program = shell::find(viewer[0]);
        if (program.empty()) {
          MESSAGE("passed over: ", viewer[0], " is not installed");
          continue;
        }
        std::vector<std::string> arguments(viewer.begin() + 1, viewer.end());
        arguments.push_back(scratch.path("page.1"));
        run::Options options;
        options.environment = {{"MANWIDTH", "80"}};
        const run::Result result = run::program(program, arguments, options);
        CHECK_MESSAGE(result.status == 0, viewer[0], ": ", result.err);
        CHECK_MESSAGE(result.err == "", viewer[0], ": ", result.err);
      }
    }
  }
}
