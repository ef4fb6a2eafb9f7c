#include "analyze/follow.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <thread>

#include "analyze/earlier.hpp"
#include "analyze/epoch_notes.hpp"
#include "analyze/item_errors.hpp"
#include "analyze/numbers.hpp"
#include "analyze/outputs.hpp"
#include "analyze/rest.hpp"
#include "analyze/warn.hpp"
#include "analyze/watched_files.hpp"
#include "common/progress.hpp"
#include "common/proposal.hpp"
#include "common/signals.hpp"
#include "common/tool.hpp"
#include "snnl/analysis/earlier_analysis.hpp"
#include "snnl/dump/pooling_text.hpp"
#include "snnl/error.hpp"
#include "snnl/files/file_exists.hpp"

namespace analyze {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds between_looks{250};

/// An item's numbers, and the state of its file when they were made.
struct Known {
  std::string file;
  FileState state;
  std::size_t place;  // among the items of its time
  snnl::AnalysedItem item;
};

class Follower {
 public:
  Follower(const Options& o, const snnl::isolation::Isolation& isolation, const std::atomic<bool>& stop)
      : o_(o),
        isolation_(isolation),
        stop_(stop),
        files_(o.dumps),
        earlier_(o.resume ? snnl::analysis::EarlierAnalysis(o.json) : snnl::analysis::EarlierAnalysis()) {
    Outputs probe(o);
  }

  int run() {
    auto last_change = Clock::now();
    while (!stop_) {
      if (files_.look()) last_change = Clock::now();
      if (const std::vector<std::string> ready = ready_files(); states_of(ready) != analysed_) {
        progress_.clear();
        analyse(ready, false);
        last_change = Clock::now();
        if (o_.until_epoch && has_reached(analysis_, *o_.until_epoch)) break;
      }
      const std::chrono::duration<double> idle = Clock::now() - last_change;
      if (o_.idle_timeout > 0 && idle.count() >= o_.idle_timeout) break;
      progress_.update(0, std::to_string(analysis_.items.size()) + " items; waiting for more");
      std::this_thread::sleep_for(between_looks);
    }
    progress_.clear();
    // Files that only grew were taken to hold what they held.
    if (!stop_) analyse(ready_files(), true);
    return finish();
  }

 private:
  using States = std::map<std::string, FileState>;

  /// Those that nobody seems to be writing. Notes what is wrong with the others.
  std::vector<std::string> ready_files() {
    std::vector<std::string> ready;
    problems_.clear();
    for (const std::string& file : files_.files()) {
      if (!files_.is_settled(file)) {
        problems_[file] = file + ": was still being written when this ended";
      } else if (is_locked(file)) {
        problems_[file] = file + ": is locked by a program that writes it";
      } else if (unreadable_.count(file) > 0 && unreadable_[file].first == files_.state(file)) {
        problems_[file] = unreadable_[file].second;
      } else {
        ready.push_back(file);
      }
    }
    return ready;
  }

  States states_of(const std::vector<std::string>& files) const {
    States out;
    for (const std::string& file : files) out[file] = files_.state(file);
    return out;
  }

  /// Leaves out files that cannot be opened, and says why in `problems_`. Null: there is nothing to read.
  std::unique_ptr<snnl::dump::Reader> open(std::vector<std::string>& ready) {
    while (!ready.empty()) {
      try {
        return std::make_unique<snnl::dump::Reader>(isolation_.open(ready, input_options(o_), &stop_));
      } catch (const snnl::Stopped&) {
        return nullptr;
      } catch (const snnl::Error& e) {
        const std::size_t before = ready.size();
        std::erase_if(ready, [&](const std::string& file) { return !can_be_opened(file); });
        if (ready.size() < before) continue;
        conflict_ = tool::refer_to_inspect(e, ready, input_options(o_)).what();
        return nullptr;
      }
    }
    return nullptr;
  }

  bool can_be_opened(const std::string& file) {
    try {
      snnl::dump::Options options = input_options(o_);
      options.epochs.clear();
      options.layers.clear();
      isolation_.open({file}, options, &stop_);
      return true;
    } catch (const snnl::Stopped&) {
      return true;
    } catch (const snnl::Error& e) {
      problems_[file] = tool::refer_to_inspect(e, {file}, input_options(o_)).what();
      unreadable_[file] = {files_.state(file), problems_[file]};
      return false;
    }
  }

  /// The numbers that the item had the last time, where its file is the one it was, at most grown.
  const snnl::AnalysedItem* known(const snnl::dump::Item& item) const {
    const auto found = known_.find(item.location);
    if (found == known_.end()) return nullptr;
    const FileState& state = files_.state(item.file);
    const bool valid = found->second.item.result ? state.grew_from(found->second.state) : state == found->second.state;
    return valid ? &found->second.item : nullptr;
  }

