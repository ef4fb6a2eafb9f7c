#include "snnl/text/shell.hpp"

#include <doctest/doctest.h>

#include "snnl/text/printable.hpp"
#include "support/run.hpp"

using snnl::text::shell_quoted;

TEST_SUITE("text") {
  TEST_CASE("words for a shell: quotes only where needed") {
    CHECK(shell_quoted("run.h5") == "run.h5");
    CHECK(shell_quoted("/a/b_c-1.h5") == "/a/b_c-1.h5");
    CHECK(shell_quoted("") == "''");
    CHECK(shell_quoted("my run.h5") == "'my run.h5'");
    CHECK(shell_quoted("it's") == "'it'\\''s'");
    CHECK(shell_quoted("/{layer}[{epoch}]") == "'/{layer}[{epoch}]'");
    CHECK(shell_quoted("a\nb%") == "\"$(printf 'a\\012b%%')\"");
  }

  TEST_CASE("a shell reads back what was quoted, and the text has no control characters") {
    for (const std::string word :
         {"a b", "it's", "\"double\"", "$HOME `id` $(id)", "a\\b", "*?[x]", "~", "#x", "a\nb", "tab\there %s \\ ' $x",
          "\x1b[31mred", "\u202egr\xc3\xb6\u009b\xff", "!!", "&& ; | > <",
          "gr\xc3\xb6\xc3\x9f"
          "e",
          "-q"}) {
      CAPTURE(word);
      const std::string quoted = shell_quoted(word);
      CHECK(snnl::text::printable(quoted) == quoted);
      const run::Result result = run::program("/bin/sh", {"-c", "printf '%s' " + quoted});
      CHECK(result.out == word);
    }
  }
}
