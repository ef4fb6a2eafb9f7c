#include "snnl/hdf5/object.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "snnl/hdf5/watch.hpp"
#include "snnl/text/wording.hpp"

namespace snnl::hdf5 {
namespace {

herr_t refuse_external_link(const char*, const char*, const char*, const char*, unsigned*, hid_t, void*) { return -1; }

// Of the smallest prefix of `path` that is not there; HDF5 wants each step checked by itself.
std::string first_missing(const Handle& file, const std::string& path) {
  for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    const std::string prefix = path.substr(0, end);
    if (object_info(file, prefix).kind == ObjectKind::none) return prefix;
    if (end == std::string::npos) return "";
  }
}

std::string external_target(const Handle& file, const std::string& path, std::size_t value_size) {
  std::vector<char> value(std::min<std::size_t>(value_size, 65536));
  const char* file_name = nullptr;
  const char* object = nullptr;
  unsigned flags = 0;
  if (value.empty() || H5Lget_val(file.get(), path.c_str(), value.data(), value.size(), H5P_DEFAULT) < 0 ||
      H5Lunpack_elink_val(value.data(), value.size(), &flags, &file_name, &object) < 0) {
    return "another file";
  }
  return text::location(file_name, object);
}

}  // namespace

Handle no_external_links() {
  Handle access = own(H5Pcreate(H5P_LINK_ACCESS), "", "set up HDF5");
  check(H5Pset_elink_cb(access.get(), refuse_external_link, nullptr), "", "set up HDF5");
  return access;
}

ObjectInfo object_info(const Handle& parent, const std::string& path) {
  ObjectInfo result;
  if (entering(path)) return result;
  const Handle access = no_external_links();
#if H5_VERSION_GE(1, 12, 0)
  H5O_info2_t info;
  if (H5Oget_info_by_name3(parent.get(), path.c_str(), &info, H5O_INFO_BASIC, access.get()) < 0) return result;
  static_assert(sizeof(info.token) == sizeof(result.identity));
  std::memcpy(result.identity.data(), &info.token, sizeof(info.token));
#else
  H5O_info_t info;
  if (H5Oget_info_by_name2(parent.get(), path.c_str(), &info, H5O_INFO_BASIC, access.get()) < 0) return result;
  static_assert(sizeof(info.addr) <= sizeof(result.identity));
  std::memcpy(result.identity.data(), &info.addr, sizeof(info.addr));
#endif
  result.kind = info.type == H5O_TYPE_GROUP     ? ObjectKind::group
                : info.type == H5O_TYPE_DATASET ? ObjectKind::dataset
                                                : ObjectKind::other;
  return result;
}

Error why_unreachable(const Handle& file, const std::string& path) {
  if (const auto why = entering(path)) return *why;
  const std::string missing = first_missing(file, path);
  const std::string what = missing.empty() || missing == path ? "" : missing + " ";
  if (const auto why = entering(missing)) return {"", what + why->message(), why->advice()};
  const Handle access = no_external_links();
  H5L_info_t info;
  if (H5Lget_info(file.get(), missing.c_str(), &info, access.get()) < 0) {
    return {"", "there is no " + (what.empty() ? "such object" : missing), "check the path"};
  }
  if (info.type == H5L_TYPE_EXTERNAL) {
    return {"",
            fmt::format("{}is an external link to {}, which is not followed", what,
                        external_target(file, missing, info.u.val_size)),
            "give that file itself, or copy its data into this one"};
  }
  if (info.type == H5L_TYPE_SOFT) {
    return {"", what + "is a soft link to something that is not in this file", "write the data or remove the link"};
  }
  return {"", what + "cannot be opened", "the file seems to be damaged, copy or write it again"};
}

double file_bytes(const Handle& object) {
  const Handle file(H5Iget_file_id(object.get()));
  hsize_t size = 0;
  return file && H5Fget_filesize(file.get(), &size) >= 0 ? static_cast<double>(size) : 0;
}

}  // namespace snnl::hdf5
