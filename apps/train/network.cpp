#include "train/network.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "snnl/error.hpp"
#include "snnl/text/nearest_name.hpp"

namespace train {
namespace {

namespace nn = torch::nn;

nn::Conv2d convolution(std::int64_t in, std::int64_t out, std::int64_t stride, bool bias) {
  return nn::Conv2d(nn::Conv2dOptions(in, out, 3).stride(stride).padding(1).bias(bias));
}

class Mlp : public Network {
 public:
  explicit Mlp(const ImageShape& shape) {
    fc1_ = register_module("fc1", nn::Linear(shape.height * shape.width, 256));
    fc2_ = register_module("fc2", nn::Linear(256, 256));
    logits_ = register_module("logits", nn::Linear(256, shape.classes));
  }
  const std::vector<std::string>& layers() const override {
    static const std::vector<std::string> names{"fc1", "fc2", "logits"};
    return names;
  }
  std::vector<torch::Tensor> forward(const torch::Tensor& images) override {
    const torch::Tensor fc1 = torch::relu(fc1_(images.flatten(1)));
    const torch::Tensor fc2 = torch::relu(fc2_(fc1));
    return {fc1, fc2, logits_(fc2)};
  }

 private:
  nn::Linear fc1_{nullptr}, fc2_{nullptr}, logits_{nullptr};
};

class Cnn : public Network {
 public:
  explicit Cnn(const ImageShape& shape) {
    conv1_ = register_module("conv1", convolution(1, 32, 1, true));
    conv2_ = register_module("conv2", convolution(32, 64, 1, true));
    conv3_ = register_module("conv3", convolution(64, 64, 1, true));
    fc1_ = register_module("fc1", nn::Linear(64 * (shape.height / 8) * (shape.width / 8), 128));
    logits_ = register_module("logits", nn::Linear(128, shape.classes));
  }
  const std::vector<std::string>& layers() const override {
    static const std::vector<std::string> names{"conv1", "conv2", "conv3", "fc1", "logits"};
    return names;
  }
  std::vector<torch::Tensor> forward(const torch::Tensor& images) override {
    const torch::Tensor conv1 = torch::relu(conv1_(images));
    const torch::Tensor conv2 = torch::relu(conv2_(torch::max_pool2d(conv1, 2)));
    const torch::Tensor conv3 = torch::relu(conv3_(torch::max_pool2d(conv2, 2)));
    const torch::Tensor fc1 = torch::relu(fc1_(torch::max_pool2d(conv3, 2).flatten(1)));
    return {conv1, conv2, conv3, fc1, logits_(fc1)};
  }

 private:
  nn::Conv2d conv1_{nullptr}, conv2_{nullptr}, conv3_{nullptr};
  nn::Linear fc1_{nullptr}, logits_{nullptr};
};

/// Two convolutions with a short cut around them, which is a 1x1 convolution where the shape changes.
class BasicBlock : public nn::Module {
 public:
  BasicBlock(std::int64_t in, std::int64_t out, std::int64_t stride) {
    first_ = register_module("first", convolution(in, out, stride, false));
    first_norm_ = register_module("first_norm", nn::BatchNorm2d(out));
    second_ = register_module("second", convolution(out, out, 1, false));
    second_norm_ = register_module("second_norm", nn::BatchNorm2d(out));
    if (in == out && stride == 1) return;
    shortcut_ = register_module("shortcut", nn::Conv2d(nn::Conv2dOptions(in, out, 1).stride(stride).bias(false)));
    shortcut_norm_ = register_module("shortcut_norm", nn::BatchNorm2d(out));
  }
  torch::Tensor forward(const torch::Tensor& x) {
    const torch::Tensor y = second_norm_(second_(torch::relu(first_norm_(first_(x)))));
    return torch::relu(y + (shortcut_ ? shortcut_norm_(shortcut_(x)) : x));
  }

 private:
  nn::Conv2d first_{nullptr}, second_{nullptr}, shortcut_{nullptr};
  nn::BatchNorm2d first_norm_{nullptr}, second_norm_{nullptr}, shortcut_norm_{nullptr};
};

class ResNet : public Network {
 public:
  explicit ResNet(const ImageShape& shape) {
    stem_ = register_module("stem", convolution(1, 16, 1, false));
    norm_ = register_module("norm", nn::BatchNorm2d(16));
    stage1_ = register_module("stage1", std::make_shared<BasicBlock>(16, 16, 1));
    stage2_ = register_module("stage2", std::make_shared<BasicBlock>(16, 32, 2));
    stage3_ = register_module("stage3", std::make_shared<BasicBlock>(32, 64, 2));
    logits_ = register_module("logits", nn::Linear(64, shape.classes));
  }
  const std::vector<std::string>& layers() const override {
    static const std::vector<std::string> names{"stem", "stage1", "stage2", "stage3", "pool", "logits"};
    return names;
  }
  std::vector<torch::Tensor> forward(const torch::Tensor& images) override {
    const torch::Tensor stem = torch::relu(norm_(stem_(images)));
    const torch::Tensor stage1 = stage1_->forward(stem);
    const torch::Tensor stage2 = stage2_->forward(stage1);
    const torch::Tensor stage3 = stage3_->forward(stage2);
    const torch::Tensor pool = stage3.mean({2, 3});
    return {stem, stage1, stage2, stage3, pool, logits_(pool)};
  }

 private:
  nn::Conv2d stem_{nullptr};
  nn::BatchNorm2d norm_{nullptr};
  std::shared_ptr<BasicBlock> stage1_, stage2_, stage3_;
  nn::Linear logits_{nullptr};
};

}  // namespace

const std::vector<std::string>& architectures() {
  static const std::vector<std::string> names{"mlp", "cnn", "resnet"};
  return names;
}

std::shared_ptr<Network> make_network(const std::string& architecture, const ImageShape& shape) {
  if (shape.height < 8 || shape.width < 8) {
    throw snnl::Error("", fmt::format("images of {} x {} are too small", shape.height, shape.width),
                      "8 x 8 is the least");
  }
  if (architecture == "mlp") return std::make_shared<Mlp>(shape);
  if (architecture == "cnn") return std::make_shared<Cnn>(shape);
  if (architecture == "resnet") return std::make_shared<ResNet>(shape);
  throw snnl::Error("architecture", fmt::format("'{}' is none of mlp, cnn, resnet{}", architecture,
                                                snnl::text::did_you_mean(architecture, architectures())));
}

}  // namespace train
