#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "train/metrics.hpp"
#include "train/trainer.hpp"

namespace train {

/// Writes the state of a run after its last epoch, whole or not at all, over what was there. The file is an archive of
/// libtorch, followed by a line with the digest of its bytes. Throws snnl::Error where it cannot be written.
void save_checkpoint(const std::string& file, const Trainer& trainer, const TrainingRecord& record);

/// Sets `trainer` to what `file` holds, and gives the epochs done. Throws snnl::Error where it is no checkpoint, is
/// damaged, or was made with other options or data than `record` has, naming the first that differs.
std::vector<EpochMetrics> load_checkpoint(const std::string& file, Trainer& trainer, const TrainingRecord& record);

}  // namespace train
