#include "train/recorder.hpp"

#include <algorithm>

#include "train/labels.hpp"

namespace train {
namespace {

snnl::dump::DumpDescription describe(const RecorderOptions& options, const LabelledImages& samples,
                                     const std::vector<std::string>& class_names, const std::string& model) {
  snnl::dump::DumpDescription out;
  out.labels = to_vector(samples.labels);
  out.class_names = class_names;
  out.sample_ids = samples.ids;
  out.layer_names = options.layers;
  out.model = model;
  out.run = options.run;
  return out;
}

}  // namespace

LabelledImages draw_samples(const LabelledImages& images, std::size_t count) {
  std::vector<std::int64_t> chosen = shuffled(images.count(), 0, 0);
  chosen.resize(std::min(chosen.size(), count));
  std::sort(chosen.begin(), chosen.end(), [&](std::int64_t a, std::int64_t b) {
    return images.ids[static_cast<std::size_t>(a)] < images.ids[static_cast<std::size_t>(b)];
  });
  return images.at(chosen);
}

Recorder::Recorder(const RecorderOptions& options, LabelledImages samples, const std::vector<std::string>& class_names,
                   const std::string& model)
    : options_(options),
      samples_(std::move(samples)),
      writer_(options.file, describe(options, samples_, class_names, model), options.type, options.existing) {}

void Recorder::record(Trainer& trainer, std::int64_t epoch) const {
  Trainer::Outputs outputs = trainer.outputs(samples_);
  std::vector<snnl::dump::RecordedLayer> layers;
  for (std::size_t i = 0; i < outputs.layers.size(); ++i) {
    const std::string& name = trainer.layers()[i];
    if (std::find(options_.layers.begin(), options_.layers.end(), name) == options_.layers.end()) continue;
    torch::Tensor& values = outputs.layers[i];
    if (options_.pool && values.dim() == 4) values = values.mean({2, 3}).contiguous();
    layers.push_back({name, {values.sizes().begin(), values.sizes().end()}, values.data_ptr<float>()});
  }
  writer_.write_epoch(epoch, layers, outputs.predictions, true);
}

}  // namespace train
