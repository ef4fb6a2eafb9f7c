// The one writer of files: whole or absent, through good links and through no others.

#include "snnl/files/output_file.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <set>

#include "snnl/error.hpp"
#include "snnl/files/copy.hpp"
#include "snnl/files/file_exists.hpp"
#include "support/refusal.hpp"
#include "support/scratch.hpp"

namespace fs = std::filesystem;

namespace {

void write(const std::string& path, const std::string& text) {
  snnl::files::OutputFile file(path);
  file.stream() << text;
  file.commit();
}

struct stat status_of(const std::string& path) {
  struct stat info {};
  REQUIRE(::lstat(path.c_str(), &info) == 0);
  return info;
}

/// The only file in the folder whose name begins with a dot.
std::string temporary_in(const std::string& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename().string()[0] == '.') return entry.path().string();
  }
  return "";
}

}  // namespace

TEST_SUITE("files") {
  TEST_CASE("output file: appears when it is committed, and leaves nothing otherwise") {
    const Scratch scratch;
    const std::string path = scratch.path("a.json");
    scratch.write("a.json", "old");
    {
      snnl::files::OutputFile file(path);
      file.stream() << "new";
      CHECK(scratch.read("a.json") == "old");
      CHECK(fs::exists(temporary_in(scratch.folder())));
    }
    CHECK(scratch.names() == "a.json");
    CHECK(scratch.read("a.json") == "old");
    write(path, "new");
    CHECK(scratch.names() == "a.json");
    CHECK(scratch.read("a.json") == "new");
    const std::string large(3000000, 'x');
    write(path, large);
    CHECK(scratch.read("a.json") == large);
  }

  TEST_CASE("output file: temporary names cannot be foreseen, and fit where the name does") {
    const Scratch scratch;
    std::set<std::string> names;
    for (int k = 0; k < 50; ++k) {
      const snnl::files::OutputFile file(scratch.path("a"));
      names.insert(temporary_in(scratch.folder()));
    }
    CHECK(names.size() == 50);
    const std::string longest(255, 'a');
    write(scratch.path(longest), "1");
    CHECK(scratch.names() == longest);
    std::string umlauts;
    for (int k = 0; k < 127; ++k) umlauts += "\u00e4";
    write(scratch.path(umlauts), "1");
  }

  TEST_CASE("output file: the mode and owner of a replaced file, the umask for a new one") {
    const Scratch scratch;
    const mode_t before = ::umask(027);
    write(scratch.path("new"), "1");
    ::umask(before);
    CHECK((status_of(scratch.path("new")).st_mode & 07777) == 0640);
    for (const mode_t mode : {0600u, 0644u, 0664u, 0777u, 0200u, 02755u}) {
      CAPTURE(mode);
      scratch.write("old", "0");
      REQUIRE(::chmod(scratch.path("old").c_str(), mode) == 0);
      {
        snnl::files::OutputFile file(scratch.path("old"));
        CHECK((status_of(temporary_in(scratch.folder())).st_mode & 0077) == 0);
        file.stream() << "1";
        file.commit();
      }
      CHECK((status_of(scratch.path("old")).st_mode & 07777) == mode);
      fs::remove(scratch.path("old"));
    }
    if (::geteuid() != 0) return;
    scratch.write("others", "0");
    REQUIRE(::chown(scratch.path("others").c_str(), 12345, 54321) == 0);
    REQUIRE(::chmod(scratch.path("others").c_str(), 0640) == 0);
    write(scratch.path("others"), "1");
    const struct stat kept = status_of(scratch.path("others"));
    CHECK(kept.st_uid == 12345);
    CHECK(kept.st_gid == 54321);
    CHECK((kept.st_mode & 07777) == 0640);
  }

  TEST_CASE("output file: links are followed, one that leads to nothing too, and circles are refused") {
    const Scratch scratch;
    fs::create_directory(scratch.path("there"));
    scratch.write("there/a", "old");
    fs::create_symlink("there/a", scratch.path("link"));
    fs::create_symlink(scratch.path("link"), scratch.path("second"));
    write(scratch.path("second"), "new");
    CHECK(scratch.read("there/a") == "new");
    CHECK(fs::is_symlink(scratch.path("link")));
    CHECK(fs::is_symlink(scratch.path("second")));
    fs::create_symlink("there/nothing", scratch.path("dangling"));
    write(scratch.path("dangling"), "made");
    CHECK(scratch.read("there/nothing") == "made");
    CHECK(fs::is_symlink(scratch.path("dangling")));
    fs::create_symlink("nowhere/a", scratch.path("lost"));
    CHECK(refusal([&] { write(scratch.path("lost"), ""); }).find("nowhere does not exist") != std::string::npos);
    fs::create_symlink("circle2", scratch.path("circle1"));
    fs::create_symlink("circle1", scratch.path("circle2"));
    CHECK(refusal([&] { write(scratch.path("circle1"), ""); }) ==
          scratch.path("circle1") + ": is a link that leads in a circle; name a file");
    CHECK(scratch.names() == "circle1 circle2 dangling link lost second there");
  }

  TEST_CASE("output file: what is put in place of the temporary file is not written") {
    const Scratch scratch;
    scratch.write("victim", "secret");
    snnl::files::OutputFile file(scratch.path("a"));
    const std::string temporary = temporary_in(scratch.folder());
    fs::remove(temporary);
    fs::create_symlink("victim", temporary);
    file.stream() << "new";
    {
      const int again = ::open(file.name_to_open().c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
      REQUIRE(again >= 0);
      CHECK(::write(again, "more", 4) == 4);
      ::close(again);
    }
    CHECK(refusal([&] { file.commit(); }).find("another program replaced") != std::string::npos);
    CHECK(scratch.read("victim") == "secret");
    CHECK(!scratch.has("a"));
  }

  TEST_CASE("output file: devices, pipes and own descriptors are written as they are") {
    const Scratch scratch;
    write("/dev/null", "1");
    CHECK(refusal([&] { write("/dev/full", "1"); }) ==
          "/dev/full: could not be written whole (No space left on device)");
    const int kept = ::open(scratch.path("log").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    REQUIRE(::write(kept, "first ", 6) == 6);
    write("/dev/fd/" + std::to_string(kept), "second ");
    write("/proc/self/fd/" + std::to_string(kept), "third");
    ::close(kept);
    CHECK(scratch.read("log") == "first second third");
    CHECK(scratch.names() == "log");
    const int reading = ::open(scratch.path("log").c_str(), O_RDONLY | O_CLOEXEC);
    const std::string name = "/dev/fd/" + std::to_string(reading);
    CHECK(refusal([&] { write(name, ""); }) ==
          name + ": cannot be written (Bad file descriptor); choose another place");
    ::close(reading);
  }

  TEST_CASE("copied bytes: all of them, and who is to blame") {
    const Scratch scratch;
    const std::string text(3 << 20, 'y');
    scratch.write("from", text);
    snnl::files::OutputFile to(scratch.path("to"));
    snnl::files::copy_bytes(scratch.path("from"), to);
    to.commit();
    CHECK(scratch.read("to") == text);
    snnl::files::OutputFile again(scratch.path("to"));
    CHECK(refusal([&] { snnl::files::copy_bytes(scratch.path("none"), again); }) ==
          scratch.path("none") + ": cannot be read to its end (No such file or directory)");
  }

  TEST_CASE("same file: links, hard links, and files that are not there yet") {
    const Scratch scratch;
    scratch.write("a", "1");
    scratch.write("b", "1");
    fs::create_hard_link(scratch.path("a"), scratch.path("hard"));
    fs::create_symlink("a", scratch.path("soft"));
    fs::create_symlink("new", scratch.path("dangling"));
    const auto same = [&](const char* x, const char* y) {
      return snnl::files::same_file(scratch.path(x), scratch.path(y));
    };
    CHECK(same("a", "hard"));
    CHECK(same("soft", "hard"));
    CHECK(same("dangling", "new"));
    CHECK(same("new", "./new"));
    CHECK(!same("a", "b"));
    CHECK(!same("a", "new"));
    CHECK(!same("new", "newer"));
  }

  TEST_CASE("file exists: what is there, what is not, and what cannot be told") {
    const Scratch scratch;
    scratch.write("a", "");
    fs::create_symlink("nothing", scratch.path("dangling"));
    fs::create_symlink("circle", scratch.path("circle"));
    CHECK(snnl::files::file_exists(scratch.path("a")));
    CHECK(snnl::files::file_exists("/dev/null"));
    CHECK(!snnl::files::file_exists(""));
    CHECK(!snnl::files::file_exists(scratch.path("dangling")));
    CHECK(!snnl::files::file_exists(scratch.path("a/b")));
    CHECK(!snnl::files::file_exists(scratch.path(std::string(300, 'x'))));
    CHECK(!snnl::files::file_exists("/" + std::string(5000, 'x')));
    CHECK(refusal([&] {
            snnl::files::file_exists(scratch.path("circle"));
          }).rfind(scratch.path("circle") + ": cannot be", 0) == 0);
  }
}
