#include "snnl/inspect/survey.hpp"

#include <algorithm>
#include <cctype>
#include <variant>

#include "snnl/dump/labels.hpp"
#include "snnl/dump/one_hot.hpp"
#include "snnl/error.hpp"
#include "snnl/hdf5/dataset.hpp"
#include "snnl/hdf5/element_type.hpp"
#include "snnl/hdf5/object.hpp"

namespace snnl::inspect {
namespace {

std::string lower_name(const std::string& path) {
  std::string name = path.substr(path.rfind('/') + 1);
  for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return name;
}

// Labels have few distinct values and a telling name; the numbers only order the candidates.
double label_score(const hdf5::Handle& file, const std::string& file_name, const std::string& path) {
  const dump::LabelSet set = dump::read_labels(file, file_name, path);
  const std::size_t classes = std::visit([](const auto& distinct) { return distinct.size(); }, set.distinct);
  const std::string name = lower_name(path);
  const auto holds = [&](const char* part) { return name.find(part) != std::string::npos; };
  double score = set.one_hot ? 3.5 : 4;  // class numbers before the same one-hot
  if (name == "y" || holds("label") || holds("target") || holds("class")) score += 3;
  if (holds("pred") || holds("index") || name.ends_with("id") || name.ends_with("ids")) score -= 3;
  if (classes < 2 || 2 * classes > set.codes.size()) score -= 4;
  return std::max(score, 0.);
}

}  // namespace

std::vector<std::string> dataset_paths(const hdf5::Handle& file, const std::string& file_name,
                                       const dump::OnError& on_error) {
  std::vector<std::string> paths;
  const auto enter = [](const std::string&) { return true; };
  for (const dump::TreeEntry& entry : dump::list_tree(file, file_name, "/", enter, on_error)) {
    if (entry.object.kind == hdf5::ObjectKind::dataset) paths.push_back(entry.path);
  }
  return paths;
}

std::vector<Surveyed> survey(const hdf5::Handle& file, const std::string& file_name, std::size_t most) {
  constexpr std::size_t most_labels = 100;  // these are read
  std::vector<Surveyed> found;
  std::size_t labels = 0;
  for (const std::string& path : dataset_paths(file, file_name, [](const Error&) {})) {
    if (found.size() >= most) break;
    try {
      const hdf5::Dataset dataset = hdf5::open_dataset(file, file_name, path);
      Surveyed one{path, dataset.shape, false, -1};
      const bool one_hot = dump::is_one_hot_labels(file, file_name, path);
      if (dataset.shape.size() > 1 && !one_hot) {
        try {
          hdf5::element_kind(file, file_name, path, dataset);
          one.numbers = true;
        } catch (const Error&) {
          // Strings and records are no activations.
        }
      }
      if ((one_hot || dump::may_be_labels(dataset)) && labels < most_labels) {
        ++labels;
        try {
          one.label_score = label_score(file, file_name, path);
        } catch (const Error&) {
          // Fractions, for instance, are no labels.
        }
      }
      found.push_back(std::move(one));
    } catch (const Error&) {
      // What cannot be opened says nothing about the layout.
    }
  }
  return found;
}

}  // namespace snnl::inspect
