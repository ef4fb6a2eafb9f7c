// What needs libtorch: the term in the loss, the networks, and checkpoints.

#include "train/checkpoint.hpp"
#include "train/network.hpp"
#include "train/snnl_term.hpp"

// Both libtorch and doctest have macros of these names; it is doctest's that are meant here.
#undef CHECK
#undef CHECK_EQ
#undef CHECK_NE
#undef CHECK_LT
#undef CHECK_LE
#undef CHECK_GT
#undef CHECK_GE
#include <doctest/doctest.h>

#include <cmath>

#include "snnl/error.hpp"
#include "support/data.hpp"
#include "support/definition.hpp"
#include "support/scratch.hpp"

using snnl::Distance;

namespace {

struct Batch {
  data::Samples samples;
  torch::Tensor x, y;
};

Batch batch(std::size_t n, std::size_t d) {
  Batch b{data::clusters(n, d, 3, .5, 4), {}, {}};
  b.x = torch::from_blob(b.samples.x.data(), {static_cast<int64_t>(n), static_cast<int64_t>(d)}).clone();
  b.x.requires_grad_();
  b.y = torch::tensor(std::vector<int64_t>(b.samples.y.begin(), b.samples.y.end()));
  return b;
}

}  // namespace

TEST_SUITE("train") {
  TEST_CASE("the term: value and gradients as the definition has them, through the chain rule") {
    for (const Distance distance : {Distance::sqeuclidean, Distance::cosine}) {
      const double t = distance == Distance::cosine ? .4 : 9;
      const Batch b = batch(40, 12);
      torch::Tensor log_inverse = torch::tensor(-std::log(t), torch::requires_grad());
      const torch::Tensor loss = train::snnl_loss(b.x, b.y, log_inverse, distance, 1);
      (-3 * loss).backward();
      const auto expected = definition::gradient(data::widen(b.samples.x), b.samples.y, t, distance);
      CHECK(loss.item<double>() == doctest::Approx(expected.value).epsilon(1e-5));
      CHECK(log_inverse.grad().item<double>() == doctest::Approx(3 * expected.by_log_temperature).epsilon(1e-4));
      double error = 0, size = 0;
      for (std::size_t i = 0; i < 40; ++i) {
        for (std::size_t f = 0; f < 12; ++f) {
          const double g = -3 * expected.by_samples[i][f];
          error += std::pow(b.x.grad()[static_cast<int64_t>(i)][static_cast<int64_t>(f)].item<double>() - g, 2);
          size += g * g;
        }
      }
      CHECK(std::sqrt(error) <= 1e-4 * std::sqrt(size));
    }
  }

  TEST_CASE("the term: maps of convolutions, a temperature that is not learned, a batch of one class") {
    const torch::Tensor maps = torch::randn({12, 3, 2, 2}, torch::requires_grad());
    const torch::Tensor y = torch::arange(12) % 3;
    train::snnl_loss(maps, y, torch::tensor(0.), Distance::sqeuclidean, 1).backward();
    CHECK(maps.grad().sizes() == maps.sizes());
    CHECK(maps.grad().abs().sum().item<double>() > 0);
    const torch::Tensor other = torch::randn({12, 5}, torch::requires_grad());
    const torch::Tensor loss =
        train::snnl_loss(other, torch::zeros({12}, torch::kLong), torch::tensor(0.), Distance::sqeuclidean, 1);
    loss.backward();
    CHECK(loss.item<double>() == 0);
    CHECK(other.grad().abs().sum().item<double>() == 0);
  }

  TEST_CASE("the term: NaN is told, not spread") {
    torch::Tensor x = torch::randn({6, 2});
    x[3][1] = std::nan("");
    CHECK_THROWS_WITH_AS(train::snnl_loss(x, torch::arange(6) % 2, torch::tensor(0.), Distance::sqeuclidean, 1),
                         "row 3 holds NaN or Inf", snnl::Error);
  }

  TEST_CASE("networks: layers, shapes, and the same parameters for a seed") {
    for (const std::string& name : train::architectures()) {
      CAPTURE(name);
      torch::manual_seed(7);
      const auto net = train::make_network(name, {20, 24, 6});
      const torch::Tensor images = torch::randn({5, 1, 20, 24});
      net->eval();
      const auto out = net->forward(images);
      REQUIRE(out.size() == net->layers().size());
      CHECK(net->layers().back() == "logits");
      CHECK(out.back().sizes() == torch::IntArrayRef({5, 6}));
      for (const torch::Tensor& layer : out) CHECK(layer.size(0) == 5);
      torch::manual_seed(7);
      const auto twin = train::make_network(name, {20, 24, 6});
      twin->eval();
      torch::randn({5, 1, 20, 24});
      CHECK(torch::equal(twin->forward(images).back(), out.back()));
    }
    CHECK_THROWS_WITH_AS(train::make_network("cn", {}),
                         "architecture: 'cn' is none of mlp, cnn, resnet; did you mean 'cnn'?", snnl::Error);
    CHECK_THROWS_AS(train::make_network("cnn", {7, 28, 10}), snnl::Error);
  }

  TEST_CASE("checkpoints: one that is damaged anywhere, or cut off, is refused") {
    train::TrainingOptions options;
    options.architecture = "mlp";
    train::Trainer trainer(options, {8, 8, 3});
    train::TrainingRecord record;
    record.options = train::to_json(options);
    record.epochs.resize(1);
    const Scratch scratch;
    const std::string file = scratch.path("run.pt");
    train::save_checkpoint(file, trainer, record);
    const std::string good = scratch.read("run.pt");
    CHECK(train::load_checkpoint(file, trainer, record).size() == 1);
    const auto is_refused = [&](const std::string& bytes) {
      scratch.write("run.pt", bytes);
      try {
        train::load_checkpoint(file, trainer, record);
      } catch (const snnl::Error& e) {
        return e.what() == file + ": is no checkpoint of snnl-train, or is damaged";
      }
      return false;
    };
    // Evenly over the archive, and all of the last bytes, which hold the digest.
    constexpr std::size_t flips = 150, cuts = 50, last = 60;
    for (std::size_t k = 0; k < flips + last; ++k) {
      const std::size_t at = k < flips ? k * (good.size() - 1) / flips : good.size() - 1 - (k - flips);
      CAPTURE(at);
      std::string bytes = good;
      bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ (1u << k % 8));
      CHECK(is_refused(bytes));
    }
    for (std::size_t k = 0; k < cuts; ++k) {
      const std::size_t length = k < 10 ? good.size() - 1 - k : k * (good.size() - 1) / cuts;
      CAPTURE(length);
      CHECK(is_refused(good.substr(0, length)));
    }
    CHECK(is_refused(""));
    scratch.write("run.pt", good);
    CHECK(train::load_checkpoint(file, trainer, record).size() == 1);
  }
}
