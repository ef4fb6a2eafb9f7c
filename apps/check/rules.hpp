#pragma once

#include <optional>
#include <string>
#include <vector>

namespace snnl::check {

/// How far a metric of some layers may move.
struct Tolerance {
  std::string text;          ///< as it was given
  std::string layers = "*";  ///< glob
  std::string metric;
  double value = 0;       ///< >= 0; a share of the baseline where `relative`, else in the unit of the metric
  bool relative = false;  ///< 5 % is 0.05
};

/// Which way a metric must not move beyond its limit.
enum class Worse { both, lower, higher };

struct Direction {
  std::string text;
  std::string metric;
  Worse worse = Worse::both;
};

/// What is compared, and how strictly. Of several tolerances that match, the last holds.
struct Rules {
  std::vector<Tolerance> tolerances;
  std::vector<Direction> directions;
  std::vector<std::string> layers;  ///< globs; empty: all
  std::string epochs;               ///< as dump::EpochSelection; empty: all
};

/// Limits of a metric that no tolerance names: `entanglement` has these, other metrics are not compared.
inline constexpr double default_share = 0.01;       ///< of the baseline
inline constexpr double noise_standard_errors = 3;  ///< combined standard errors
inline constexpr double rounding = 1e-6;            ///< nats; what arithmetic may change, and no more is promised

/// "[LAYER_GLOB:]METRIC:VALUE", VALUE "5%" or "0.02". The glob may hold colons. Throws snnl::Error, with `place` (an
/// option, or a place in a file) in front.
Tolerance parse_tolerance(const std::string& text, const std::string& place);

/// "METRIC:lower|higher|both". Throws snnl::Error.
Direction parse_direction(const std::string& text, const std::string& place);

/// "both", "lower", "higher"
const char* name_of(Worse worse);

/// Rules of a repository, and the baselines if it names any.
struct Config {
  Rules rules;
  std::vector<std::string> baselines;  ///< files, or a folder; a relative path begins at the folder of the file
};

/// Reads a file of `snnl.check-config/1` (docs/check.md). Throws snnl::Error naming the place in the file.
Config read_config(const std::string& file);

}  // namespace snnl::check