  const snnl::AnalysedItem* same(const snnl::dump::Item& item, const std::string& digest) const {
    const auto found = known_.find(item.location);
    if (found != known_.end() && found->second.item.digest == digest) return &found->second.item;
    return earlier_.find(item, digest);
  }

  const snnl::AnalysedItem* any_numbers(const snnl::dump::Item& item) const {
    const auto found = known_.find(item.location);
    return found != known_.end() ? &found->second.item : earlier_.find(item);
  }

  /// The numbers of all items, up to where it is stopped: those that are known, or else of what is read.
  void analyse_items(const snnl::dump::Reader& reader, const States& before, bool again,
                     std::vector<snnl::AnalysedItem>& out, std::set<std::string>& changed, bool& is_new) {
    const auto known_now = [&](const snnl::dump::Item& item) {
      const snnl::AnalysedItem* const found = known(item);
      return found && again && !(known_.at(item.location).state == before.at(item.file)) ? nullptr : found;
    };
    snnl::EntanglementOptions options = o_.analysis.entanglement;
    options.stop = &stop_;
    std::vector<std::size_t> wanted;
    for (const snnl::dump::Item& item : reader.items()) {
      if (!known_now(item)) wanted.push_back(item.index);
    }
    snnl::analysis::ItemStream stream(reader, wanted, options, o_.memory, o_.analysis.features);
    std::size_t read = 0;
    try {
      for (const snnl::dump::Item& item : reader.items()) {
        if (stop_) return;
        if (read == wanted.size() || wanted[read] != item.index) {
          out.push_back(snnl::analysis::numbers_at(item, *known_now(item)));
          continue;
        }
        ++read;
        std::optional<snnl::analysis::LoadedItem> loaded = stream.next();
        warn(*loaded, progress_, warnings_);
        snnl::AnalysedItem done =
            numbers_of(*loaded, classes_.size(), options, o_.analysis.features,
                       [&](const snnl::dump::Item& place, const std::string& digest) { return same(place, digest); });
        if (done.result) done.result->sample_loss = {};
        out.push_back(done);
        if (state_of(item.file) != before.at(item.file)) {
          changed.insert(item.file);
          continue;
        }
        is_new = is_new || !(known_.count(item.location) > 0 && known_[item.location].item.digest == done.digest);
        known_[item.location] = {item.file, before.at(item.file), item.index, std::move(done)};
      }
    } catch (const snnl::Stopped&) {
      // What is done is kept.
    }
  }

  /// With `again`, items of files that have changed since are read again, and computed where they are other data.
  void analyse(std::vector<std::string> ready, bool again) {
    const States before = states_of(ready);
    conflict_.clear();
    const std::unique_ptr<snnl::dump::Reader> reader = open(ready);
    analysed_ = states_of(ready);
    if (!reader) return;
    tell_remarks(*reader, warnings_);
    unused_ = snnl::dump::unused_pooling(*reader, reader->items(), o_.analysis.pooling);
    std::vector<snnl::ClassCount> classes;
    for (const auto& c : reader->classes()) classes.push_back({c.name, c.count});
    use_classes(classes);
    bool is_new = false;
    std::set<std::string> changed;  // files that were written while they were read
    snnl::Analysis analysis = snnl::analysis::begin_analysis(*reader);
    try {
      analyse_items(*reader, before, again, analysis.items, changed, is_new);
    } catch (const snnl::Error& e) {
      conflict_ = e.what();
      return;
    }
    // Items of files that changed are left out, or kept as they were, until these are read again.
    std::vector<snnl::AnalysedItem> all = std::move(analysis.items);
    analysis.items.clear();
    for (const snnl::AnalysedItem& item : all) {
      const snnl::dump::Item& place = reader->items()[static_cast<std::size_t>(&item - all.data())];
      if (changed.count(place.file) == 0 || known(place)) analysis.items.push_back(item);
    }
    if (all.size() < reader->items().size()) {  // stopped
      analysis.items = std::move(all);
      analysis =
          with_rest(std::move(analysis), *reader, [&](const snnl::dump::Item& item) { return any_numbers(item); });
    }
    for (const std::string& file : changed) analysed_.erase(file);
    keep_unread(ready, analysis);
    analysis.inputs = o_.dumps;
    analysis.options = o_.analysis;
    is_new = is_new || analysis.items.size() != analysis_.items.size();
    analysis_ = std::move(analysis);
    if (is_new) publish();
  }

