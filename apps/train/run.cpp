// libtorch's headers come first: they define macros that others then replace.
#include "train/checkpoint.hpp"
#include "train/recorder.hpp"
#include "train/trainer.hpp"
//
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "common/output.hpp"
#include "common/progress.hpp"
#include "common/tool.hpp"
#include "snnl/dump/selection.hpp"
#include "snnl/error.hpp"
#include "snnl/files/digest.hpp"
#include "snnl/files/file_exists.hpp"
#include "snnl/text/number.hpp"
#include "train/epoch_table.hpp"
#include "train/run.hpp"

namespace train {
namespace {

std::vector<std::int64_t> select_dump_epochs(const CommandLine& o) {
  std::vector<std::int64_t> all(static_cast<std::size_t>(o.epochs) + 1);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::int64_t>(i);
  try {
    return snnl::dump::EpochSelection(o.dump_epochs).select(all);
  } catch (const snnl::Error& e) {
    throw snnl::Error("--dump-epochs", e.what());
  }
}

const LabelledImages& split_of(const ImageData& data, const std::string& split) {
  return split == "train" ? data.train : split == "validation" ? data.validation : data.test;
}

void write_metrics(const CommandLine& o, const TrainingRecord& record) {
  if (!o.json.empty()) {
    snnl::files::OutputFile json(o.json);
    json.stream() << to_json(record).dump(2) << '\n';
    json.commit();
  }
  if (!o.csv.empty()) {
    snnl::files::OutputFile csv(o.csv);
    csv.stream() << to_csv(record);
    csv.commit();
  }
}

nlohmann::ordered_json describe(const ImageData& data, const CommandLine& o) {
  nlohmann::ordered_json out;
  out["digest"] = data.digest;
  out["train"] = data.train.count();
  out["validation"] = data.validation.count();
  out["test"] = data.test.count();
  out["height"] = data.shape.height;
  out["width"] = data.shape.width;
  out["classes"] = data.shape.classes;
  out["validation_share"] = o.data.validation;
  return out;
}

/// Equal for runs that give the same bytes: those of the same options and data.
std::string run_of(const TrainingRecord& record) {
  snnl::files::Digest digest;
  digest.add(record.options.dump());
  digest.add(record.data.dump());
  return digest.text();
}

/// Whether there was a checkpoint to go on from; the record then has its epochs.
bool resume(const CommandLine& o, Trainer& trainer, TrainingRecord& record) {
  if (!o.resume || !snnl::files::file_exists(o.checkpoint)) return false;
  record.epochs = load_checkpoint(o.checkpoint, trainer, record);
  if (record.epochs.back().epoch > o.epochs) {
    throw snnl::Error("--epochs", fmt::format("{} are fewer than the {} that {} has done", o.epochs,
                                              record.epochs.back().epoch, o.checkpoint));
  }
  return true;
}

/// Where activations go, if anywhere.
class Recording {
 public:
  Recording(CommandLine& o, const ImageData& data, const TrainingRecord& record, bool resumed) {
    if (o.recorder.file.empty()) return;
    epochs_ = select_dump_epochs(o);
    is_new_ = !snnl::files::file_exists(o.recorder.file);
    // A dump without its checkpoint can only be that of this run, stopped before its first epoch ended.
    using snnl::dump::Existing;
    o.recorder.existing = resumed ? Existing::continued : o.overwrite ? Existing::replaced : Existing::restarted;
    o.recorder.run = run_of(record);
    std::vector<std::string> names = data.class_names;
    const LabelledImages from =
        o.dump_data.empty() ? split_of(data, o.dump_split) : read_other_images(o.dump_data, data.shape, names);
    try {
      recorder_.emplace(o.recorder, draw_samples(from, o.dump_samples), names, o.training.architecture);
    } catch (const snnl::Error& e) {
      if (resumed || !o.resume) throw;
      throw snnl::Error(fmt::format("{} (there is no {} to resume from)", std::string(e.what()), o.checkpoint));
    }
  }

