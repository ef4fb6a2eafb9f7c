// Every part of the public face, as another project would use it: a dump is written, read and analysed; two classes are
// hardly entangled when labelled by their place, and much when labelled alternately.

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <snnl/analysis.hpp>
#include <snnl/dump_reader.hpp>
#include <snnl/dump_writer.hpp>
#include <snnl/entanglement.hpp>
#include <snnl/entanglement_gradient.hpp>
#include <snnl/error.hpp>
#include <snnl/matrix_view.hpp>
#include <snnl/metrics.hpp>
#include <snnl/nearest_neighbors.hpp>
#include <snnl/options.hpp>
#include <snnl/outlier_scores.hpp>
#include <snnl/stop.hpp>
#include <snnl/version.hpp>
#include <sstream>
#include <vector>
#include <xtensor/xtensor.hpp>

namespace {

constexpr std::size_t n = 40;

int failures = 0;
void check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "not so: %s\n", what);
  ++failures;
}

struct Samples {
  xt::xtensor<float, 2> x = xt::zeros<float>({n, std::size_t{2}});
  std::vector<std::int64_t> place = std::vector<std::int64_t>(n);
  std::vector<int> alternate = std::vector<int>(n);

  Samples() {
    for (std::size_t i = 0; i < n; ++i) {
      const auto angle = static_cast<float>(i);
      place[i] = i < n / 2 ? 0 : 1;
      alternate[i] = static_cast<int>(i % 2);
      x(i, 0) = std::cos(angle) + (place[i] == 0 ? -10.0f : 10.0f);
      x(i, 1) = std::sin(angle);
    }
  }
  snnl::MatrixView<const float> view() const { return {x.data(), n, 2}; }
};

void computes(const Samples& s) {
  const snnl::Entanglement apart = snnl::entanglement(s.view(), s.place);
  const snnl::Entanglement mixed = snnl::entanglement(s.x, s.alternate);
  check(snnl::entanglement(s.view(), s.alternate).value == mixed.value, "a view takes labels of any integers, too");
  std::printf("apart %g, mixed %g, chance %g, temperature %s\n", apart.value, mixed.value, mixed.chance,
              snnl::name_of(mixed.temperature_status));
  check(apart.samples == n && apart.value >= 0 && apart.value < 1e-6, "classes that lie apart are not entangled");
  check(mixed.value > 0.1 && mixed.value <= mixed.chance + 1e-5, "mixed classes are");

  std::vector<float> gradient(2 * n);
  const snnl::LossDerivative by = snnl::entanglement_gradient(s.view(), s.place, 1., gradient.data());
  check(by.scored == n && std::isfinite(by.by_log_temperature), "the gradient is finite");

  const snnl::Neighbors found = snnl::nearest_neighbors(s.view(), s.view(), 3);
  check(found.indices_of(7)[0] == 7, "the nearest of a sample is itself");
  const std::vector<std::int32_t> classes(s.place.begin(), s.place.end());
  const snnl::Votes votes = snnl::count_votes(found, classes, 2);
  const auto predictions =
      snnl::conformal_predictions(votes, 3, snnl::most_voted(votes), snnl::ConformalScores({0, 1}));
  check(predictions.size() == n && predictions[0].credibility == 1, "a sample among its own is credible");
  check(snnl::metrics::detection({2, 3}, {0, 1}).auroc == 1, "what is apart is told apart");

  std::atomic<bool> stop{true};
  snnl::EntanglementOptions options;
  options.stop = &stop;
  try {
    snnl::entanglement(s.view(), s.place, options);
    check(false, "a computation that is stopped ends");
  } catch (const snnl::Stopped&) {
  }
  try {
    snnl::entanglement(s.view(), std::vector<std::int64_t>(3));
    check(false, "too few labels are refused");
  } catch (const snnl::Error& e) {
    check(std::strstr(e.what(), "3 labels") != nullptr, "and told of");
  }
}

void dumps(const Samples& s, const std::string& file) {
  snnl::dump::DumpDescription description;
  description.labels = s.place;
  description.class_names = {"left", "right"};
  const snnl::dump::DumpWriter writer(file, description, snnl::dump::StoredType::single,
                                      snnl::dump::Existing::replaced);
  writer.write_epoch(0, {{"layer", {n, 2}, s.x.data()}});

  const snnl::dump::Reader reader({file}, {});
  check(reader.items().size() == 1 && reader.classes()[1].name == "right", "a dump says what it holds");
  snnl::Analysis analysis;
  analysis.classes = {{"left", n / 2}, {"right", n / 2}};
  const snnl::dump::Activations activations = reader.read(reader.items()[0]);
  check(activations.labels.size() == n, "and is read");
  analysis.items.push_back({0, "layer", "", 0, snnl::entanglement(s.view(), s.place)});
  std::ostringstream json;
  snnl::write_json(json, analysis);
  check(json.str().find("\"layer\"") != std::string::npos, "an analysis is written as JSON");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 || std::strcmp(argv[1], snnl::version) != 0) {
    std::fprintf(stderr, "the headers are of version %s\n", snnl::version);
    return 1;
  }
  const Samples samples;
  computes(samples);
  dumps(samples, argv[2]);
  return failures;
}
