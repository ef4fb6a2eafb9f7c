#include "train/snnl_term.hpp"

#include <cmath>

#include "snnl/entanglement_gradient.hpp"
#include "train/labels.hpp"

namespace train {
namespace {

/// Value and gradients come from one call, in the forward pass; backward only scales them.
struct Term : torch::autograd::Function<Term> {
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& activations,
                               const torch::Tensor& labels, const torch::Tensor& log_inverse_temperature,
                               int64_t distance, int64_t threads) {
    const torch::Tensor x = activations.detach().flatten(1).to(torch::kFloat).contiguous();
    torch::Tensor gradient = torch::empty_like(x);
    snnl::GradientOptions options;
    options.distance = static_cast<snnl::Distance>(distance);
    options.threads = static_cast<std::size_t>(threads);
    const snnl::LossDerivative loss = snnl::entanglement_gradient(
        {x.data_ptr<float>(), static_cast<std::size_t>(x.size(0)), static_cast<std::size_t>(x.size(1))},
        to_vector(labels), std::exp(-log_inverse_temperature.item<double>()), gradient.data_ptr<float>(), options);
    context->save_for_backward({gradient.reshape(activations.sizes()).to(activations.dtype())});
    context->saved_data["by_log_temperature"] = loss.by_log_temperature;
    context->saved_data["temperature_type"] = static_cast<int64_t>(log_inverse_temperature.scalar_type());
    return torch::tensor(loss.value, activations.options().requires_grad(false));
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context,
                                               torch::autograd::tensor_list outer) {
    const torch::Tensor by_activations = context->get_saved_variables()[0] * outer[0];
    // log(1/T) = -log T
    const auto type = static_cast<torch::ScalarType>(context->saved_data["temperature_type"].toInt());
    const torch::Tensor by_temperature = (outer[0] * -context->saved_data["by_log_temperature"].toDouble()).to(type);
    return {by_activations, torch::Tensor(), by_temperature, torch::Tensor(), torch::Tensor()};
  }
};

}  // namespace

torch::Tensor snnl_loss(const torch::Tensor& activations, const torch::Tensor& labels,
                        const torch::Tensor& log_inverse_temperature, snnl::Distance distance, std::size_t threads) {
  return Term::apply(activations, labels, log_inverse_temperature, static_cast<int64_t>(distance),
                     static_cast<int64_t>(threads));
}

}  // namespace train
