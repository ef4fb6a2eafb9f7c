#include <faiss/AutoTune.h>
#include <faiss/IVFlib.h>
#include <faiss/Index.h>
#include <faiss/IndexIVF.h>
#include <faiss/impl/FaissException.h>
#include <faiss/index_factory.h>
#include <fmt/format.h>
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "outliers/faiss_index.hpp"
#include "snnl/error.hpp"
#include "snnl/parallel/available_threads.hpp"
#include "snnl/parallel/threads.hpp"
#include "snnl/points/prepared_samples.hpp"

namespace snnl::outliers {
namespace {

/// What FAISS says, without the place in its source: "Error in <function> at <file>: <reason>".
std::string reason_of(const faiss::FaissException& error) {
  std::string text = error.what();
  if (const std::size_t end = text.find(".cpp:"); text.rfind("Error in", 0) == 0 && end != std::string::npos) {
    text = text.substr(std::min(text.size(), text.find(": ", end) + 2));
  }
  for (char& c : text) c = c == '\n' ? ' ' : c;
  return text;
}

/// What FAISS looks for in place of a distance, and how that becomes one.
struct Search {
  faiss::MetricType metric;
  double (*distance_of)(double found);
};
Search search_for(Distance distance) {
  switch (distance) {
    case Distance::sqeuclidean:
      return {faiss::METRIC_L2, [](double found) { return found; }};
    case Distance::cosine:
      return {faiss::METRIC_INNER_PRODUCT, [](double found) { return std::max(0., 1 - found); }};
  }
  throw Error("--distance", "no index of FAISS finds neighbours by it");
}

/// As FAISS wants rows for a distance: whole for the squared Euclidean one, of length 1 for the cosine.
class Rows {
 public:
  /// Throws snnl::Error where a value is NaN or infinite; `row` is what the message calls a row.
  Rows(MatrixView<const float> x, const NeighborOptions& options, const std::string& row) : data_(x.data) {
    engine::PreparedSamples samples(x, options.distance, parallel::thread_count(options.threads), row);
    if (search_for(options.distance).metric == faiss::METRIC_L2) return;
    samples.scale_by(std::sqrt(2.));
    units_.resize(x.rows * x.cols);
    samples.with_rows([&](const auto& copy) {
      for (std::size_t i = 0; i < x.rows; ++i) copy(i, units_.data() + i * x.cols);
    });
    data_ = units_.data();
  }
  const float* data() const { return data_; }

 private:
  std::vector<float> units_;
  const float* data_;
};

/// Made for one number of features.
std::unique_ptr<faiss::Index> make_index(const std::string& factory, std::size_t features, Distance distance) {
  try {
    return std::unique_ptr<faiss::Index>(
        faiss::index_factory(static_cast<int>(features), factory.c_str(), search_for(distance).metric));
  } catch (const faiss::FaissException& e) {
    throw Error("--index",
                fmt::format("FAISS makes no index of '{}' for {} features: {}", factory, features, reason_of(e)));
  }
}

void set_parameters(faiss::Index& index, const std::string& parameters) {
  if (parameters.empty()) return;
  try {
    faiss::ParameterSpace().set_index_parameters(&index, parameters.c_str());
  } catch (const faiss::FaissException& e) {
    throw Error("--index-parameters", fmt::format("FAISS does not take '{}': {}", parameters, reason_of(e)));
  }
}

class FaissSearch {
 public:
  FaissSearch(MatrixView<const float> training, const std::string& factory, const std::string& parameters,
              const NeighborOptions& options)
      : options_(options), index_(make_index(factory, training.cols, options.distance)) {
    parallel::need_threads(parallel::thread_count(options_.threads));  // OpenMP would end the process
    ::omp_set_num_threads(static_cast<int>(parallel::thread_count(options_.threads)));
    const Rows rows(training, options_, "training row");
    // FAISS warns on stderr of fewer points than it likes; the recall tells what comes of it.
    if (auto* lists = faiss::ivflib::try_extract_index_ivf(index_.get())) lists->cp.min_points_per_centroid = 1;
    try {
      index_->train(static_cast<std::int64_t>(training.rows), rows.data());
      index_->add(static_cast<std::int64_t>(training.rows), rows.data());
    } catch (const faiss::FaissException& e) {
      throw Error("--index", fmt::format("FAISS cannot index {} samples so: {}", training.rows, reason_of(e)));
    }
    set_parameters(*index_, parameters);
  }

  Neighbors search(MatrixView<const float> queries, std::size_t k) const {
    const Rows rows(queries, options_, "query row");
    std::vector<float> distances(queries.rows * k);
    std::vector<std::int64_t> found(queries.rows * k);
    try {
      index_->search(static_cast<std::int64_t>(queries.rows), rows.data(), static_cast<std::int64_t>(k),
                     distances.data(), found.data());
    } catch (const faiss::FaissException& e) {
      throw Error("--index", "FAISS cannot search it: " + reason_of(e));
    }
    const auto distance_of = search_for(options_.distance).distance_of;
    Neighbors out{queries.rows, k, {}, {}};
    for (std::size_t i = 0; i < found.size(); ++i) {
      const bool missing = found[i] < 0;
      const auto distance = static_cast<double>(distances[i]);
      out.indices.push_back(missing ? Neighbors::missing : static_cast<std::uint32_t>(found[i]));
      out.distances.push_back(missing ? std::numeric_limits<double>::infinity() : distance_of(distance));
    }
    return out;
  }

 private:
  NeighborOptions options_;
  std::unique_ptr<faiss::Index> index_;
};

}  // namespace

extern "C" void snnl_faiss_index(const std::string& factory, const std::string& parameters, NeighborIndex& out) {
  out = {parameters.empty() ? factory : fmt::format("{} with {}", factory, parameters),
         [=](MatrixView<const float> training, const NeighborOptions& options) -> NeighborIndex::Search {
           const auto search = std::make_shared<FaissSearch>(training, factory, parameters, options);
           return [search](MatrixView<const float> queries, std::size_t k) { return search->search(queries, k); };
         }};
}

}  // namespace snnl::outliers
