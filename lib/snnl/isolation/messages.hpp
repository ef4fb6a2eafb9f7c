#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "snnl/dump_reader.hpp"
#include "snnl/inspect/inspect_dump.hpp"
#include "snnl/isolation/codec.hpp"

namespace snnl::isolation {

/// What the two processes say to each other.
enum Kind : std::uint32_t {
  // asked
  open_dump,     ///< ask with OpenDump, answered by Catalogue
  size_of_item,  ///< its index, ItemSize
  read_item,     ///< its index, Reading
  inspect_dump,  ///< InspectDump, Inspection, after any number of Checked and Progress
  // answered
  done,
  failed,     ///< Failure
  progress,   ///< Progress
  item_seen,  ///< Checked
};

struct Failure {
  std::string where, message, advice;
  bool of_layout = false;  ///< whether it is a dump::LayoutError
};

/// Something that has killed a process that read it, and what is said of it since.
struct Culprit {
  std::string file, path, attribute;
  std::string why, advice;
  bool operator==(const Culprit&) const = default;
};

struct OpenDump {
  std::vector<std::string> files;
  dump::Options options;
  std::vector<Culprit> culprits;
};

/// One (epoch, layer), without what follows from its place.
struct CataloguedItem {
  std::int64_t epoch = 0;
  std::string layer;
  std::uint64_t file = 0;  ///< index of the file
  std::string path;        ///< "/conv1[3]"
  bool operator==(const CataloguedItem&) const = default;
};

struct Catalogue {
  std::vector<CataloguedItem> items;
  std::vector<dump::Class> classes;
  std::string label_path;
  std::vector<Failure> remarks;
  bool one_hot_labels = false;
};

/// Followed by the bytes of values, labels, rows and, where there are some, ids, one after the other, each from a
/// multiple of 64.
struct Reading {
  std::uint64_t element_bytes = 0, rows = 0, features = 0, dropped = 0, ignored = 0;
  dump::IntegerBits looks_like = dump::IntegerBits::numbers;
  bool has_ids = false;
};

inline std::size_t aligned(std::size_t bytes) { return (bytes + 63) / 64 * 64; }

struct InspectDump {
  std::vector<std::string> files;
  inspect::InspectOptions options;
  std::vector<Culprit> culprits;
};

struct Progress {
  double fraction = 0;
  std::string next;
};

template <class A>
void fields(A& a, Failure& x) {
  a(x.where, x.message, x.advice, x.of_layout);
}
template <class A>
void fields(A& a, Culprit& x) {
  a(x.file, x.path, x.attribute, x.why, x.advice);
}
template <class A>
void fields(A& a, dump::Pooling& x) {
  a(x.maps, x.grid_rows, x.grid_columns, x.channels_last, x.tokens);
}
template <class A>
void fields(A& a, dump::Options& x) {
  a(x.layout, x.labels, x.ignored_labels, x.layers, x.epochs, x.pooling, x.nonfinite, x.integer_bits, x.threads,
    x.labels_required, x.lock);
}
template <class A>
void fields(A& a, OpenDump& x) {
  a(x.files, x.options, x.culprits);
}
template <class A>
void fields(A& a, CataloguedItem& x) {
  a(x.epoch, x.layer, x.file, x.path);
}
template <class A>
void fields(A& a, dump::Class& x) {
  a(x.name, x.count, x.value);
}
template <class A>
void fields(A& a, Catalogue& x) {
  a(x.items, x.classes, x.label_path, x.remarks, x.one_hot_labels);
}
template <class A>
void fields(A& a, dump::ItemSize& x) {
  a(x.samples, x.features, x.element_bytes, x.reading_bytes, x.pooled);
}
template <class A>
void fields(A& a, Reading& x) {
  a(x.element_bytes, x.rows, x.features, x.dropped, x.ignored, x.looks_like, x.has_ids);
}
template <class A>
void fields(A& a, inspect::Checked& x) {
  a(x.where, x.error, x.advice, x.looks_like, x.features, x.dominance);
}
template <class A>
void fields(A& a, Share& x) {
  a(x.index, x.share);
}
template <class A>
void fields(A& a, Dominance& x) {
  a(x.constant_features, x.features, x.samples);
}
template <class A>
void fields(A& a, inspect::InspectOptions& x) {
  a(x.layout, x.labels, x.ignored_labels, x.integer_bits, x.data, x.threads, x.checked);
}
template <class A>
void fields(A& a, InspectDump& x) {
  a(x.files, x.options, x.culprits);
}
template <class A>
void fields(A& a, Progress& x) {
  a(x.fraction, x.next);
}
template <class A>
void fields(A& a, inspect::Finding& x) {
  a(x.severity, x.file, x.path, x.message, x.advice);
}
template <class A>
void fields(A& a, inspect::FileInfo& x) {
  a(x.name, x.readable, x.bytes, x.version, x.model, x.dataset);
}
template <class A>
void fields(A& a, inspect::DatasetInfo& x) {
  a(x.file, x.path, x.shape, x.type, x.bytes, x.stored_bytes, x.storage, x.chunk, x.filters, x.data_format);
}
template <class A>
void fields(A& a, inspect::ItemInfo& x) {
  a(x.epoch, x.layer, x.path, x.dataset, x.shape, x.bytes, x.sound);
}
template <class A>
void fields(A& a, inspect::LabelSetInfo& x) {
  a(x.file, x.path, x.type, x.samples, x.ignored, x.classes, x.used);
}
template <class A>
void fields(A& a, inspect::Question& x) {
  a(x.layers, x.rank, x.message, x.options);
}
template <class A>
void fields(A& a, inspect::Proposal& x) {
  a(x.layout, x.labels, x.layers, x.others, x.fits);
}
template <class A>
void fields(A& a, inspect::Inspection& x) {
  a(x.files, x.layout, x.layout_proposed, x.labels, x.labels_proposed, x.proposal, x.data_read, x.epochs, x.layers,
    x.items, x.datasets, x.label_sets, x.others, x.other_count, x.findings, x.questions, x.command);
}

}  // namespace snnl::isolation
