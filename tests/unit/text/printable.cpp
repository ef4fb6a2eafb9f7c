#include "snnl/text/printable.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>

#include "snnl/text/columns.hpp"
#include "snnl/text/csv.hpp"

using namespace snnl;
using namespace std::string_literals;

TEST_SUITE("text") {
  TEST_CASE("names are harmless on a terminal") {
    CHECK(text::printable("conv1/β 中 👍 é") == "conv1/β 中 👍 é");
    CHECK(text::printable("a\nb\tc\rd\x1b[31m\x7f\0e"s) == "a?b?c?d?[31m??e");
    // C1: the one-character form of ESC [, NEL; U+00A0 is a space.
    CHECK(text::printable("\u009b31m\u0085\u00a0") == "?31m?\u00a0");
    for (const char* hidden :
         {"\u200b", "\u200e", "\u200f",     "\u061c", "\u202a", "\u202b",     "\u202c",     "\u202d",
          "\u202e", "\u2066", "\u2067",     "\u2068", "\u2069", "\u2028",     "\u2029",     "\ufeff",
          "\u2060", "\u00ad", "\U000e0041", "\ufffe", "\uffff", "\ufdd0",     "\U0010ffff", "\u034f",
          "\u115f", "\u3164", "\ufe0f",     "\u180e", "\uffa0", "\U000e0100", "\u2800"}) {
      CAPTURE(hidden);
      CHECK(text::printable("a"s + hidden + "b") == "a?b");
    }
  }

  TEST_CASE("bytes that are not UTF-8 are told as such, one by one") {
    CHECK(text::printable("\xff\xfe") == "??");
    CHECK(text::printable("a\xc3") == "a?");               // cut short
    CHECK(text::printable("a\xc0\x9b[2J") == "a??[2J");    // ESC written too long
    CHECK(text::printable("\xed\xa0\x80") == "???");       // a surrogate
    CHECK(text::printable("\xf4\x90\x80\x80") == "????");  // beyond U+10FFFF
    CHECK(text::printable("\x9b"s + "31m \xe2\x82") == "?31m ??");
    CHECK(text::printable(std::string(70'000, '\x80')) == std::string(70'000, '?'));
  }

  TEST_CASE("width is that of what is shown") {
    CHECK(text::shown_width("conv") == 4);
    CHECK(text::shown_width("ö中o\u0308") == 4);
    CHECK(text::fitting("ab中c", 3) == "ab");
    CHECK(text::fitting("ab中c", 4) == "ab中");
    CHECK(text::fitting("ab", 0) == "");
    std::ostringstream out;
    text::print_columns(out, {{"中", "x"}, {"o\u0308e", "y"}, {std::string(100'000, 'a'), "z"}},
                        [](std::size_t) { return true; });
    const std::string kept(98, 'a');
    CHECK(out.str() == "  中" + std::string(198, ' ') + "  x\n  o\u0308e" + std::string(198, ' ') + "  y\n  " + kept +
                           "a..." + kept + "  z\n");
  }

  TEST_CASE("what is cut keeps its beginning, its end and whole characters") {
    CHECK(text::cut_in_the_middle("abcdefgh", 8) == "abcdefgh");
    CHECK(text::cut_in_the_middle("abcdefghi", 8) == "abc...hi");
    CHECK(text::cut_in_the_middle("äöüäöüäöü", 8) == "äöü...öü");
  }

  TEST_CASE("a message has a bounded length, and names the file and what is wrong") {
    const std::string name(60'000, 'n');
    const std::string line =
        text::message_line("snnl-analyze: error: run.h5:/" + name + ": is damaged\n; look at '" + name + "'");
    CHECK(line.size() <= text::longest_message);
    CHECK(line.rfind("snnl-analyze: error: run.h5:/nnn", 0) == 0);
    CHECK(line.find("nnn: is damaged?; look at 'nnn") != std::string::npos);
    const std::string spaced = text::message_line("tool: error: f.h5:/" + std::string(5'000, ' ') + ": is damaged");
    CHECK(spaced.size() == text::longest_message);
    CHECK(spaced.rfind("tool: error: f.h5:/", 0) == 0);
    CHECK(spaced.substr(spaced.size() - 12) == ": is damaged");
    // A path that fits stays whole.
    const std::string path(700, 'p');
    CHECK(text::message_line(path + ": does not exist") == path + ": does not exist");
  }

  TEST_CASE("texts that a spreadsheet would run get a quote in front where that is asked for") {
    for (const std::string begin : {"=", "+", "-", "@"}) {
      CHECK(text::csv_field(begin + "1") == begin + "1");
      CHECK(text::csv_field(begin + "1", text::CsvText::inert) == "'" + begin + "1");
    }
    CHECK(text::csv_field("\t=1", text::CsvText::inert) == "'\t=1");
    CHECK(text::csv_field("\r=1", text::CsvText::inert) == "\"'\r=1\"");
    CHECK(text::csv_field("=cmd|' /C calc'!A0,\"", text::CsvText::inert) == "\"'=cmd|' /C calc'!A0,\"\"\"");
    CHECK(text::csv_field("conv-1=2", text::CsvText::inert) == "conv-1=2");
    CHECK(text::csv_field("", text::CsvText::inert) == "");
  }
}
