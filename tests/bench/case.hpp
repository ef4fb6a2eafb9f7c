#pragma once

#include <string>

#include "measurement.hpp"

namespace bench {

/// Reads a case from the command line: REFERENCE[:KEY=VALUE,...]. REFERENCE is none, gemm, classes, one_thread or
/// gemm_alone; the keys are those of Measurement and Workload: n, d, classes, separation, seed, kind
/// (clusters or logits), threads, reference_classes, warm_up (1 or 0), subject (search, gradient or neighbors), calls. Throws
/// std::invalid_argument.
Measurement parse_case(const std::string& text);

}  // namespace bench
