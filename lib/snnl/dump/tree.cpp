#include "snnl/dump/tree.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <utility>

#include "snnl/error.hpp"
#include "snnl/hdf5/object.hpp"
#include "snnl/hdf5/watch.hpp"
#include "snnl/text/natural_order.hpp"
#include "snnl/text/wording.hpp"

namespace snnl::dump {
namespace {

constexpr std::size_t most_names = 1'000'000;
constexpr std::size_t most_levels = 100;
// Paths below groups that were reached by another path before: hard links can make exponentially many out of few.
constexpr std::size_t most_repeated = 100'000;

using Identity = std::array<std::uint8_t, 16>;
using Members = std::vector<std::pair<std::string, hdf5::ObjectInfo>>;

struct Walk {
  const hdf5::Handle& file;
  const std::string& file_name;
  const std::function<bool(const std::string& path)>& enter;
  const OnError& on_error;
  std::vector<TreeEntry> entries;
  std::vector<Identity> ancestors;      // a group that contains itself would never end
  std::map<Identity, Members> members;  // of groups that were read: each is read once, however many paths it has
  std::vector<bool> is_repeated;        // [entries]
  std::size_t repeated = 0;
  bool too_many_repeated = false;
};

std::vector<std::string> link_names(const Walk& walk, const std::string& group_path) {
  const std::string where = text::location(walk.file_name, group_path);
  if (const auto why = hdf5::entering(group_path)) throw why->at(where);
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
      hdf5::progressed();
    } catch (...) {  // no exception may pass through C
      return -1;
    }
    return 0;
  };
  const herr_t status = H5Literate(group.get(), H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, collect, &found);
  if (found.too_many) throw Error(where, "holds more than a million names", "name a deeper group with --layout");
  hdf5::check(status, where, "list what is in it");
  std::sort(found.names.begin(), found.names.end(), text::NaturalLess());
  return found.names;
}

std::string path_of(const std::string& group_path, const std::string& name) {
  return (group_path == "/" ? "/" : group_path + "/") + name;
}

void read_members(Walk& walk, const std::string& group_path, Members& members) {
  or_report(walk.on_error, [&] {
    for (std::string& name : link_names(walk, group_path)) {
      const hdf5::ObjectInfo object = hdf5::object_info(walk.file, path_of(group_path, name));
      members.emplace_back(std::move(name), object);
      if (walk.entries.size() + members.size() > most_names) {
        throw Error(walk.file_name, "holds more than a million paths", "name a deeper group with --layout");
      }
    }
  });
}

void visit(Walk& walk, const Identity& identity, const std::string& group_path) {
  const auto [place, is_new] = walk.members.try_emplace(identity);
  Members& members = place->second;
  if (is_new) {
    read_members(walk, group_path, members);
  } else if ((walk.repeated += members.size()) > most_repeated) {
    walk.too_many_repeated = true;
    throw Error(walk.file_name,
                "its groups are linked so that more than 100,000 paths lead to what has other paths already",
                "name a deeper group with --layout");
  }
  walk.ancestors.push_back(identity);
  for (const auto& [name, object] : members) {
    const TreeEntry entry{path_of(group_path, name), object};
    walk.entries.push_back(entry);
    walk.is_repeated.push_back(!is_new);
    if (walk.entries.size() > most_names) {
      throw Error(walk.file_name, "holds more than a million paths", "name a deeper group with --layout");
    }
    if (object.kind != hdf5::ObjectKind::group) continue;
    if (std::find(walk.ancestors.begin(), walk.ancestors.end(), object.identity) != walk.ancestors.end()) continue;
    if (!walk.enter(entry.path)) continue;
    if (walk.ancestors.size() > most_levels) {
      or_report(walk.on_error, [&] {
        throw Error(text::location(walk.file_name, entry.path),
                    "is more than 100 groups deep, and what is in it is not looked at",
                    "name a deeper group with --layout");
      });
      continue;
    }
    visit(walk, object.identity, entry.path);
  }
  walk.ancestors.pop_back();
}

}  // namespace

std::vector<TreeEntry> list_tree(const hdf5::Handle& file, const std::string& file_name, const std::string& root,
                                 const std::function<bool(const std::string& path)>& enter, const OnError& on_error) {
  Walk walk{file, file_name, enter, on_error, {}, {}, {}, {}, 0, false};
  const hdf5::ObjectInfo info = hdf5::object_info(file, root);
  if (info.kind != hdf5::ObjectKind::group) return {};
  or_report(on_error, [&] { visit(walk, info.identity, root); });
  // Each object once is enough where that is told.
  if (walk.too_many_repeated) {
    std::size_t place = 0;
    std::erase_if(walk.entries, [&](const TreeEntry&) { return walk.is_repeated[place++]; });
  }
  return std::move(walk.entries);
}

}  // namespace snnl::dump
