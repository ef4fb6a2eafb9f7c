#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "snnl/analysis.hpp"
#include "snnl/dump_reader.hpp"
#include "snnl/files/output_file.hpp"
#include "snnl/text/csv.hpp"

namespace snnl::analysis {

/// Takes the items of an analysis one by one, each with what it was computed from, and writes the loss of each of their
/// samples; passes over items in error. What it writes is complete once it is destroyed.
using PerSampleSink = std::function<void(const AnalysedItem& item, const dump::Activations* activations)>;

/// CSV with the columns epoch,layer,row,class,loss to `out`, which outlives the sink. `classes`: name of each label.
PerSampleSink per_sample_csv(std::ostream& out, std::vector<std::string> classes,
                             text::CsvText kind = text::CsvText::exact);

/// HDF5: /epochs/<0000>/<layer>/ with `loss` (float64 [n], NaN where not scored), `row` and `label` (int64 [n]), an
/// index into /class_names. No dates: the same losses give the same bytes.
/// `file` outlives the sink and is committed once that is destroyed. Throws snnl::Error, as the sink does, when writing
/// fails.
PerSampleSink per_sample_hdf5(const files::OutputFile& file, std::vector<std::string> classes);

/// Whether the name of a file asks for HDF5: it ends in .h5 or .hdf5.
bool is_hdf5_name(const std::string& path);

}  // namespace snnl::analysis
