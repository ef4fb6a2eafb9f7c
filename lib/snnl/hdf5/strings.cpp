#include "snnl/hdf5/strings.hpp"

#include <algorithm>
#include <memory>

#include "snnl/hdf5/dataset.hpp"
#include "snnl/hdf5/watch.hpp"

namespace snnl::hdf5 {
namespace {

constexpr const char* action = "read its strings";

void read_variable(std::size_t first, std::size_t count, const Handle& memory_type, const std::string& where,
                   const ReadElements& read, std::vector<std::string>& strings) {
  std::vector<char*> pointers(count, nullptr);
  const hsize_t dims[] = {count};
  const Handle space = own(H5Screate_simple(1, dims, nullptr), where, action);
  // HDF5 allocates the strings; they are given back however this function is left.
  const auto reclaim = [&](char** all) { H5Dvlen_reclaim(memory_type.get(), space.get(), H5P_DEFAULT, all); };
  const std::unique_ptr<char*, decltype(reclaim)> guard(pointers.data(), reclaim);
  check(read(first, count, memory_type.get(), pointers.data()), where, action);
  for (const char* pointer : pointers) strings.emplace_back(pointer == nullptr ? "" : pointer);
}

void read_fixed(std::size_t first, std::size_t count, std::size_t width, const Handle& memory_type,
                const std::string& where, const ReadElements& read, std::vector<std::string>& strings) {
  std::vector<char> buffer(checked_bytes({count, width}, 1, where));
  check(read(first, count, memory_type.get(), buffer.data()), where, action);
  const bool space_padded = H5Tget_strpad(memory_type.get()) == H5T_STR_SPACEPAD;
  for (std::size_t i = 0; i < count; ++i) {
    const char* begin = buffer.data() + i * width;
    std::string text(begin, std::find(begin, begin + width, '\0'));
    while (space_padded && text.ends_with(' ')) text.pop_back();
    strings.push_back(std::move(text));
  }
}

}  // namespace

std::vector<std::string> read_strings(const Handle& type, std::size_t count, std::size_t at_once,
                                      const std::string& where, const ReadElements& read) {
  if (count == 0) return {};
  const Handle memory_type = own(H5Tcopy(type.get()), where, action);
  const bool variable = check(H5Tis_variable_str(type.get()), where, action) > 0;
  const std::size_t width = H5Tget_size(type.get());
  if (variable) {
    // HDF5 trusts the size of a character, and would allocate that many times the length.
    const Handle character = own(H5Tget_super(type.get()), where, action);
    if (H5Tget_size(character.get()) != 1) fail(where, action);
  }
  std::vector<std::string> strings;
  strings.reserve(count);
  for (std::size_t first = 0; first < count; first += at_once) {
    const std::size_t part = std::min(at_once, count - first);
    if (variable) {
      read_variable(first, part, memory_type, where, read, strings);
    } else {
      read_fixed(first, part, width, memory_type, where, read, strings);
    }
    progressed();
  }
  return strings;
}

}  // namespace snnl::hdf5
