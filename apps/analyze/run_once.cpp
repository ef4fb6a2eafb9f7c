#include "analyze/run_once.hpp"

#include <fmt/format.h>

#include <memory>
#include <numeric>
#include <optional>
#include <utility>

#include "analyze/checkpoint.hpp"
#include "analyze/earlier.hpp"
#include "analyze/item_errors.hpp"
#include "analyze/numbers.hpp"
#include "analyze/outputs.hpp"
#include "analyze/rest.hpp"
#include "analyze/small_items.hpp"
#include "analyze/warn.hpp"
#include "common/output.hpp"
#include "common/progress.hpp"
#include "common/proposal.hpp"
#include "common/signals.hpp"
#include "common/tool.hpp"
#include "snnl/analysis/earlier_analysis.hpp"
#include "snnl/analysis/per_sample.hpp"
#include "snnl/dump/pooling_text.hpp"
#include "snnl/error.hpp"
#include "snnl/parallel/threads.hpp"

namespace analyze {
namespace {

snnl::analysis::PerSampleSink make_sink(const Options& o, const snnl::dump::Reader& reader, tool::Output& output) {
  if (!output) return {};
  std::vector<std::string> classes;
  for (const auto& c : reader.classes()) classes.push_back(c.name);
  return snnl::analysis::is_hdf5_name(o.per_sample)
             ? snnl::analysis::per_sample_hdf5(*output.file(), classes)
             : snnl::analysis::per_sample_csv(output.stream(), classes, o.csv_text);
}

std::string told_of_stop(const Options& o, std::size_t done, std::size_t all) {
  std::string files;
  for (const std::string& file : {o.json, o.csv, o.similarity_csv, o.per_sample, o.report}) {
    if (!file.empty() && file != "-") files.append(files.empty() ? "" : ", ").append(file);
  }
  return fmt::format("interrupted; {} of {} items are done{}{}", done, all,
                     files.empty() ? "" : ", and written to " + files,
                     !o.json.empty() && o.json != "-" && o.per_sample.empty() ? "; --resume goes on from there" : "");
}

/// Analyses the items in order, small ones several at once, up to where it is stopped, and calls `on_way` between them.
/// Returns whether all have numbers; what is wrong with the others is told.
template <class OnWay>
bool analyse_items(const Options& o, const snnl::dump::Reader& reader, const std::atomic<bool>& stop,
                   const snnl::analysis::EarlierAnalysis& earlier, const snnl::analysis::PerSampleSink& sink,
                   const OnWay& on_way, tool::Warnings& warnings, snnl::Analysis& analysis) {
  const auto& items = reader.items();
  snnl::EntanglementOptions options = o.analysis.entanglement;
  options.stop = &stop;
  std::vector<std::size_t> all(items.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  const auto same = [&](const snnl::dump::Item& item, const std::string& digest) { return earlier.find(item, digest); };
  tool::Progress progress(!o.quiet);
  ItemErrors errors;
  snnl::analysis::ItemStream stream(reader, all, options, o.memory, o.analysis.features);
  const auto compute = [&](snnl::analysis::LoadedItem& loaded, const snnl::EntanglementOptions& with) {
    return numbers_of(loaded, analysis.classes.size(), with, o.analysis.features, same);
  };
  const auto emit = [&](snnl::analysis::LoadedItem& loaded, snnl::AnalysedItem done) {
    warn(loaded, progress, warnings);
    if (!done.result) {
      progress.clear();
      errors.tell(loaded.place.location, done.message);
    }
    stream.pause();
    if (sink) sink(done, loaded.activations.get());
    // The losses of single samples would outgrow the memory.
    if (done.result) done.result->sample_loss = {};
    analysis.items.push_back(std::move(done));
    if (analysis.items.size() < items.size()) on_way();
  };
  snnl::EntanglementOptions on_one_thread = options;
  on_one_thread.threads = 1;
  SmallItems small(
      snnl::parallel::thread_count(options.threads),
      [&](snnl::analysis::LoadedItem& loaded) { return compute(loaded, on_one_thread); }, emit);
  try {
    for (std::size_t k = 0; k < items.size() && !stop; ++k) {
      progress.update(static_cast<double>(k) / static_cast<double>(items.size()),
                      fmt::format("{}, epoch {}", items[k].layer, items[k].epoch));
      std::optional<snnl::analysis::LoadedItem> loaded = stream.next();
      if (o.memory == 0 && small.takes(*loaded)) {
        small.add(std::move(*loaded));
        continue;
      }
      small.finish();
      emit(*loaded, compute(*loaded, options));
    }
    small.finish();
  } catch (const snnl::Stopped&) {
    // What is done is written.
  }
  progress.clear();
  errors.finish();
  return !errors.any();
}

/// As the options say, or as snnl-inspect proposes, which then are the options.
snnl::dump::Reader open_dumps(Options& o, const snnl::isolation::Isolation& isolation, const std::atomic<bool>& stop) {
  try {
    return isolation.open(o.dumps, input_options(o), &stop);
  } catch (const snnl::dump::LayoutError& e) {
    snnl::inspect::Proposal proposal = tool::only_proposal(tool_name, isolation, o.dumps, input_options(o), e);
    o.analysis.layout = std::move(proposal.layout);
    o.analysis.labels = std::move(proposal.labels);
    o.analysis.layers = std::move(proposal.layers);
  }
  return isolation.open(o.dumps, input_options(o), &stop);
}

}  // namespace

int run_once(const Options& given, const snnl::isolation::Isolation& isolation) {
  Options o = given;
  snnl::analysis::EarlierAnalysis earlier;
  if (o.resume) earlier = snnl::analysis::EarlierAnalysis(o.json);
  // Made before the work: a place that cannot be written is told at once. The losses are written as they come, with
  // --resume all outputs on the way, else at the end.
  auto outputs = std::make_unique<Outputs>(o);
  if (o.resume) outputs.reset();
  const auto write = [&](const snnl::Analysis& analysis) {
    Outputs now(o);
    now.fill(analysis);
    now.commit();
  };
  tool::Output per_sample(o.per_sample);
  // Until here a signal ends the tool: to open a pipe waits for its reader.
  const std::atomic<bool>& stop = tool::stop_on_signals();
  std::optional<snnl::dump::Reader> opened;
  try {
    opened = open_dumps(o, isolation, stop);
  } catch (const snnl::Stopped&) {
    tool::print_error(tool_name, "interrupted; no item is done");
    return tool::signal_status();
  }
  const snnl::dump::Reader& reader = *opened;
  const auto& items = reader.items();
  const snnl::dump::Pooling used = snnl::dump::used_pooling(reader, items, o.analysis.pooling);
  if (const std::string unused = snnl::dump::unused_text(o.analysis.pooling, used); !unused.empty() && !o.quiet) {
    tool::print_note(tool_name, unused);
  }
  // What applied to nothing made no number another, and is none of the options that numbers are compared by.
  o.analysis.pooling = used;
  snnl::analysis::PerSampleSink sink = make_sink(o, reader, per_sample);

  snnl::Analysis analysis = snnl::analysis::begin_analysis(reader);
  keep_what_fits(earlier, o, analysis.classes);
  const auto complete = [&](snnl::Analysis so_far) {
    so_far.inputs = o.dumps;
    so_far.options = o.analysis;
    return with_rest(std::move(so_far), reader, [&](const snnl::dump::Item& item) { return earlier.find(item); });
  };
  CheckpointClock clock;
  const auto on_way = [&] {
    if (o.resume) clock.maybe([&] { write(complete(analysis)); });
  };
  tool::Warnings warnings(tool_name);
  tell_remarks(reader, warnings);
  const bool all_well = analyse_items(o, reader, stop, earlier, sink, on_way, warnings, analysis);
  warnings.finish();
  const bool stopped = analysis.items.size() < items.size();
  analysis = complete(std::move(analysis));
  if (stopped && analysis.items.empty()) {  // nothing that could be gone on from; earlier outputs stay
    tool::print_error(tool_name, "interrupted; no item is done");
    return tool::signal_status();
  }
  sink = nullptr;
  if (!outputs) outputs = std::make_unique<Outputs>(o);
  outputs->fill(analysis);
  print_table(o, analysis);
  outputs->commit();
  per_sample.commit();
  if (stopped) {
    tool::print_error(tool_name, told_of_stop(o, analysis.items.size(), items.size()));
    return tool::signal_status();
  }
  return all_well ? tool::ok : tool::failed;
}

}  // namespace analyze