  /// Adds what is known of files that are there, but cannot be read now, after the items of the same epoch.
  void keep_unread(const std::vector<std::string>& ready, snnl::Analysis& analysis) const {
    std::vector<const Known*> unread;
    for (const auto& [location, known] : known_) {
      const bool there = std::find(files_.files().begin(), files_.files().end(), known.file) != files_.files().end();
      const bool is_read = std::find(ready.begin(), ready.end(), known.file) != ready.end();
      if (there && !is_read && known.item.result) unread.push_back(&known);
    }
    std::stable_sort(unread.begin(), unread.end(), [](const Known* a, const Known* b) { return a->place < b->place; });
    for (const Known* known : unread) {
      const auto after = std::upper_bound(analysis.items.begin(), analysis.items.end(), known->item.epoch,
                                          [](std::int64_t epoch, const auto& item) { return epoch < item.epoch; });
      analysis.items.insert(after, known->item);
    }
  }

  void use_classes(const std::vector<snnl::ClassCount>& classes) {
    keep_what_fits(earlier_, o_, classes);
    const auto same_name = [](const snnl::ClassCount& a, const snnl::ClassCount& b) { return a.name == b.name; };
    if (std::equal(classes.begin(), classes.end(), classes_.begin(), classes_.end(), same_name)) return;
    known_.clear();  // their arrays have other places
    classes_ = classes;
  }

  void write() {
    Outputs outputs(o_);
    outputs.fill(analysis_);
    outputs.commit();
  }

  /// What cannot be written now is tried again with the next epoch, and at the end.
  void publish() {
    unwritten_.clear();
    try {
      write();
    } catch (const snnl::Error& e) {
      unwritten_ = e.what();
      tool::print_error(tool_name, unwritten_ + "; trying again later");
      return;
    }
    if (o_.quiet) return;
    for (const std::string& line : notes_.take(analysis_)) tool::print_note(tool_name, line);
  }

  int finish() {
    warnings_.finish();
    if (!unwritten_.empty() && !analysis_.items.empty()) write();
    bool all_well = true;
    if (!conflict_.empty()) problems_[""] = conflict_;
    for (const std::string& path : o_.dumps) {
      try {
        if (!snnl::files::file_exists(path))
          problems_[path] = path + ": there is no such file or folder; check the path";
      } catch (const snnl::Error& e) {
        problems_[path] = e.what();
      }
    }
    for (const auto& [file, problem] : problems_) {
      tool::print_error(tool_name, problem);
      all_well = false;
    }
    ItemErrors errors;
    for (const snnl::AnalysedItem& item : analysis_.items) {
      if (!item.result) errors.tell(item.message.substr(0, item.message.find(": ")), item.message);
    }
    errors.finish();
    all_well = all_well && !errors.any();
    if (!unused_.empty() && !o_.quiet) tool::print_note(tool_name, unused_);
    if (!analysis_.items.empty()) print_table(o_, analysis_);
    if (stop_) {
      tool::print_error(tool_name, fmt::format("interrupted; {} items are done{}", analysis_.items.size(),
                                               o_.json.empty() ? "" : ", and in " + o_.json));
      return tool::signal_status();
    }
    if (o_.until_epoch && !has_reached(analysis_, *o_.until_epoch)) {
      tool::print_error(tool_name, fmt::format("epoch {} did not come within --idle-timeout", *o_.until_epoch));
      return analysis_.items.empty() ? tool::unusable : tool::failed;
    }
    if (analysis_.items.empty()) {
      if (all_well) tool::print_error(tool_name, o_.dumps[0] + ": no epoch came within --idle-timeout");
      return tool::unusable;
    }
    return all_well ? tool::ok : tool::failed;
  }

  const Options& o_;
  const snnl::isolation::Isolation& isolation_;
  const std::atomic<bool>& stop_;
  tool::Progress progress_{!o_.quiet};
  tool::Warnings warnings_{tool_name};
  WatchedFiles files_;
  snnl::analysis::EarlierAnalysis earlier_;
  std::map<std::string, Known> known_;  // by location
  std::vector<snnl::ClassCount> classes_;
  std::map<std::string, std::pair<FileState, std::string>> unreadable_;  // by file: its state, and what is wrong
  std::map<std::string, std::string> problems_;                          // by file
  std::string conflict_;  // why files that can be read cannot be read together
  States analysed_;
  snnl::Analysis analysis_;
  std::string unwritten_;
  EpochNotes notes_;
  std::string unused_;  // what is wrong with options that apply to nothing
};

}  // namespace

int follow(const Options& o, const snnl::isolation::Isolation& isolation, const std::atomic<bool>& stop) {
  return Follower(o, isolation, stop).run();
}

}  // namespace analyze
