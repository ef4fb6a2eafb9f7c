#pragma once

#include <torch/torch.h>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "train/image_data.hpp"
#include "train/metrics.hpp"
#include "train/network.hpp"
#include "train/options.hpp"

namespace train {

/// The loss left the numbers that training can go on from; says where and with what value.
class DivergenceError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A network in training. Everything it does depends on its options and the data alone, to the last bit.
class Trainer {
 public:
  /// Draws the parameters. Throws snnl::Error as make_network does.
  Trainer(const TrainingOptions& options, const ImageShape& shape);

  const std::vector<std::string>& layers() const { return network_->layers(); }

  /// One pass over the training images in the order of `epoch` (from 1). `progress` is told the fraction done and the
  /// loss of the batch. Throws DivergenceError.
  TrainingScores train_epoch(const LabelledImages& images, std::int64_t epoch,
                             const std::function<void(double fraction, double loss)>& progress);

  /// In evaluation mode. Throws DivergenceError where a logit is NaN.
  Scores evaluate(const LabelledImages& images);
  /// The outputs of all layers, [n, ...] each, and the predicted classes, in evaluation mode.
  struct Outputs {
    std::vector<torch::Tensor> layers;
    std::vector<std::int64_t> predictions;
  };
  Outputs outputs(const LabelledImages& images);

  /// Parameters, buffers and the state of the optimisers; all that is needed to go on.
  void save(torch::serialize::OutputArchive& archive) const;
  void load(torch::serialize::InputArchive& archive);

 private:
  /// The outputs of the layers from `first` on, [n, ...] each, in evaluation mode.
  std::vector<torch::Tensor> forward(const LabelledImages& images, std::size_t first);
  torch::Tensor term(std::size_t i, const torch::Tensor& activations, const torch::Tensor& labels);
  void make_temperature_optimizer();

  TrainingOptions options_;
  std::int64_t classes_;
  std::shared_ptr<Network> network_;
  std::unique_ptr<torch::optim::Optimizer> optimizer_, temperature_optimizer_;
  std::vector<std::size_t> entangled_;  // positions among the layers
  // [entangled] log(1/T), scalars in double; NaN before the first batch
  std::vector<torch::Tensor> log_inverse_temperature_;
};

}  // namespace train
