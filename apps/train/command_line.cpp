// libtorch's headers come first: they define macros that others then replace.
#include "train/network.hpp"
//
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <thread>
#include <utility>

#include "common/common_options.hpp"
#include "common/numbers.hpp"
#include "common/output.hpp"
#include "common/tool.hpp"
#include "snnl/error.hpp"
#include "snnl/files/file_exists.hpp"
#include "snnl/text/glob.hpp"
#include "snnl/text/nearest_name.hpp"
#include "snnl/text/number.hpp"
#include "train/command_line.hpp"

namespace train {
namespace {

void declare_data(CLI::App& app, CommandLine& o) {
  app.add_option("--data", o.data.folder, "Folder of train-* and t10k-* in IDX form, .gz or not")
      ->option_text(fmt::format("FOLDER [{}]", o.data.folder))
      ->check(tool::not_empty())
      ->group("Data");
  app.add_option("--validation", o.data.validation, "Share of the training images that is held out, 0 to 0.9")
      ->option_text(fmt::format("SHARE [{}]", snnl::text::format_number(o.data.validation)))
      ->check(tool::between(0, .9))
      ->group("Data");
  app.add_option("--train-samples", o.data.train_samples,
                 "Train on this many of the others only, drawn at random [all]")
      ->option_text("N")
      ->check(tool::whole_number(1))
      ->group("Data");
}

void declare_loss(CLI::App& app, CommandLine& o) {
  TrainingOptions& t = o.training;
  app.add_option("--architecture", t.architecture, fmt::format("mlp, cnn or resnet [{}]", t.architecture))
      ->check(CLI::IsMember(architectures()))
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
                 fmt::format("optimal: the one that minimises the loss of the batch; learned: goes down the loss step "
                             "by step; or a number > 0, in units of the distance [{}]",
                             o.temperature))
      ->option_text("T")
      ->group("Network and loss");
  app.add_option("--temperature-rate", t.temperature_rate, "Learning rate of log(1/T), where it is learned")
      ->option_text(fmt::format("RATE [{}]", snnl::text::format_number(t.temperature_rate)))
      ->check(tool::positive())
      ->group("Network and loss");
  tool::add_distance(app, t.distance, "Network and loss");
}

void declare_training(CLI::App& app, CommandLine& o) {
  TrainingOptions& t = o.training;
  app.add_option("--epochs", o.epochs, "Passes over the training images")
      ->option_text(fmt::format("N [{}]", o.epochs))
      ->check(tool::whole_number(1, 1000000))
      ->group("Training");
  app.add_option("--batch", t.batch, "Images in a batch")
      ->option_text(fmt::format("N [{}]", t.batch))
      ->check(tool::whole_number(2, 65536))
      ->group("Training");
  app.add_option("--optimizer", t.optimizer, fmt::format("adam or sgd [{}]", t.optimizer))
      ->check(CLI::IsMember({"adam", "sgd"}))
      ->option_text("NAME")
      ->group("Training");
  app.add_option("--learning-rate", o.learning_rate, "Step of the optimiser [adam: 0.001, sgd: 0.05]")
      ->option_text("RATE")
      ->check(tool::positive())
      ->group("Training");
  app.add_option("--momentum", t.momentum, "Of sgd, 0 to 0.9999")
      ->option_text(fmt::format("M [{}]", snnl::text::format_number(t.momentum)))
      ->check(tool::between(0, .9999))
      ->group("Training");
  app.add_option("--weight-decay", t.weight_decay, "Adds this x the parameters to their gradient")
      ->option_text("D [0]")
      ->check(tool::not_negative())
      ->group("Training");
  app.add_option("--seed", t.seed, "Of parameters, split and order")
      ->option_text("N [0]")
      ->check(tool::whole_number(0))
      ->group("Training");
  tool::add_threads(app, t.threads, "Training", "the last bits depend on their number");
}

void declare_output(CLI::App& app, CommandLine& o) {
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
      ->option_text(fmt::format("N [{}]", o.dump_samples))
      ->check(tool::whole_number(2, 100000000));
  dump_option("--dump-split", o.dump_split,
              fmt::format("Where they come from: test, validation or train [{}]", o.dump_split))
      ->option_text("SPLIT")
      ->check(CLI::IsMember({"test", "validation", "train"}));
  dump_option("--dump-data", o.dump_data, "Record images of another folder instead, its t10k-*")
      ->option_text("FOLDER")
      ->check(tool::not_empty())
      ->excludes(app.get_option("--dump-split"));
  dump_option("--dump-layers", o.dump_layers, "Layers to record, by glob; repeatable [all]")
      ->allow_extra_args(false)
      ->option_text("GLOB");
  dump_option("--dump-type", o.dump_type, fmt::format("float16 or float32 [{}]", o.dump_type))
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
  return snnl::text::select_listed(globs, layers, [&](const std::string& glob) {
    std::string all;
    for (const std::string& layer : layers) all += (all.empty() ? "" : ", ") + layer;
    throw snnl::Error(option, fmt::format("'{}' matches no layer", glob),
                      fmt::format("there are {}{}", all, snnl::text::did_you_mean(glob, layers)));
  });
}

}  // namespace

