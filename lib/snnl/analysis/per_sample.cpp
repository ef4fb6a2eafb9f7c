#include "snnl/analysis/per_sample.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <ostream>

#include "snnl/hdf5/output.hpp"
#include "snnl/text/number.hpp"

namespace snnl::analysis {
namespace {

class LossFile {
 public:
  LossFile(const files::OutputFile& file, const std::vector<std::string>& classes)
      : file_(file, hdf5::OutputFile::Mode::create) {
    const hdf5::QuietErrors quiet;
    std::size_t names = 0;
    for (const std::string& name : classes) names += name.size() + 32;
    file_.need_room(2 * names);
    file_.attribute("/", "schema", "snnl.per-sample/1");
    // A dataset: an attribute has no room for thousands of names.
    file_.write("/class_names", classes);
    file_.flush();
  }

  void add(const AnalysedItem& item, const dump::Activations& a) {
    const hdf5::QuietErrors quiet;
    file_.need_room(a.labels.size() * (sizeof(double) + 2 * sizeof(std::int64_t)));
    char epoch[32];
    std::snprintf(epoch, sizeof epoch, "%04lld", static_cast<long long>(item.epoch));
    const std::string folder = fmt::format("/epochs/{}/{}", epoch, item.layer);
    file_.write(folder + "/loss", item.result->sample_loss);
    file_.write(folder + "/row", std::vector<std::int64_t>(a.rows.begin(), a.rows.end()));
    file_.write(folder + "/label", std::vector<std::int64_t>(a.labels.begin(), a.labels.end()));
    file_.flush();
  }

 private:
  hdf5::OutputFile file_;
};

}  // namespace

PerSampleSink per_sample_csv(std::ostream& out, std::vector<std::string> classes, text::CsvText kind) {
  out << "epoch,layer,row,class,loss\n";
  return [&out, kind, classes = std::move(classes)](const AnalysedItem& item, const dump::Activations* activations) {
    if (!item.result) return;
    const std::string start = fmt::format("{},{},", item.epoch, text::csv_field(item.layer, kind));
    const std::vector<double>& loss = item.result->sample_loss;
    for (std::size_t i = 0; i < loss.size(); ++i) {
      const auto label = static_cast<std::size_t>(activations->labels[i]);
      out << start << activations->rows[i] << ',' << text::csv_field(classes[label], kind) << ','
          << text::format_number(loss[i]) << '\n';
    }
  };
}

PerSampleSink per_sample_hdf5(const files::OutputFile& file, std::vector<std::string> classes) {
  const auto losses = std::make_shared<LossFile>(file, classes);
  return [losses](const AnalysedItem& item, const dump::Activations* activations) {
    if (item.result) losses->add(item, *activations);
  };
}

bool is_hdf5_name(const std::string& path) {
  const std::string extension = std::filesystem::path(path).extension().string();
  return extension == ".h5" || extension == ".hdf5";
}

}  // namespace snnl::analysis
