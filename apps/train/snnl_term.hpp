#pragma once

#include <torch/torch.h>

#include "snnl/options.hpp"

namespace train {

/// The soft nearest neighbour loss of a batch, by the library's own gradient.
///
/// `activations` [n, ...] float, flattened to [n, d]; `labels` [n] int64; `log_inverse_temperature` a scalar, log(1/T):
/// in that form T stays positive while it is learned. Returns a scalar that can be differentiated with respect to
/// activations and log_inverse_temperature. Throws snnl::Error where an activation is NaN or infinite, or T is not
/// positive.
torch::Tensor snnl_loss(const torch::Tensor& activations, const torch::Tensor& labels,
                        const torch::Tensor& log_inverse_temperature, snnl::Distance distance, std::size_t threads);

}  // namespace train
