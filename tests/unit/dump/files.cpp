#include <fcntl.h>
#include <hdf5.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "unit/dump/fixtures.hpp"

using namespace dump_fixtures;
using snnl::dump::Reader;

#if defined(__SANITIZE_ADDRESS__)
#define SNNL_LEAKS_ARE_CHECKED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SNNL_LEAKS_ARE_CHECKED
#endif
#endif
#if defined(SNNL_LEAKS_ARE_CHECKED)
// HDF5 itself loses memory in damaged files; that our handles are closed has a test of its own.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libhdf5\n"; }
#endif

namespace {

std::string temporary(const std::string& name) {
  return (std::filesystem::temp_directory_path() / (name + "-" + std::to_string(getpid()) + ".h5")).string();
}

void write_file(const std::string& name, const std::string& bytes) {
  std::ofstream(name, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::string read_file(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Opens and reads all there is. What comes out does not matter, that it comes out does.
void read_everything(const std::string& name) {
  try {
    const Reader reader({name}, {});
    for (const auto& one : reader.items()) {
      try {
        reader.read(one);
      } catch (const snnl::Error&) {
      }
    }
  } catch (const snnl::Error&) {
  }
}

}  // namespace

TEST_CASE("files that cannot be used") {
  CHECK(open_error("nowhere") == "nowhere.h5: there is no such file; check the path");
  CHECK(open_error("folder") == "folder.h5: is a directory; give the HDF5 files in it, for instance folder.h5/*.h5");
  CHECK(open_error("zero_bytes") ==
        "zero_bytes.h5: is empty (0 bytes); its writer has not written it yet, or was stopped");
  CHECK(open_error("text") == "text.h5: is not an HDF5 file; give a file written by h5py or another HDF5 writer");
  for (const char* name : {"truncated", "header_only"}) {
    CHECK(open_error(name) == std::string(name) +
                                  ".h5: is truncated: it is shorter than its header says; copy it again, "
                                  "or write it again if its writer was stopped");
  }
  CHECK(open_error("being_written")
            .starts_with("being_written.h5: is still open by a writer, or its writer was stopped"));
  CHECK(message_of([] { Reader({path("v1") + "/inside"}, {}); }).find("v1.h5/inside: ") == 0);
}

TEST_CASE("a pipe is not waited on") {
  const std::string name = temporary("snnl-pipe");
  REQUIRE(mkfifo(name.c_str(), 0600) == 0);
  CHECK(message_of([&] { Reader({name}, {}); }).find("is not a regular file") != std::string::npos);
  std::remove(name.c_str());
}

TEST_CASE("a file without permission" * doctest::skip(geteuid() == 0)) {
  const std::string name = temporary("snnl-secret");
  write_file(name, read_file(path("v1")));
  chmod(name.c_str(), 0);
  CHECK(message_of([&] { Reader({name}, {}); }).find("no permission to read it") != std::string::npos);
  std::remove(name.c_str());
}

TEST_CASE("a locked file") {
  const char* setting = std::getenv("HDF5_USE_FILE_LOCKING");
  if (setting != nullptr && std::string(setting) == "FALSE") return;
  const std::string name = temporary("snnl-locked");
  write_file(name, read_file(path("v1")));
  const int file = ::open(name.c_str(), O_RDONLY);
  REQUIRE(file >= 0);
  REQUIRE(flock(file, LOCK_EX | LOCK_NB) == 0);
  CHECK(message_of([&] { Reader({name}, {}); }).find("is locked, most likely by a program that writes it") !=
        std::string::npos);
  close(file);
  CHECK(message_of([&] { Reader({name}, {}); }).empty());
  std::remove(name.c_str());
}

TEST_CASE("HDF5's own error output is left as it was") {
  H5E_auto2_t before = nullptr;
  H5E_auto2_t after = nullptr;
  void* data = nullptr;
  H5Eget_auto2(H5E_DEFAULT, &before, &data);
  CHECK_FALSE(open_error("truncated").empty());
  CHECK(names(open("v1_plain")).size() > 0);
  H5Eget_auto2(H5E_DEFAULT, &after, &data);
  const bool unchanged = before != nullptr && before == after;
  CHECK(unchanged);
}

TEST_CASE("nothing stays open") {
  {
    const Reader reader = open("bad_items");
    for (const auto& one : reader.items()) message_of([&] { reader.read(one); });
    message_of([] { Reader({path("v1"), path("text")}, {}); });
  }
  CHECK(H5Fget_obj_count(static_cast<hid_t>(H5F_OBJ_ALL), H5F_OBJ_ALL) == 0);
}

TEST_CASE("truncated and damaged bytes are no crash") {
  const std::string whole = read_file(path("v1_plain"));
  const std::string name = temporary("snnl-fuzz");
  for (std::size_t size = 0; size < whole.size(); size += 97) {
    write_file(name, whole.substr(0, size));
    read_everything(name);
  }
  for (std::size_t at = 0; at < whole.size(); at += 31) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    write_file(name, damaged);
    read_everything(name);
  }
  std::remove(name.c_str());
}
