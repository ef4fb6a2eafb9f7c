#include "snnl/dump/tree.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "snnl/dump/natural_order.hpp"
#include "snnl/dump/wording.hpp"
#include "snnl/error.hpp"

namespace snnl::dump {
namespace {

constexpr std::size_t most_names = 1'000'000;
constexpr std::size_t most_levels = 100;

using Identity = std::array<std::uint8_t, 16>;

struct Walk {
  const hdf5::Handle& file;
  const std::string& file_name;
  const std::function<bool(const std::string& path)>& enter;
  const OnError& on_error;
  std::vector<TreeEntry> entries;
  std::vector<Identity> ancestors;  // a group that contains itself would never end
};

std::vector<std::string> link_names(const Walk& walk, const std::string& group_path) {
  const std::string where = location(walk.file_name, group_path);
  const hdf5::Handle group = hdf5::own(H5Gopen2(walk.file.get(), group_path.c_str(), H5P_DEFAULT), where, "be opened");
  struct Names {
    std::vector<std::string> names;
    bool too_many = false;
  } found;
  const auto collect = [](hid_t, const char* name, const H5L_info_t*, void* data) -> herr_t {
    auto& all = *static_cast<Names*>(data);
    try {
      all.too_many = all.names.size() >= most_names;
      if (all.too_many) return -1;
      all.names.emplace_back(name);
    } catch (...) {  // no exception may pass through C
      return -1;
    }
    return 0;
  };
  const herr_t status = H5Literate(group.get(), H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, collect, &found);
  if (found.too_many) throw Error(where, "holds more than a million names; name a deeper group with --layout");
  hdf5::check(status, where, "list what is in it");
  std::sort(found.names.begin(), found.names.end(), NaturalLess());
  return found.names;
}

void visit(Walk& walk, const std::string& group_path) {
  std::vector<std::string> names;
  or_report(walk.on_error, [&] { names = link_names(walk, group_path); });
  for (const std::string& name : names) {
    TreeEntry entry;
    entry.path = (group_path == "/" ? "/" : group_path + "/") + name;
    entry.object = hdf5::object_info(walk.file, entry.path);
    walk.entries.push_back(entry);
    // Hard links can make exponentially many paths out of few groups.
    if (walk.entries.size() > most_names) {
      throw Error(walk.file_name, "holds more than a million paths; name a deeper group with --layout");
    }
    if (entry.object.kind != hdf5::ObjectKind::group || walk.ancestors.size() >= most_levels) continue;
    const Identity& identity = entry.object.identity;
    if (std::find(walk.ancestors.begin(), walk.ancestors.end(), identity) != walk.ancestors.end()) continue;
    if (!walk.enter(entry.path)) continue;
    walk.ancestors.push_back(identity);
    visit(walk, entry.path);
    walk.ancestors.pop_back();
  }
}

}  // namespace

std::vector<TreeEntry> list_tree(const hdf5::Handle& file, const std::string& file_name, const std::string& root,
                                 const std::function<bool(const std::string& path)>& enter, const OnError& on_error) {
  Walk walk{file, file_name, enter, on_error, {}, {}};
  const hdf5::ObjectInfo info = hdf5::object_info(file, root);
  if (info.kind != hdf5::ObjectKind::group) return {};
  walk.ancestors.push_back(info.identity);
  or_report(on_error, [&] { visit(walk, root); });
  return std::move(walk.entries);
}

}  // namespace snnl::dump