  /// A new dump of a run that is resumed begins with what the checkpoint holds.
  void begin_after(std::int64_t epoch, Trainer& trainer) {
    if (is_new_) record(epoch, trainer);
  }
  void record(std::int64_t epoch, Trainer& trainer) {
    if (recorder_ && std::find(epochs_.begin(), epochs_.end(), epoch) != epochs_.end()) {
      recorder_->record(trainer, epoch);
    }
  }
  void publish() {
    if (recorder_) recorder_->publish();
  }

 private:
  std::optional<Recorder> recorder_;
  std::vector<std::int64_t> epochs_;
  bool is_new_ = false;
};

/// One epoch; `told(fraction, loss)` is called on the way.
template <class Told>
EpochMetrics train_one(Trainer& trainer, const ImageData& data, std::int64_t epoch, const Told& told) {
  EpochMetrics m;
  m.epoch = epoch;
  if (epoch > 0) m.training = trainer.train_epoch(data.train, epoch, told);
  try {
    if (data.validation.count() > 0) m.validation = trainer.evaluate(data.validation);
    m.test = trainer.evaluate(data.test);
  } catch (const DivergenceError& e) {
    throw DivergenceError(fmt::format("epoch {}: {}", epoch, e.what()));
  }
  return m;
}

/// Writes down that the loss diverged, and says so.
int report_divergence(const CommandLine& o, const std::string& what, bool has_checkpoint, TrainingRecord& record) {
  const std::int64_t epoch = record.epochs.empty() ? 0 : record.epochs.back().epoch + 1;
  record.divergence = Divergence{epoch, what};
  write_metrics(o, record);
  std::string kept;
  if (has_checkpoint) kept = fmt::format("; {} holds epoch {}", o.checkpoint, epoch - 1);
  tool::print_error(tool_name,
                    fmt::format("training diverged: {}{}; try a smaller --weight or --learning-rate", what, kept));
  return tool::failed;
}

}  // namespace

int run(CommandLine& o) {
  const ImageData data = read_image_data(o.data);
  Trainer trainer(o.training, data.shape);
  TrainingRecord record;
  record.options = to_json(o.training);
  record.data = describe(data, o);
  record.entangled = o.training.entangled;
  const bool resumed = resume(o, trainer, record);
  Recording recording(o, data, record, resumed);

  const EpochTable table(!o.quiet, !o.training.entangled.empty());
  table.header();
  for (const EpochMetrics& m : record.epochs) table.row(m, "-");
  const std::int64_t first = resumed ? record.epochs.back().epoch + 1 : 0;
  const auto start = std::chrono::steady_clock::now();
  tool::Progress progress(!o.quiet);
  if (resumed) {
    write_metrics(o, record);  // may be behind the checkpoint
    recording.begin_after(first - 1, trainer);
  }
  // What --overwrite replaces is kept until this run has trained an epoch.
  const bool keeps_checkpoint = o.overwrite && snnl::files::file_exists(o.checkpoint);
  bool has_checkpoint = resumed;
  try {
    for (std::int64_t epoch = first; epoch <= o.epochs; ++epoch) {
      const std::string what = fmt::format("epoch {} of {}", epoch, o.epochs);
      const double all = static_cast<double>(o.epochs - std::max<std::int64_t>(first, 1) + 1);
      const double before = static_cast<double>(epoch - std::max<std::int64_t>(first, 1));
      const EpochMetrics m = train_one(trainer, data, epoch, [&](double fraction, double loss) {
        progress.update((before + fraction) / all, fmt::format("{}, loss {}", what, snnl::text::format_short(loss)));
      });
      recording.record(epoch, trainer);
      if (epoch > 0) recording.publish();
      record.epochs.push_back(m);
      if (!o.checkpoint.empty() && (epoch > 0 || !keeps_checkpoint)) {
        save_checkpoint(o.checkpoint, trainer, record);
        has_checkpoint = true;
      }
      write_metrics(o, record);
      const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
      progress.clear();
      table.row(m, tool::format_duration(spent.count()));
    }
  } catch (const DivergenceError& e) {
    progress.clear();
    return report_divergence(o, e.what(), has_checkpoint, record);
  }
  return tool::ok;
}

}  // namespace train
