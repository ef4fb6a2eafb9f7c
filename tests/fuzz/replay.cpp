// The kept inputs of the fuzzers, those that once broke something among them.

#include <doctest/doctest.h>

#include <filesystem>

#include "fuzz/targets.hpp"
#include "support/scratch.hpp"

TEST_SUITE("fuzz") {
  TEST_CASE("kept inputs of the fuzzers, and what is left of them") {
    for (const fuzz::Target& target : fuzz::targets) {
      std::size_t count = 0;
      const std::filesystem::path folder = std::filesystem::path(SNNL_SOURCE_DIR) / "tests/fuzz/corpus" / target.name;
      for (const auto& file : std::filesystem::directory_iterator(folder)) {
        CAPTURE(file.path());
        const std::string bytes = read_text(file.path());
        CHECK_NOTHROW(target.run(bytes));
        // Cut off anywhere, or with a bit turned over.
        for (std::size_t k = 0; k < 40; ++k) {
          const std::size_t at = bytes.size() * k / 40;
          CHECK_NOTHROW(target.run(std::string_view(bytes).substr(0, at)));
          if (at >= bytes.size()) continue;
          std::string damaged = bytes;
          damaged[at] = static_cast<char>(damaged[at] ^ (1 << k % 8));
          CHECK_NOTHROW(target.run(damaged));
        }
        ++count;
      }
      CHECK_MESSAGE(count > 0, target.name);
    }
  }
}
