// snnl-train: trains a classifier of images with soft nearest neighbour terms in its loss, and records it.

// libtorch's headers come first: they define macros that others then replace.
#include "train/checkpoint.hpp"
#include "train/recorder.hpp"
#include "train/trainer.hpp"
//
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <cmath>
#include <iostream>
#include <limits>
#include <thread>

#include "common/common_options.hpp"
#include "common/output.hpp"
#include "common/progress.hpp"
#include "common/start.hpp"
#include "common/tool.hpp"
#include "snnl/analysis.hpp"
#include "snnl/dump/selection.hpp"
#include "snnl/error.hpp"
#include "snnl/files/digest.hpp"
#include "snnl/files/file_exists.hpp"
#include "snnl/parallel/available_threads.hpp"
#include "snnl/text/glob.hpp"
#include "snnl/text/nearest_name.hpp"
#include "snnl/text/number.hpp"
#include "snnl/text/printable.hpp"

namespace {

constexpr const char* name = "snnl-train";

struct Options {
  train::TrainingOptions training;
  train::DataOptions data;
  std::vector<std::string> layers{"*"};
  std::string temperature = "optimal";
  std::int64_t epochs = 10;
  double learning_rate = 0;
  std::string checkpoint;
  bool resume = false;
  train::RecorderOptions recorder;
  std::string dump_data, dump_epochs, dump_split = "test", dump_type = "float16";
  std::vector<std::string> dump_layers{"*"};
  std::size_t dump_samples = 1000;
  std::string json, csv;
  bool overwrite = false;
  bool quiet = false;
};

void declare_data(CLI::App& app, Options& o) {
  app.add_option("--data", o.data.folder, "Folder of train-* and t10k-* in IDX form, .gz or not")
      ->option_text("FOLDER [" + o.data.folder + "]")
      ->check(tool::not_empty())
      ->group("Data");
  app.add_option("--validation", o.data.validation, "Share of the training images that is held out, 0 to 0.9")
      ->option_text("SHARE [" + snnl::format_number(o.data.validation) + "]")
      ->check(CLI::Range(0., 0.9))
      ->group("Data");
  app.add_option("--train-samples", o.data.train_samples,
                 "Train on this many of the others only, drawn at random [all]")
      ->option_text("N")
      ->check(CLI::PositiveNumber)
      ->group("Data");
}

void declare_loss(CLI::App& app, Options& o) {
  train::TrainingOptions& t = o.training;
  app.add_option("--architecture", t.architecture, "mlp, cnn or resnet [" + t.architecture + "]")
      ->check(CLI::IsMember(train::architectures()))
      ->option_text("NAME")
      ->group("Network and loss");
  app.add_option("--weight", t.weight,
                 "Add WEIGHT x the soft nearest neighbour loss of each layer to the cross-entropy; a negative one "
                 "entangles the classes there [0]")
      ->option_text("WEIGHT")
      ->group("Network and loss");
  app.add_option("--layers", o.layers, "Layers that have this term, by glob ('conv*'); repeatable [all but the logits]")
      ->allow_extra_args(false)
      ->option_text("GLOB")
      ->group("Network and loss");
  app.add_option("--temperature", o.temperature,
                 "optimal: the one that minimises the loss of the batch; learned: goes down the loss step by step; or "
                 "a number > 0, in units of the distance [" +
                     o.temperature + "]")
      ->option_text("T")
      ->group("Network and loss");
  app.add_option("--temperature-rate", t.temperature_rate, "Learning rate of log(1/T), where it is learned")
      ->option_text("RATE [" + snnl::format_number(t.temperature_rate) + "]")
      ->check(CLI::PositiveNumber)
      ->group("Network and loss");
  tool::add_distance(app, t.distance, "Network and loss");
}

void declare_training(CLI::App& app, Options& o) {
  train::TrainingOptions& t = o.training;
  app.add_option("--epochs", o.epochs, "Passes over the training images")
      ->option_text("N [" + std::to_string(o.epochs) + "]")
      ->check(CLI::Range(1, 1000000))
      ->group("Training");
  app.add_option("--batch", t.batch, "Images in a batch")
      ->option_text("N [" + std::to_string(t.batch) + "]")
      ->check(CLI::Range(2, 65536))
      ->group("Training");
  app.add_option("--optimizer", t.optimizer, "adam or sgd [" + t.optimizer + "]")
      ->check(CLI::IsMember({"adam", "sgd"}))
      ->option_text("NAME")
      ->group("Training");
  app.add_option("--learning-rate", o.learning_rate, "Step of the optimiser [adam: 0.001, sgd: 0.05]")
      ->option_text("RATE")
      ->check(CLI::PositiveNumber)
      ->group("Training");
  app.add_option("--momentum", t.momentum, "Of sgd, 0 to 0.9999")
      ->option_text("M [" + snnl::format_number(t.momentum) + "]")
      ->check(CLI::Range(0., 0.9999))
      ->group("Training");
  app.add_option("--weight-decay", t.weight_decay, "Adds this x the parameters to their gradient")
      ->option_text("D [0]")
      ->check(CLI::NonNegativeNumber)
      ->group("Training");
  app.add_option("--seed", t.seed, "Of parameters, split and order")
      ->option_text("N [0]")
      ->check(CLI::NonNegativeNumber)
      ->group("Training");
  tool::add_threads(app, t.threads, "Training", "the last bits depend on their number");
}

void declare_output(CLI::App& app, Options& o) {
  tool::add_output(app, "--checkpoint", o.checkpoint, "Write the state of the run after each epoch");
  app.add_flag("--resume", o.resume,
               "Go on from --checkpoint where it exists; the result is that of an undisturbed run")
      ->needs(app.get_option("--checkpoint"))
      ->group("Output");
  app.add_option("--dump", o.recorder.file, "Record activations as a dump (HDF5)")
      ->option_text("FILE")
      ->check(tool::not_empty())
      ->group("Output");
  const auto dump_option = [&](const std::string& option, auto& value, const std::string& what) {
    return app.add_option(option, value, what)->needs(app.get_option("--dump"))->group("Output");
  };
  dump_option("--dump-epochs", o.dump_epochs, "Epochs to record: '0,10', '::5'; 0 is before training [all]")
      ->option_text("LIST");
  dump_option("--dump-samples", o.dump_samples, "Images to record, the same for every seed")
      ->option_text("N [" + std::to_string(o.dump_samples) + "]")
      ->check(CLI::Range(2, 100000000));
  dump_option("--dump-split", o.dump_split, "Where they come from: test, validation or train [" + o.dump_split + "]")
      ->option_text("SPLIT")
      ->check(CLI::IsMember({"test", "validation", "train"}));
  dump_option("--dump-data", o.dump_data, "Record images of another folder instead, its t10k-*")
      ->option_text("FOLDER")
      ->check(tool::not_empty())
      ->excludes(app.get_option("--dump-split"));
  dump_option("--dump-layers", o.dump_layers, "Layers to record, by glob; repeatable [all]")
      ->allow_extra_args(false)
      ->option_text("GLOB");
  dump_option("--dump-type", o.dump_type, "float16 or float32 [" + o.dump_type + "]")
      ->option_text("TYPE")
      ->check(CLI::IsMember({"float16", "float32"}));
  app.add_flag("--dump-pool", o.recorder.pool, "Record the means of maps over their positions")
      ->needs(app.get_option("--dump"))
      ->group("Output");
  tool::add_output(app, "--json", o.json, "Write all metrics as snnl.training/1, anew after each epoch");
  tool::add_output(app, "--csv", o.csv, "Write a row of metrics for each epoch");
  app.add_flag("--overwrite", o.overwrite, "Replace a checkpoint or dump that exists")
      ->excludes(app.get_option("--resume"))
      ->group("Output");
  app.add_flag("-q,--quiet", o.quiet, "No table, no progress bar")->group("Output");
  tool::add_version(app, std::string("\nlibtorch: ") + TORCH_VERSION);
  app.footer(
      "Example: entangle the hidden layers of a small network and see how they evolve\n"
      "  snnl-train --architecture mlp --weight -0.1 --epochs 5 --dump run.h5 && snnl-analyze run.h5\n\n"
      "Exit status: 0 trained, 1 the loss diverged (files hold the epochs before), 2 usage or input error.");
}

/// The layers that match a glob, in forward order. Throws where a glob matches none.
std::vector<std::string> select_layers(const std::string& option, const std::vector<std::string>& globs,
                                       const std::vector<std::string>& layers) {
  return snnl::select_names(globs, layers, [&](const std::string& glob) {
    std::string all;
    for (const std::string& layer : layers) all += (all.empty() ? "" : ", ") + layer;
    throw snnl::Error(option, "'" + glob + "' matches no layer; there are " + all + snnl::did_you_mean(glob, layers));
  });
}

std::vector<std::int64_t> select_dump_epochs(const Options& o) {
  std::vector<std::int64_t> all(static_cast<std::size_t>(o.epochs) + 1);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::int64_t>(i);
  try {
    return snnl::dump::EpochSelection(o.dump_epochs).select(all);
  } catch (const snnl::Error& e) {
    throw snnl::Error("--dump-epochs", e.what());
  }
}

/// Checks and completes what does not need the data. Throws snnl::Error naming the option.
void validate(Options& o, bool layers_given) {
  train::TrainingOptions& t = o.training;
  using train::TemperaturePolicy;
  if (o.temperature == "learned" || o.temperature == "optimal") {
    t.policy = o.temperature == "learned" ? TemperaturePolicy::learned : TemperaturePolicy::optimal;
  } else {
    t.policy = TemperaturePolicy::fixed;
    if (!CLI::detail::lexical_cast(o.temperature, t.temperature) || !(t.temperature > 0) ||
        !std::isfinite(t.temperature)) {
      throw snnl::Error("--temperature", "'" + o.temperature + "' is not 'optimal', 'learned' or a number > 0");
    }
  }
  if (!std::isfinite(t.weight)) throw snnl::Error("--weight", "is not a finite number");
  if (layers_given && t.weight == 0) throw snnl::Error("--layers", "are named, but --weight is 0; give a weight");
  t.learning_rate = o.learning_rate > 0 ? o.learning_rate : t.optimizer == "sgd" ? 0.05 : 0.001;
  for (const auto& [option, value] :
       {std::pair{"--learning-rate", t.learning_rate}, std::pair{"--temperature-rate", t.temperature_rate},
        std::pair{"--weight-decay", t.weight_decay}}) {
    if (!std::isfinite(value)) throw snnl::Error(option, "is not a finite number");
  }
  if (t.threads == 0) t.threads = std::max(1U, std::thread::hardware_concurrency());
  o.data.seed = t.seed;
  o.recorder.type = o.dump_type == "float32" ? snnl::dump::StoredType::single : snnl::dump::StoredType::half;

  // Layer names do not depend on the data.
  const std::vector<std::string> layers = train::make_network(t.architecture, {})->layers();
  if (t.weight != 0) {
    t.entangled = select_layers("--layers", o.layers, layers);
    if (!layers_given) t.entangled.pop_back();  // the logits
  }
  if (!o.recorder.file.empty()) o.recorder.layers = select_layers("--dump-layers", o.dump_layers, layers);
  if (o.dump_split == "validation" && o.data.validation == 0) {
    throw snnl::Error("--dump-split", "there is no validation split with --validation 0");
  }
  std::vector<std::string> inputs = train::input_files(o.data.folder);
  if (!o.dump_data.empty()) {
    for (std::string& file : train::input_files(o.dump_data)) inputs.push_back(std::move(file));
  }
  tool::check_outputs(
      {{"--checkpoint", o.checkpoint}, {"--dump", o.recorder.file}, {"--json", o.json}, {"--csv", o.csv}}, inputs);
  for (const auto& [option, file] : {std::pair{"--json", o.json}, std::pair{"--csv", o.csv}}) {
    if (file == "-") throw snnl::Error(option, "is written after each epoch, and cannot go to stdout; name a file");
  }
  for (const std::string& file : {o.checkpoint, o.recorder.file, o.json, o.csv}) {
    if (!file.empty()) snnl::OutputFile probe(file);  // says now what would cost an epoch
  }
  for (const auto& [option, file] : {std::pair{"--checkpoint", o.checkpoint}, std::pair{"--dump", o.recorder.file}}) {
    if (file.empty() || o.resume || o.overwrite || !snnl::file_exists(file)) continue;
    throw snnl::Error(file, std::string("exists; ") + (o.checkpoint.empty() ? "" : "--resume goes on from it, ") +
                                "--overwrite replaces it");
  }
}

const train::LabelledImages& split_of(const train::ImageData& data, const std::string& split) {
  return split == "train" ? data.train : split == "validation" ? data.validation : data.test;
}

/// The table on stdout, a line as each epoch ends.
class Table {
 public:
  explicit Table(bool wanted, bool entangled) : wanted_(wanted), entangled_(entangled) {}
  void header() const {
    if (!wanted_) return;
    std::cout << "  epoch      loss  train acc.  valid. acc.  test acc.  test ECE" << (entangled_ ? "      snnl" : "")
              << "    time\n";
  }
  void row(const train::EpochMetrics& m, const std::string& time) const {
    if (!wanted_) return;
    const auto percent = [](double share) { return snnl::format_short(100 * share, 3) + " %"; };
    std::string line = cell(std::to_string(m.epoch), 7) +
                       cell(m.training ? snnl::format_short(m.training->loss) : "-", 10) +
                       cell(m.training ? percent(m.training->accuracy) : "-", 12) +
                       cell(m.validation ? percent(m.validation->accuracy) : "-", 13) +
                       cell(percent(m.test.accuracy), 11) + cell(percent(m.test.expected_calibration_error), 10);
    if (entangled_) {
      double sum = 0;
      if (m.training) {
        for (const double value : m.training->entanglement) sum += value;
      }
      line += cell(m.training ? snnl::format_short(sum) : "-", 10);
    }
    std::cout << line << cell(time, 8) << '\n' << std::flush;
    if (!std::cout) throw snnl::Error("stdout", "could not be written");
  }

