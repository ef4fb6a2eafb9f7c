#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <vector>

namespace train {

/// The values of `labels` [n], of any integer type.
inline std::vector<std::int64_t> to_vector(const torch::Tensor& labels) {
  const torch::Tensor values = labels.to(torch::kLong).contiguous();
  return {values.data_ptr<std::int64_t>(), values.data_ptr<std::int64_t>() + values.numel()};
}

}  // namespace train
