// snnl-outliers: the real binary on dumps written for it, against numbers counted by hand and by the definition.

#include <doctest/doctest.h>
#include <hdf5.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>

#include "snnl/dump_writer.hpp"
#include "support/analyze.hpp"
#include "support/refusal.hpp"
#include "support/run.hpp"
#include "support/scratch.hpp"

namespace {

using Json = nlohmann::json;
using Arguments = std::vector<std::string>;

struct Layer {
  std::string name;
  std::size_t features;
  std::vector<float> values;
};

struct Set {
  std::vector<std::int64_t> labels;
  std::vector<Layer> layers;
  std::vector<std::int64_t> predictions;
};

/// Three clusters in two layers, and logits; `shift` moves all of them away from where the classes are.
Set clusters(std::size_t n, unsigned seed, float shift = 0) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  Set out;
  out.layers = {{"fc1", 4, {}}, {"fc2", 3, {}}, {"logits", 3, {}}};
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t label = i % 3;
    out.labels.push_back(static_cast<std::int64_t>(label));
    std::vector<float> logits;
    for (Layer& layer : out.layers) {
      for (std::size_t f = 0; f < layer.features; ++f) {
        const float centre = f == label ? 3 - shift : 0;
        layer.values.push_back(centre + normal(random));
        if (layer.name == "logits") logits.push_back(layer.values.back());
      }
    }
    out.predictions.push_back(std::max_element(logits.begin(), logits.end()) - logits.begin());
  }
  return out;
}

struct Ground {
  Scratch scratch;
  std::string path(const std::string& name) const { return scratch.path(name); }

  void write(const std::string& name, const Set& set) const {
    snnl::dump::DumpDescription description;
    description.labels = set.labels;
    const snnl::dump::DumpWriter writer(path(name), description, snnl::dump::StoredType::single);
    std::vector<snnl::dump::RecordedLayer> layers;
    for (const Layer& layer : set.layers) {
      layers.push_back({layer.name, {set.labels.size(), layer.features}, layer.values.data()});
    }
    writer.write_epoch(2, layers, set.predictions);
  }
  Ground() {
    write("train.h5", clusters(300, 1));
    write("cal.h5", clusters(90, 2));
    write("test.h5", clusters(120, 3));
    write("far.h5", clusters(60, 4, 3));
  }
  Arguments files() const {
    return {"--train", path("train.h5"), "--calibration", path("cal.h5"), "--test", path("test.h5")};
  }
  static run::Result run(Arguments a, const Arguments& b = {}) {
    a.insert(a.end(), b.begin(), b.end());
    return run::program("snnl-outliers", a);
  }
  Json json(const Arguments& more) const {
    Arguments all = more;
    all.insert(all.end(), {"--json", path("out.json")});
    const run::Result result = run(files(), all);
    CHECK(result.err == "");
    REQUIRE(result.status == 0);
    CHECK(analyze::schema_complaint({path("out.json")}, "snnl.outliers-1") == "");
    return Json::parse(scratch.read("out.json"));
  }
  /// The one error line of a run that is refused, without the tool's name and the scratch folder's.
  std::string refusal(const Arguments& arguments) const {
    const run::Result result = run(arguments);
    CHECK(result.out == "");
    return scratch.without_folder(refusal_line("snnl-outliers", result));
  }
  Arguments with(const std::string& option, const std::string& file) const {
    Arguments all = files();
    *(std::find(all.begin(), all.end(), option) + 1) = path(file);
    return all;
  }
};

