#include "train/metrics.hpp"

#include <sstream>

#include "snnl/text/number.hpp"
#include "snnl/version.hpp"

namespace train {
namespace {

using Json = nlohmann::ordered_json;

Json scores_to_json(const Scores& s) {
  return {{"accuracy", s.accuracy},
          {"cross_entropy", s.cross_entropy},
          {"expected_calibration_error", s.expected_calibration_error},
          {"maximum_calibration_error", s.maximum_calibration_error}};
}

Scores scores_from_json(const nlohmann::json& json) {
  Scores s;
  s.accuracy = json.at("accuracy");
  s.cross_entropy = json.at("cross_entropy");
  s.expected_calibration_error = json.at("expected_calibration_error");
  s.maximum_calibration_error = json.at("maximum_calibration_error");
  return s;
}

Json by_layer(const std::vector<std::string>& layers, const std::vector<double>& values) {
  Json json = Json::object();
  for (std::size_t i = 0; i < layers.size(); ++i) json[layers[i]] = values.at(i);
  return json;
}

std::vector<double> from_layers(const std::vector<std::string>& layers, const nlohmann::json& json) {
  std::vector<double> values;
  for (const std::string& layer : layers) values.push_back(json.at(layer));
  return values;
}

}  // namespace

Json epochs_to_json(const TrainingRecord& record) {
  Json epochs = Json::array();
  for (const EpochMetrics& m : record.epochs) {
    Json row{{"epoch", m.epoch}, {"training", nullptr}, {"validation", nullptr}, {"test", scores_to_json(m.test)}};
    if (m.training) {
      row["training"] = {{"loss", m.training->loss},
                         {"cross_entropy", m.training->cross_entropy},
                         {"accuracy", m.training->accuracy},
                         {"entanglement", by_layer(record.entangled, m.training->entanglement)},
                         {"temperature", by_layer(record.entangled, m.training->temperature)}};
    }
    if (m.validation) row["validation"] = scores_to_json(*m.validation);
    epochs.push_back(std::move(row));
  }
  return epochs;
}

std::vector<EpochMetrics> epochs_from_json(const nlohmann::json& json, const std::vector<std::string>& entangled) {
  std::vector<EpochMetrics> epochs;
  for (const nlohmann::json& row : json) {
    EpochMetrics m;
    m.epoch = row.at("epoch");
    if (const nlohmann::json& t = row.at("training"); !t.is_null()) {
      m.training =
          TrainingScores{t.at("loss"), t.at("cross_entropy"), t.at("accuracy"),
                         from_layers(entangled, t.at("entanglement")), from_layers(entangled, t.at("temperature"))};
    }
    if (!row.at("validation").is_null()) m.validation = scores_from_json(row.at("validation"));
    m.test = scores_from_json(row.at("test"));
    epochs.push_back(std::move(m));
  }
  return epochs;
}

Json to_json(const TrainingRecord& record) {
  Json json;
  json["schema"] = "snnl.training/1";
  json["generator"] = {{"name", "snnl-train"}, {"version", snnl::version}};
  json["options"] = record.options;
  json["data"] = record.data;
  json["epochs"] = epochs_to_json(record);
  json["divergence"] = nullptr;
  if (record.divergence) json["divergence"] = {{"epoch", record.divergence->epoch}, {"what", record.divergence->what}};
  return json;
}

std::string to_csv(const TrainingRecord& record) {
  std::ostringstream out;
  out << "epoch,training_loss,training_cross_entropy,training_accuracy";
  for (const std::string split : {"validation", "test"}) {
    out << ',' << split << "_accuracy," << split << "_cross_entropy," << split << "_expected_calibration_error,"
        << split << "_maximum_calibration_error";
  }
  for (const std::string& layer : record.entangled) out << ",entanglement_" << layer;
  for (const std::string& layer : record.entangled) out << ",temperature_" << layer;
  out << '\n';
  const auto scores = [&](const Scores& s) {
    for (const double value :
         {s.accuracy, s.cross_entropy, s.expected_calibration_error, s.maximum_calibration_error}) {
      out << ',' << snnl::text::format_number(value);
    }
  };
  for (const EpochMetrics& m : record.epochs) {
    out << m.epoch;
    if (m.training) {
      out << ',' << snnl::text::format_number(m.training->loss) << ','
          << snnl::text::format_number(m.training->cross_entropy) << ','
          << snnl::text::format_number(m.training->accuracy);
    } else {
      out << ",,,";
    }
    if (m.validation) {
      scores(*m.validation);
    } else {
      out << ",,,,";
    }
    scores(m.test);
    for (std::size_t i = 0; i < record.entangled.size(); ++i) {
      out << ',' << (m.training ? snnl::text::format_number(m.training->entanglement[i]) : "");
    }
    for (std::size_t i = 0; i < record.entangled.size(); ++i) {
      out << ',' << (m.training ? snnl::text::format_number(m.training->temperature[i]) : "");
    }
    out << '\n';
  }
  return out.str();
}

}  // namespace train
