#pragma once

#include <torch/torch.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace train {

/// A classifier of grey images that tells the output of each of its layers.
class Network : public torch::nn::Module {
 public:
  /// Layers in forward order; the last one is "logits".
  virtual const std::vector<std::string>& layers() const = 0;
  /// `images` [n, 1, height, width] float. The outputs of all layers, in that order, after their activation function.
  virtual std::vector<torch::Tensor> forward(const torch::Tensor& images) = 0;
};

struct ImageShape {
  std::int64_t height = 28, width = 28, classes = 10;
};

/// "mlp", "cnn", "resnet"
const std::vector<std::string>& architectures();

/// mlp: dense layers of 256, 256. cnn: 3x3 convolutions of 32, 64, 64 channels, halved by pooling, and a dense layer
/// of 128. resnet: a 3x3 convolution of 16 channels, then three stages of a basic block (16, 32, 64; He et al. 2016)
/// and the mean of the maps. Parameters are drawn from torch's generator. Throws snnl::Error for other names, and for
/// images that are too small.
std::shared_ptr<Network> make_network(const std::string& architecture, const ImageShape& shape);

}  // namespace train