/// Neighbours of `x` of each class among the training set by squared distance, sorted by the definition.
std::vector<int> count_neighbors(const Layer& train, const std::vector<std::int64_t>& labels, const float* x,
                                 std::size_t k) {
  std::vector<std::pair<double, std::size_t>> all;
  for (std::size_t j = 0; j < labels.size(); ++j) {
    double sum = 0;
    for (std::size_t f = 0; f < train.features; ++f) {
      sum += std::pow(static_cast<double>(x[f]) - static_cast<double>(train.values[j * train.features + f]), 2);
    }
    all.push_back({sum, j});
  }
  std::sort(all.begin(), all.end());
  std::vector<int> out(3, 0);
  for (std::size_t r = 0; r < k; ++r) ++out[static_cast<std::size_t>(labels[all[r].second])];
  return out;
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("outliers: every number of the samples, by the definition") {
    const Ground ground;
    const Json json = ground.json({"--ood", "far=" + ground.path("far.h5"), "-k", "10", "--distance", "sqeuclidean",
                                   "--layers", "fc*", "--predictions", "/predictions/{epoch}"});
    const Set train = clusters(300, 1), cal = clusters(90, 2), test = clusters(120, 3);
    const auto votes_of = [&](const Set& set, std::size_t layer, std::size_t i) {
      return count_neighbors(train.layers[layer], train.labels,
                             set.layers[layer].values.data() + i * set.layers[layer].features, 10);
    };
    const auto score = [&](const Set& set, std::size_t i, std::size_t c) {
      return 20 - votes_of(set, 0, i)[c] - votes_of(set, 1, i)[c];
    };
    std::vector<int> scores;
    for (std::size_t i = 0; i < 90; ++i) scores.push_back(score(cal, i, static_cast<std::size_t>(cal.labels[i])));
    const auto p_value = [&](int a) {
      return (1. + static_cast<double>(std::count_if(scores.begin(), scores.end(), [=](int s) { return s >= a; }))) /
             91.;
    };
    const Json& out = json["test"];
    CHECK(json["options"]["epoch"] == 2);
    CHECK(json["options"]["layers"] == Json({"fc1", "fc2"}));
    CHECK(out["softmax"].size() == 120);  // of the logits, which have no say in the neighbours
    double right = 0;
    for (std::size_t i = 0; i < 120; ++i) {
      CAPTURE(i);
      const auto c = static_cast<std::size_t>(test.predictions[i]);
      CHECK(out["predictions"][i] == std::to_string(c));
      CHECK(out["labels"][i] == std::to_string(test.labels[i]));
      CHECK(out["nonconformity"][i] == score(test, i, c));
      CHECK(out["credibility"][i] == p_value(score(test, i, c)));
      double other = 0;
      for (std::size_t k = 0; k < 3; ++k) {
        if (k != c) other = std::max(other, p_value(score(test, i, k)));
      }
      CHECK(out["confidence"][i].get<double>() == doctest::Approx(1 - other).epsilon(1e-12));
      const int support = votes_of(test, 1, i)[c];
      CHECK(out["support"]["fc2"][i] == support);
      int below = 0, same = 0;
      for (std::size_t j = 0; j < 90; ++j) {
        if (static_cast<std::size_t>(cal.labels[j]) != c) continue;
        ++same;
        below += votes_of(cal, 1, j)[c] <= support;
      }
      CHECK(out["support_quantile"]["fc2"][i].get<double>() == doctest::Approx((1. + below) / (1. + same)));
      right += test.predictions[i] == test.labels[i];
    }
    CHECK(out["accuracy"].get<double>() == doctest::Approx(right / 120));
    CHECK(json["outliers"][0]["name"] == "far");
    CHECK(json["outliers"][0]["separations"].size() == 5);
    CHECK(json["outliers"][0]["separations"][0]["auroc"].get<double>() > .7);
    CHECK(json["outliers"][0]["separations"][0]["in_distribution"] == 120);
  }

  TEST_CASE("outliers: parts of one file, the vote, softmax, table and CSV") {
    const Ground ground;
    const std::string file = ground.path("train.h5");
    const Arguments parts{"--train", file + "@0:200", "--calibration", file + "@200:250", "--test", file + "@250:"};
    const run::Result result =
        Ground::run(parts, {"--ood", "far=" + ground.path("far.h5"), "-k", "9", "--predictions", "votes", "--csv",
                            ground.path("out.csv"), "--json", ground.path("out.json")});
    CHECK(result.err == "");
    REQUIRE(result.status == 0);
    CHECK(result.out.find("predictions by the neighbours' vote") != std::string::npos);
    CHECK(result.out.find("  far       softmax") != std::string::npos);
    CHECK(analyze::schema_complaint({ground.path("out.json")}, "snnl.outliers-1") == "");
    const Json json = Json::parse(ground.scratch.read("out.json"));
    CHECK(json["test"]["rows"][0] == 250);
    CHECK(json["test"]["samples"] == 50);
    CHECK(json["test"]["predictions"] == json["test"]["votes"]);
    const auto rows = analyze::csv_rows(ground.scratch.read("out.csv"));
    REQUIRE(rows.size() == 1 + 50 + 60);
    CHECK(rows[0][9] == "support_fc1");
    for (std::size_t i = 0; i < 50; ++i) {
      CHECK(rows[i + 1][1] == std::to_string(250 + i));
      CHECK(std::stod(rows[i + 1][6]) == json["test"]["credibility"][i].get<double>());
      CHECK(std::stod(rows[i + 1][8]) == json["test"]["softmax"][i].get<double>());
    }
    CHECK(rows[51][0] == "far");
    CHECK(rows[51][2] == "");
    std::size_t all = 0;
    for (const Json& count : json["test"]["histograms"]["support"]["fc1"]) all += count.get<std::size_t>();
    CHECK(all == 50);
  }

  TEST_CASE("outliers: the same bytes for any number of threads") {
    const Ground ground;
    const auto bytes = [&](const std::string& threads) {
      const run::Result result = Ground::run(ground.files(), {"--threads", threads, "--json", "-"});
      CHECK(result.status == 0);
      return result.out;
    };
    CHECK(bytes("1") == bytes("3"));
  }

  TEST_CASE("outliers: recorded predictions are the default, where all have them") {
    const Ground ground;
    const std::string far = ground.path("far.h5");
    const Json named = ground.json({"--ood", "far=" + far, "--predictions", "/predictions/{epoch}"});
    CHECK(named["options"]["predictions"] == "/predictions/{epoch}");
    CHECK((ground.json({"--ood", "far=" + far}) == named));
    const Json votes = ground.json({"--ood", "far=" + far, "--predictions", "votes"});
    CHECK(votes["options"]["predictions"] == "votes");
    CHECK(votes["test"]["predictions"] == votes["test"]["votes"]);

    // A set without them, and without labels, which outliers do not need.
    const std::string bare = ground.path("bare.h5");
    std::filesystem::copy_file(far, bare);
    {
      const hid_t file = H5Fopen(bare.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
      REQUIRE(H5Ldelete(file, "/labels", H5P_DEFAULT) >= 0);
      REQUIRE(H5Ldelete(file, "/predictions", H5P_DEFAULT) >= 0);
      H5Fclose(file);
    }
    const run::Result result = ground.run(ground.files(), {"--ood", "bare=" + bare, "--json", "-", "-q"});
    CHECK(result.status == 0);
    CHECK(result.err == "snnl-outliers: warning: " + bare +
                            ": has no /predictions/{epoch}, which other sets have; the neighbours' "
                            "vote predicts\n");
    Json of_bare = Json::parse(result.out)["outliers"][0], of_far = votes["outliers"][0];
    of_bare.erase("name");
    of_bare.erase("file");
    of_far.erase("name");
    of_far.erase("file");
    CHECK((of_bare == of_far));
    // Test samples do.
    const std::string refused = ground.refusal(ground.with("--test", "bare.h5"));
    CHECK(refused.find("there are no labels here") != std::string::npos);
  }

  TEST_CASE("outliers: an index of FAISS, and how much it finds") {
    const Ground ground;
    const run::Result without = Ground::run(ground.files(), {"--index", "Flat"});
    if (without.status != 0) {
      CHECK(refusal_line("snnl-outliers", without).rfind("--index: this program was built without FAISS", 0) == 0);
      return;
    }
    // A flat index is exact: only what says so differs.
    for (const std::string distance : {"cosine", "sqeuclidean"}) {
      Json exact = ground.json({"--distance", distance, "--ood", "far=" + ground.path("far.h5")});
      Json flat = ground.json({"--distance", distance, "--ood", "far=" + ground.path("far.h5"), "--index", "Flat"});
      CHECK(flat["options"]["index"] == "Flat");
      CHECK(flat["recall"] == Json({{"samples", 120}, {"layers", {{"fc1", 1.}, {"fc2", 1.}, {"logits", 1.}}}}));
      flat["options"]["index"] = flat["recall"] = nullptr;
      // Distances are FAISS's own, in float.
      for (const std::string layer : {"fc1", "fc2", "logits"}) {
        const Json &of_index = flat["test"]["kth_distance"][layer], &of_search = exact["test"]["kth_distance"][layer];
        double largest = 0;
        for (std::size_t i = 0; i < 120; ++i) {
          largest = std::max(largest, std::abs(of_index[i].get<double>() / of_search[i].get<double>() - 1));
        }
        CHECK(largest < 1e-5);
      }
      for (Json* one : {&flat, &exact}) {
        for (Json* set : {&(*one)["test"], &(*one)["outliers"][0]}) set->erase("kth_distance");
        (*one)["outliers"][0]["separations"].erase(2);
      }
      CHECK((flat == exact));
    }
    // 60 lists of about five samples, of which one is searched: most of 75 neighbours are missing, and vote for nobody.
    const Json few =
        ground.json({"--index", "IVF60,Flat", "--index-parameters", "nprobe=1", "--predictions", "logits"});
    CHECK(few["options"]["index"] == "IVF60,Flat with nprobe=1");
    for (const std::string layer : {"fc1", "fc2"}) {
      CHECK(few["recall"]["layers"][layer] > 0.01);
      CHECK(few["recall"]["layers"][layer] < 0.3);
      for (const std::uint32_t support : few["test"]["support"][layer].get<std::vector<std::uint32_t>>()) {
        CHECK(support < 40);
      }
    }
    const Json many = ground.json({"--index", "HNSW32", "--index-parameters", "efSearch=300"});
    CHECK(many["recall"]["layers"]["fc1"] > 0.9);
    const run::Result table = Ground::run(ground.files(), {"--index", "Flat"});
    CHECK(table.out.find(
              "neighbours by the index Flat, not exact: of the true ones of 120 test samples it finds 100 % in "
              "fc1, 100 % in fc2, 100 % in logits") != std::string::npos);
    const auto refused = [&](const Arguments& more) {
      return refusal_line("snnl-outliers", Ground::run(ground.files(), more));
    };
    CHECK(refused({"--index", "HSNW32"}).find("FAISS makes no index of 'HSNW32' for 4 features") != std::string::npos);
    CHECK(refused({"--index", "Flat", "--index-parameters", "nporbe=3"})
              .find("--index-parameters: FAISS does not take") != std::string::npos);
    CHECK(refused({"--index", "IVF1000,Flat"}).find("FAISS cannot index 300 samples so") != std::string::npos);
    CHECK(refused({"--index-parameters", "nprobe=1"}).find("--index") != std::string::npos);
  }

  TEST_CASE("outliers: files that do not go together") {
    const Ground ground;
    CHECK(ground.refusal(ground.with("--calibration", "train.h5")) ==
          "train.h5: row 0 equals row 0 of train.h5 in every layer; calibration needs samples that were not trained "
          "on");
    // A file of samples that are alike but for `edit`.
    const auto edited = [&](const std::string& file, const auto& edit) {
      Set set = clusters(90, 2);
      edit(set);
      ground.write(file, set);
      return file;
    };
    CHECK(ground.refusal(ground.with("--test", edited("layers.h5", [](Set& set) { set.layers[1].name = "fc3"; }))) ==
          "layers.h5: has a layer 'fc3' that train.h5 has not; choose those of both with --layers");
    CHECK(ground.refusal(
              ground.with("--test", edited("fewer.h5", [](Set& set) { set.layers.erase(set.layers.begin() + 1); }))) ==
          "fewer.h5: has no layer 'fc2' at epoch 2, which the training file has; did you mean 'fc1'?");
    CHECK(ground.refusal(
              ground.with("--test", edited("features.h5", [](Set& set) {
                            set.layers[0].features = 2;
                            set.layers[0].values.resize(180);
                          }))) == "features.h5:/epochs/0002/fc1: has 2 features, but train.h5:/epochs/0002/fc1 has 4");
    CHECK(ground.refusal(ground.with("--test", edited("class.h5", [](Set& set) { set.labels[5] = 7; }))) ==
          "class.h5: class '7' is absent from the training samples");
    CHECK(ground.refusal(ground.with(
              "--calibration", edited("two.h5", [](Set& set) {
                std::replace(set.labels.begin(), set.labels.end(), 2, 1);
              }))) == "two.h5: has no sample of class '2'; every class of the training set needs calibration points");
    Arguments predicted = ground.with("--test", edited("predicted.h5", [](Set& set) { set.predictions[3] = 9; }));
    predicted.insert(predicted.end(), {"--predictions", "/predictions/{epoch}"});
    CHECK(ground.refusal(predicted).find("predicts class '9', which is not among those of the training set") !=
          std::string::npos);
    CHECK(
        ground
            .refusal(ground.with(
                "--test",
                edited("nan.h5", [](Set& set) { set.layers[1].values[31] = std::numeric_limits<float>::quiet_NaN(); })))
            .rfind("nan.h5:/epochs/0002/fc2: ", 0) == 0);
    CHECK(ground.refusal(ground.with("--test", "none.h5")).rfind("none.h5: ", 0) == 0);
  }

  TEST_CASE("outliers: options that cannot be followed") {
    const Ground ground;
    const auto with = [&](const Arguments& more) {
      Arguments all = ground.files();
      all.insert(all.end(), more.begin(), more.end());
      return ground.refusal(all);
    };
    CHECK(with({"-k", "301"}) == "-k: 301 neighbours are asked for, but train.h5 has 300 samples");
    CHECK(with({"--ood", ground.path("far.h5")}).find("is not NAME=FILE") != std::string::npos);
    CHECK(with({"--ood", "a=x.h5", "--ood", "a=y.h5"}) == "--ood: 'a' is named twice");
    CHECK(with({"--ood", "a=" + ground.path("far.h5@70:")}) ==
          "far.h5@70:: the range goes beyond the 60 samples of the file");
    CHECK(with({"--ood", "a=" + ground.path("far.h5@5:5")}) == "--ood: 'far.h5@5:5': the range is empty");
    CHECK(with({"--ood", "a=" + ground.path("far.h5@x:5")}).find("'x' is no row") != std::string::npos);
    CHECK(with({"--ood", "a=" + ground.path("far.h5@/labels=3")}) ==
          "far.h5@/labels=3: label set '/labels' has no class '3'");
    CHECK(with({"--epoch", "3"}).find("3") != std::string::npos);
    CHECK(with({"--json", ground.path("train.h5")}).find("--json") != std::string::npos);
    CHECK(with({"--predictions", "/predicted"}).find("/predicted") != std::string::npos);
    CHECK(ground.scratch.names() == "cal.h5 far.h5 test.h5 train.h5");
  }
}