 private:
  static std::string cell(const std::string& text, std::size_t width) {
    return std::string(text.size() < width ? width - text.size() : 1, ' ') + text;
  }
  bool wanted_, entangled_;
};

void write_metrics(const Options& o, const train::TrainingRecord& record) {
  if (!o.json.empty()) {
    snnl::OutputFile json(o.json);
    json.stream() << train::to_json(record).dump(2) << '\n';
    json.commit();
  }
  if (!o.csv.empty()) {
    snnl::OutputFile csv(o.csv);
    csv.stream() << train::to_csv(record);
    csv.commit();
  }
}

nlohmann::ordered_json describe(const train::ImageData& data, const Options& o) {
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
std::string run_of(const train::TrainingRecord& record) {
  snnl::Digest digest;
  digest.add(record.options.dump());
  digest.add(record.data.dump());
  return digest.text();
}

/// Keeps memory of activations for the next batch: what glibc does otherwise costs a tenth of the time in page faults.
void keep_memory() {
#ifdef __GLIBC__
  ::mallopt(M_MMAP_THRESHOLD, 32 * 1024 * 1024);  // the largest that it takes
  ::mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
#endif
}

int run(Options& o) {
  using train::EpochMetrics;
  const train::ImageData data = train::read_image_data(o.data);
  train::Trainer trainer(o.training, data.shape);
  train::TrainingRecord record;
  record.options = train::to_json(o.training);
  record.data = describe(data, o);
  record.entangled = o.training.entangled;
  bool resumed = false;
  if (o.resume && snnl::file_exists(o.checkpoint)) {
    record.epochs = train::load_checkpoint(o.checkpoint, trainer, record);
    resumed = true;
    if (record.epochs.back().epoch > o.epochs) {
      throw snnl::Error("--epochs", std::to_string(o.epochs) + " are fewer than the " +
                                        std::to_string(record.epochs.back().epoch) + " that " + o.checkpoint +
                                        " has done");
    }
  }
  std::optional<train::Recorder> recorder;
  std::vector<std::int64_t> dump_epochs;
  bool is_new_dump = false;
  if (!o.recorder.file.empty()) {
    dump_epochs = select_dump_epochs(o);
    is_new_dump = !snnl::file_exists(o.recorder.file);
    // A dump without its checkpoint can only be that of this run, stopped before its first epoch ended.
    using snnl::dump::Existing;
    o.recorder.existing = resumed ? Existing::continued : o.overwrite ? Existing::replaced : Existing::restarted;
    o.recorder.run = run_of(record);
    std::vector<std::string> names = data.class_names;
    const train::LabelledImages from =
        o.dump_data.empty() ? split_of(data, o.dump_split) : train::read_other_images(o.dump_data, data.shape, names);
    try {
      recorder.emplace(o.recorder, train::draw_samples(from, o.dump_samples), names, o.training.architecture);
    } catch (const snnl::Error& e) {
      if (resumed || !o.resume) throw;
      throw snnl::Error(std::string(e.what()) + " (there is no " + o.checkpoint + " to resume from)");
    }
  }

  const Table table(!o.quiet, !o.training.entangled.empty());
  table.header();
  for (const EpochMetrics& m : record.epochs) table.row(m, "-");
  const std::int64_t first = resumed ? record.epochs.back().epoch + 1 : 0;
  const auto start = std::chrono::steady_clock::now();
  tool::Progress progress(!o.quiet);
  if (resumed) write_metrics(o, record);  // may be behind the checkpoint
  const auto is_selected = [&](std::int64_t epoch) {
    return std::find(dump_epochs.begin(), dump_epochs.end(), epoch) != dump_epochs.end();
  };
  // A new dump of a run that is resumed begins with what the checkpoint holds.
  if (recorder && resumed && is_new_dump && is_selected(first - 1)) recorder->record(trainer, first - 1);
  // What --overwrite replaces is kept until this run has trained an epoch.
  const bool keeps_checkpoint = o.overwrite && snnl::file_exists(o.checkpoint);
  bool has_checkpoint = resumed;
  int status = tool::ok;
  try {
    for (std::int64_t epoch = first; epoch <= o.epochs; ++epoch) {
      EpochMetrics m;
      m.epoch = epoch;
      const std::string what = "epoch " + std::to_string(epoch) + " of " + std::to_string(o.epochs);
      const double all = static_cast<double>(o.epochs - std::max<std::int64_t>(first, 1) + 1);
      const double before = static_cast<double>(epoch - std::max<std::int64_t>(first, 1));
      if (epoch > 0) {
        m.training = trainer.train_epoch(data.train, epoch, [&](double fraction, double loss) {
          progress.update((before + fraction) / all, what + ", loss " + snnl::format_short(loss));
        });
      }
      try {
        if (data.validation.count() > 0) m.validation = trainer.evaluate(data.validation);
        m.test = trainer.evaluate(data.test);
      } catch (const train::DivergenceError& e) {
        throw train::DivergenceError("epoch " + std::to_string(epoch) + ": " + e.what());
      }
      if (recorder && is_selected(epoch)) recorder->record(trainer, epoch);
      if (recorder && epoch > 0) recorder->publish();
      record.epochs.push_back(m);
      if (!o.checkpoint.empty() && (epoch > 0 || !keeps_checkpoint)) {
        train::save_checkpoint(o.checkpoint, trainer, record);
        has_checkpoint = true;
      }
      write_metrics(o, record);
      const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
      progress.clear();
      table.row(m, tool::format_duration(spent.count()));
    }
  } catch (const train::DivergenceError& e) {
    progress.clear();
    const std::int64_t epoch = record.epochs.empty() ? 0 : record.epochs.back().epoch + 1;
    record.divergence = train::Divergence{epoch, e.what()};
    write_metrics(o, record);
    std::string kept;
    if (has_checkpoint) {
      kept = "; " + o.checkpoint + " holds epoch " + std::to_string(epoch - 1);
    }
    tool::print_error(
        name, "training diverged: " + std::string(e.what()) + kept + "; try a smaller --weight or --learning-rate");
    status = tool::failed;
  }
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  return tool::run_main(name, [&] {
    Options options;
    CLI::App app(
        "Trains a classifier of images with soft nearest neighbour terms in its loss, and records its metrics and\n"
        "activations. The same options, data and number of threads give the same bytes\nof the dump, the JSON and the "
        "CSV.",
        name);
    declare_data(app, options);
    declare_loss(app, options);
    declare_training(app, options);
    declare_output(app, options);
    if (const auto status = tool::parse(app, argc, argv)) return *status;
    keep_memory();
    try {
      validate(options, app.count("--layers") > 0);
      snnl::need_threads(options.training.threads);  // libtorch would end the process
      return run(options);
    } catch (const c10::Error& e) {
      tool::print_error(name, std::string("libtorch: ") + e.what_without_backtrace());
    }
    return tool::unusable;
  });
}
