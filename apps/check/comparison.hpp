#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "check/baseline.hpp"
#include "check/rules.hpp"
#include "check/spread.hpp"
#include "snnl/analysis.hpp"

namespace snnl::check {

enum class Verdict {
  error,    ///< cannot be compared; never passes
  fail,     ///< beyond its limit
  better,   ///< beyond its limit, but not the way that is worse
  pass,     ///< within its limit
  skipped,  ///< left out by Rules::layers or Rules::epochs
};

/// "error", "fail", "better", "pass", "skipped"
const char* name_of(Verdict verdict);

/// What a limit is made of.
enum class LimitOf {
  tolerance,   ///< a rule
  share,       ///< default_share of the baseline
  samples,     ///< noise_standard_errors of the change
  seeds,       ///< how far another run may be from the mean of the baselines
  arithmetic,  ///< check::rounding
};

/// "tolerance", "share", "samples", "seeds", "arithmetic"
const char* name_of(LimitOf limit);

/// One metric of one (epoch, layer). Of a metric with a value for each class, or each pair, the worst one.
struct Comparison {
  std::int64_t epoch = 0;
  std::string layer;
  std::string metric;
  Verdict verdict = Verdict::error;
  std::string message;  ///< why it cannot be compared

  // Where it was compared:
  std::vector<std::string> classes;  ///< whose value: none, one, or two
  double baseline = 0, current = 0;
  double limit = 0;  ///< largest change that is allowed, in the unit of the metric
  LimitOf limit_of = LimitOf::tolerance;
  /// How far another run may be from the mean of several baselines; nothing where there is one, and of other
  /// metrics than the entanglement.
  std::optional<double> seed_limit;
  std::string rule;      ///< the tolerance as given; empty: the default
  bool relative = true;  ///< whether the limit is a share of the baseline
  Worse worse = Worse::both;
  double standard_error = 0;  ///< of the change; NaN where it is not known
  bool paired = false;        ///< whether it is of the changes of the same samples, else of two independent draws
  std::string unpaired;       ///< why it is not paired; empty where it is, or where it is not known
  std::size_t values = 1;     ///< how many the metric has in this item
  std::size_t beyond = 0;     ///< how many of them fail

  double change() const { return current - baseline; }
  /// The change over its standard error; NaN where that is not known or both are 0.
  double z() const { return change() / standard_error; }
  /// The change is at most three standard errors; false where these are not known.
  bool within_noise() const;
  /// The change is beyond seed_limit.
  bool beyond_seeds() const;
};

/// What came of comparing two analyses.
struct CheckResult {
  std::string current_file;
  std::vector<std::string> baseline_files;
  std::string baseline_name;  ///< Baseline::name()
  /// Of each layer, where there are several baselines.
  std::map<std::string, Spread> spreads;
  /// Epoch 0 was left out: it is before training, and there are several baselines.
  bool start_left_out = false;
  std::vector<std::string> baseline_remarks;  ///< Baseline::remarks
  /// What makes the files as a whole incomparable, a line each; nothing was compared then.
  std::vector<std::string> differences;
  /// Worst first: errors, failures, then the rest, each by the share of the limit that was used; skipped last.
  std::vector<Comparison> comparisons;

  std::size_t count(Verdict verdict) const;
  /// Whether any two numbers were compared.
  bool comparable() const;
  /// Numbers were compared, none fails, and nothing is in error.
  bool passed() const;
};

/// Compares item by item. With several baselines numbers are held against their means, and without a tolerance the
/// limit of an entanglement is how far another such run may be; epoch 0, before training, is then left out where there
/// are others and the rules name no epochs. Throws snnl::Error where a rule matches nothing: a tolerance without a
/// layer, a direction of a metric that is not compared, layers or epochs that neither analysis has.
CheckResult compare(const Analysis& current, const std::string& current_file, const Baseline& baseline,
                    const Rules& rules);

}  // namespace snnl::check