void declare(CLI::App& app, CommandLine& o) {
  declare_data(app, o);
  declare_loss(app, o);
  declare_training(app, o);
  declare_output(app, o);
}

void validate(CommandLine& o, bool layers_given) {
  TrainingOptions& t = o.training;
  if (o.temperature == "learned" || o.temperature == "optimal") {
    t.policy = o.temperature == "learned" ? TemperaturePolicy::learned : TemperaturePolicy::optimal;
  } else {
    t.policy = TemperaturePolicy::fixed;
    if (!CLI::detail::lexical_cast(o.temperature, t.temperature) || !(t.temperature > 0) ||
        !std::isfinite(t.temperature)) {
      throw snnl::Error("--temperature",
                        fmt::format("'{}' is not 'optimal', 'learned' or a number > 0", o.temperature));
    }
  }
  if (!std::isfinite(t.weight)) throw snnl::Error("--weight", "is not a finite number");
  if (layers_given && t.weight == 0) throw snnl::Error("--layers", "are named, but --weight is 0", "give a weight");
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
  const std::vector<std::string> layers = make_network(t.architecture, {})->layers();
  if (t.weight != 0) {
    t.entangled = select_layers("--layers", o.layers, layers);
    if (!layers_given) t.entangled.pop_back();  // the logits
  }
  if (!o.recorder.file.empty()) o.recorder.layers = select_layers("--dump-layers", o.dump_layers, layers);
  if (o.dump_split == "validation" && o.data.validation == 0) {
    throw snnl::Error("--dump-split", "there is no validation split with --validation 0");
  }
  std::vector<std::string> inputs = input_files(o.data.folder);
  if (!o.dump_data.empty()) {
    for (std::string& file : input_files(o.dump_data)) inputs.push_back(std::move(file));
  }
  tool::check_outputs(
      {{"--checkpoint", o.checkpoint}, {"--dump", o.recorder.file}, {"--json", o.json}, {"--csv", o.csv}}, inputs);
  for (const auto& [option, file] : {std::pair{"--json", o.json}, std::pair{"--csv", o.csv}}) {
    if (file == "-") throw snnl::Error(option, "is written after each epoch, and cannot go to stdout", "name a file");
  }
  for (const std::string& file : {o.checkpoint, o.recorder.file, o.json, o.csv}) {
    if (!file.empty()) snnl::files::OutputFile probe(file);  // says now what would cost an epoch
  }
  for (const auto& [option, file] : {std::pair{"--checkpoint", o.checkpoint}, std::pair{"--dump", o.recorder.file}}) {
    if (file.empty() || o.resume || o.overwrite || !snnl::files::file_exists(file)) continue;
    throw snnl::Error(file, fmt::format("exists; {}--overwrite replaces it",
                                        o.checkpoint.empty() ? "" : "--resume goes on from it, "));
  }
}

}  // namespace train
