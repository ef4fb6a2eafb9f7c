#include "common/common_options.hpp"

#include <fmt/format.h>

#include <cstdint>

#include "common/numbers.hpp"
#include "common/tool.hpp"
#include "snnl/analysis.hpp"
#include "snnl/dump/pooling_text.hpp"
#include "snnl/features/names.hpp"

namespace tool {

CLI::Option* add_output(CLI::App& app, const std::string& option, std::string& file, const std::string& what) {
  return app.add_option(option, file, what)->option_text("FILE")->check(not_empty())->group("Output");
}

CLI::Option* add_csv_safe(CLI::App& app, snnl::text::CsvText& kind) {
  const auto set = [&kind](std::int64_t) { kind = snnl::text::CsvText::inert; };
  return app
      .add_flag_function("--csv-safe", set,
                         "For spreadsheets: put ' before texts in CSV that would be run as formulas, which begin with "
                         "= + - @, a tab or a line end")
      ->group("Output");
}

CLI::Option* add_distance(CLI::App& app, snnl::Distance& distance, const std::string& group) {
  return add_named(app, "--distance", distance,
                   fmt::format("{}", fmt::join(snnl::engine::names_of<snnl::Distance>(), " or ")), group);
}

void add_integer_bits(CLI::App& app, snnl::dump::IntegerBits& bits) {
  using snnl::dump::IntegerBits;
  const auto add = [&](const std::string& option, IntegerBits value, const std::string& what) {
    const auto set = [&bits, value](std::int64_t) { bits = value; };
    return app.add_flag_function(option, set, what)->group("Input");
  };
  CLI::Option* const bfloat16 =
      add("--bfloat16", IntegerBits::bfloat16,
          "Layers of 16-bit integers hold the bits of bfloat16, as tensor.view(torch.int16) makes them");
  add("--float16-bits", IntegerBits::float16, "Layers of 16-bit integers hold the bits of float16")->excludes(bfloat16);
}

CLI::Option* add_ignored_labels(CLI::App& app, std::vector<std::string>& labels) {
  return app
      .add_option("--ignore-label", labels,
                  "Leave out samples with this label, such as PyTorch's -100; '-100,255' is a list; repeatable")
      ->allow_extra_args(false)
      ->check(not_empty())
      ->option_text("LABEL")
      ->group("Input");
}

void add_pooling(CLI::App& app, snnl::dump::Pooling& pooling, const std::string& group) {
  const auto set = [&pooling](const std::string& text) { snnl::dump::parse_pool(text, pooling); };
  const CLI::Validator is_pool(
      [](const std::string& text) {
        snnl::dump::Pooling ignored;
        return snnl::dump::parse_pool(text, ignored);
      },
      "");
  CLI::Option* const pool =
      app.add_option_function<std::string>(
             "--pool", set,
             fmt::format(
                 "Of maps [n, channels, height, width]: mean or max of each channel; mean of each cell of a grid, "
                 "as '4x4'; or none, each place is a feature. Other layers stay as they are [{}]",
                 snnl::dump::pool_text(pooling)))
          ->option_text("none|mean|max|GxG")
          ->check(is_pool)
          ->group(group);
  app.add_flag(
         "--channels-last", pooling.channels_last,
         "For --pool: maps are [n, height, width, channels], as of Keras and JAX, where their dataset does not say "
         "it by its attribute 'data_format'")
      ->needs(pool)
      ->group(group);
  add_named(app, "--tokens", pooling.tokens,
            "Of tokens [n, tokens, d]: their mean, the first (a class token), the last, or all, one after the other",
            group);
}

void add_features(CLI::App& app, snnl::FeatureOptions& features, const std::string& fitted_to,
                  const std::string& group) {
  CLI::Option* const standardize =
      app.add_flag("--standardize", features.standardize,
                   fmt::format("Each feature to mean 0 and variance 1 over {}, so that all weigh alike", fitted_to))
          ->group(group);
  add_named(app, "--whiten", features.whiten,
            fmt::format("none, or pca: principal components of the standardised features, each to variance 1 over {}; "
                        "distances are Mahalanobis'. Up to {} features",
                        fitted_to, snnl::most_whitened),
            group)
      ->excludes(standardize);
}

CLI::Option* add_threads(CLI::App& app, std::size_t& threads, const std::string& group, const std::string& note) {
  return app.add_option("--threads", threads, "Threads, 0 for one per processor; " + note)
      ->option_text(fmt::format("N [{}]", threads))
      ->check(whole_number(0, 1024))
      ->group(group);
}

}  // namespace tool
