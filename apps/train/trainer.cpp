#include "train/trainer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "snnl/entanglement.hpp"
#include "snnl/metrics.hpp"
#include "snnl/text/number.hpp"
#include "train/labels.hpp"
#include "train/snnl_term.hpp"

namespace train {
namespace {

constexpr std::int64_t evaluation_batch = 128;

/// A cross-entropy this many times that of guessing is not on its way down.
constexpr double divergence_factor = 100;

/// T that minimises the loss of the batch, or `otherwise` where no T does: a batch without two of a class, of equal
/// samples, of one class.
double optimal_temperature(const torch::Tensor& activations, const torch::Tensor& labels,
                           const TrainingOptions& options, double otherwise) {
  const torch::Tensor flat = activations.detach().flatten(1).contiguous();
  const auto n = static_cast<std::size_t>(flat.size(0)), d = static_cast<std::size_t>(flat.size(1));
  if (!torch::isfinite(flat).all().item<bool>()) return otherwise;  // the term says which row
  auto x = xt::xtensor<float, 2>::from_shape({n, d});
  std::copy_n(flat.data_ptr<float>(), n * d, x.data());
  const std::vector<std::int64_t> y = to_vector(labels);
  snnl::EntanglementOptions search;
  search.distance = options.distance;
  search.threads = options.threads;
  try {
    const double temperature = snnl::entanglement(x, y, search).temperature;
    return temperature > 0 && std::isfinite(temperature) ? temperature : otherwise;
  } catch (const snnl::Error&) {
    return otherwise;
  }
}

}  // namespace

Trainer::Trainer(const TrainingOptions& options, const ImageShape& shape) : options_(options), classes_(shape.classes) {
  torch::set_num_threads(static_cast<int>(options.threads));
  at::globalContext().setDeterministicAlgorithms(true, false);
  torch::manual_seed(options.seed);
  network_ = make_network(options.architecture, shape);
  const auto& names = network_->layers();
  const double start = options.policy == TemperaturePolicy::fixed ? -std::log(options.temperature)
                                                                  : std::numeric_limits<double>::quiet_NaN();
  for (const std::string& layer : options.entangled) {
    entangled_.push_back(static_cast<std::size_t>(std::find(names.begin(), names.end(), layer) - names.begin()));
    log_inverse_temperature_.push_back(
        torch::tensor(start, torch::dtype(torch::kDouble).requires_grad(options.policy == TemperaturePolicy::learned)));
  }
  if (options.optimizer == "sgd") {
    optimizer_ = std::make_unique<torch::optim::SGD>(
        network_->parameters(),
        torch::optim::SGDOptions(options.learning_rate).momentum(options.momentum).weight_decay(options.weight_decay));
  } else {
    optimizer_ = std::make_unique<torch::optim::Adam>(
        network_->parameters(), torch::optim::AdamOptions(options.learning_rate).weight_decay(options.weight_decay));
  }
  make_temperature_optimizer();
}

void Trainer::make_temperature_optimizer() {
  if (options_.policy != TemperaturePolicy::learned || entangled_.empty()) return;
  temperature_optimizer_ = std::make_unique<torch::optim::Adam>(log_inverse_temperature_,
                                                                torch::optim::AdamOptions(options_.temperature_rate));
}

torch::Tensor Trainer::term(std::size_t i, const torch::Tensor& activations, const torch::Tensor& labels) {
  torch::Tensor& log_inverse = log_inverse_temperature_[i];
  const double last = log_inverse.item<double>();
  const bool first = std::isnan(last);
  if (options_.policy == TemperaturePolicy::optimal || (options_.policy == TemperaturePolicy::learned && first)) {
    // Where no temperature is best, the last one stays.
    const double t = optimal_temperature(activations, labels, options_, first ? 1 : std::exp(-last));
    const torch::NoGradGuard no_gradient;
    log_inverse.fill_(-std::log(t));
  }
  return snnl_loss(activations, labels, log_inverse, options_.distance, options_.threads);
}

TrainingScores Trainer::train_epoch(const LabelledImages& images, std::int64_t epoch,
                                    const std::function<void(double, double)>& progress) {
  network_->train();
  const LabelledImages ordered = images.at(shuffled(images.count(), options_.seed, static_cast<std::uint64_t>(epoch)));
  const std::int64_t count = ordered.count();
  // A batch of one would break batch normalisation and has no neighbours: it joins the one before.
  const auto size = std::min<std::int64_t>(static_cast<std::int64_t>(options_.batch), count);
  TrainingScores sums;
  sums.entanglement.assign(entangled_.size(), 0);
  sums.temperature.assign(entangled_.size(), 0);
  std::int64_t batches = 0;
  for (std::int64_t begin = 0; begin < count;) {
    std::int64_t end = std::min(count, begin + size);
    if (count - end == 1) end = count;
    const torch::Tensor labels = ordered.labels.slice(0, begin, end);
    const auto fail = [&](const std::string& what) {
      throw DivergenceError(fmt::format("epoch {}, batch {}: {}", epoch, batches + 1, what));
    };
    optimizer_->zero_grad();
    if (temperature_optimizer_) temperature_optimizer_->zero_grad();
    const std::vector<torch::Tensor> outputs = network_->forward(ordered.input(begin, end));
    const torch::Tensor cross_entropy = torch::nn::functional::cross_entropy(outputs.back(), labels);
    torch::Tensor loss = cross_entropy;
    std::vector<double> terms;
    try {
      for (std::size_t i = 0; i < entangled_.size(); ++i) {
        const torch::Tensor value = term(i, outputs[entangled_[i]], labels);
        terms.push_back(value.item<double>());
        loss = loss + options_.weight * value;
      }
    } catch (const snnl::Error& e) {
      fail(fmt::format("layer '{}': {}", options_.entangled[terms.size()], e.what()));
    }
    const double total = loss.item<double>();
    if (!std::isfinite(total)) {
      fail(fmt::format("the loss is {}, of it cross-entropy {}", snnl::text::format_short(total),
                       snnl::text::format_short(cross_entropy.item<double>())));
    }
    loss.backward();
    optimizer_->step();
    if (temperature_optimizer_) {
      // The temperature goes down the layer's loss whatever the weight, which may be negative.
      for (torch::Tensor& t : log_inverse_temperature_) t.mutable_grad().div_(options_.weight);
      temperature_optimizer_->step();
    }
    const auto rows = static_cast<double>(end - begin);
    sums.loss += total * rows;
    sums.cross_entropy += cross_entropy.item<double>() * rows;
    sums.accuracy += static_cast<double>((outputs.back().argmax(1) == labels).sum().item<std::int64_t>());
    for (std::size_t i = 0; i < terms.size(); ++i) {
      sums.entanglement[i] += terms[i] * rows;
      sums.temperature[i] += std::exp(-log_inverse_temperature_[i].item<double>()) * rows;
    }
    begin = end;
    ++batches;
    progress(static_cast<double>(begin) / static_cast<double>(count), total);
  }
  for (double* sum : {&sums.loss, &sums.cross_entropy, &sums.accuracy}) *sum /= static_cast<double>(count);
  for (auto* values : {&sums.entanglement, &sums.temperature}) {
    for (double& value : *values) value /= static_cast<double>(count);
  }
  const double guessing = std::log(static_cast<double>(classes_));
  if (sums.cross_entropy > divergence_factor * guessing) {
    throw DivergenceError(fmt::format("epoch {}: the cross-entropy is {}, that of guessing {}", epoch,
                                      snnl::text::format_short(sums.cross_entropy),
                                      snnl::text::format_short(guessing)));
  }
  return sums;
}

std::vector<torch::Tensor> Trainer::forward(const LabelledImages& images, std::size_t first) {
  const torch::NoGradGuard no_gradient;
  network_->eval();
  std::vector<std::vector<torch::Tensor>> parts(layers().size() - first);
  for (std::int64_t begin = 0; begin < images.count(); begin += evaluation_batch) {
    const auto out = network_->forward(images.input(begin, std::min(images.count(), begin + evaluation_batch)));
    for (std::size_t i = 0; i < parts.size(); ++i) parts[i].push_back(out[first + i]);
  }
  std::vector<torch::Tensor> outputs;
  for (const auto& part : parts) outputs.push_back(torch::cat(part).contiguous());
  return outputs;
}

Trainer::Outputs Trainer::outputs(const LabelledImages& images) {
  Outputs outputs{forward(images, 0), {}};
  outputs.predictions = to_vector(outputs.layers.back().argmax(1));
  return outputs;
}

Scores Trainer::evaluate(const LabelledImages& images) {
  const torch::Tensor logits = forward(images, layers().size() - 1).front();
  if (!torch::isfinite(logits).all().item<bool>()) throw DivergenceError("the logits hold NaN or Inf");
  const std::vector<std::int64_t> labels = to_vector(images.labels);
  const auto scores = snnl::metrics::classifier_scores(
      {logits.data_ptr<float>(), static_cast<std::size_t>(logits.size(0)), static_cast<std::size_t>(logits.size(1))},
      labels);
  const auto calibration = snnl::metrics::calibration(scores.confidence, scores.correct);
  return {scores.accuracy, scores.cross_entropy, calibration.expected_error, calibration.maximum_error};
}

void Trainer::save(torch::serialize::OutputArchive& archive) const {
  torch::serialize::OutputArchive network, optimizer, temperatures;
  network_->save(network);
  archive.write("network", network);
  optimizer_->save(optimizer);
  archive.write("optimizer", optimizer);
  for (std::size_t i = 0; i < log_inverse_temperature_.size(); ++i) {
    archive.write("log_inverse_temperature_" + std::to_string(i), log_inverse_temperature_[i].detach());
  }
  if (!temperature_optimizer_) return;
  temperature_optimizer_->save(temperatures);
  archive.write("temperature_optimizer", temperatures);
}

void Trainer::load(torch::serialize::InputArchive& archive) {
  torch::serialize::InputArchive network, optimizer, temperatures;
  archive.read("network", network);
  network_->load(network);
  archive.read("optimizer", optimizer);
  optimizer_->load(optimizer);
  const torch::NoGradGuard no_gradient;
  for (std::size_t i = 0; i < log_inverse_temperature_.size(); ++i) {
    torch::Tensor value;
    archive.read("log_inverse_temperature_" + std::to_string(i), value);
    log_inverse_temperature_[i].copy_(value);
  }
  if (!temperature_optimizer_) return;
  archive.read("temperature_optimizer", temperatures);
  temperature_optimizer_->load(temperatures);
}

}  // namespace train
