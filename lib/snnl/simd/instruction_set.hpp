#pragma once

#include <string>
#include <vector>

namespace snnl::simd {

/// What the inner loops are compiled for, once each.
enum class InstructionSet { avx512, avx2, sse2, neon };

/// The instruction set in use: the best this machine has, or the one the environment variable SNNL_SIMD names (avx512,
/// avx2, sse2, neon). An unknown name, or one the machine lacks, is ignored.
InstructionSet instruction_set();

/// Name of the instruction set in use.
std::string name();

/// Names of all instruction sets this machine can run, best first.
std::vector<std::string> available();

/// Uses instruction set `name` from now on (for tests and benchmarks). Throws std::invalid_argument when the machine
/// lacks it. Not to be called while an analysis runs.
void select(const std::string& name);

}  // namespace snnl::simd
