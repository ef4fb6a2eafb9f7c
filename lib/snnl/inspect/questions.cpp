#include "snnl/inspect/questions.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace snnl::inspect {
namespace {

/// Square maps in the axes that channels last would have them in, and in no others: [n, 14, 14, 32]. A guess.
bool looks_channels_last(const std::vector<std::size_t>& shape) { return shape[1] == shape[2] && shape[2] != shape[3]; }

/// More than one place or token. A map of one place is its own mean.
bool has_places(const std::vector<std::size_t>& shape) {
  if (shape.size() == 3) return shape[1] > 1;
  return shape.size() == 4 && shape[2] * shape[3] > 1 && shape[1] * shape[2] > 1;
}

Question question_on(const ItemInfo& item, const std::string& data_format) {
  Question question;
  question.rank = item.shape.size();
  if (question.rank == 3) {
    question.message =
        "three axes, which are [samples, tokens, features] where they are of a transformer: every token gives features "
        "of its own, and pooled ones can have twice the entanglement, or half";
    question.options = {"--tokens", "mean"};
    return question;
  }
  question.message =
      "four axes, which are maps: every place gives features of its own, and pooled ones can have twice the "
      "entanglement, or half";
  question.options = {"--pool", "mean"};
  if (data_format.empty() && looks_channels_last(item.shape)) {
    question.message += "; they look like [samples, height, width, channels]";
    question.options.emplace_back("--channels-last");
  }
  return question;
}

}  // namespace

std::vector<Question> questions_of(const Inspection& inspection) {
  std::vector<Question> questions;
  std::set<std::string> asked;
  for (const ItemInfo& item : inspection.items) {
    const bool open = item.dataset && has_places(item.shape);
    if (!open || !asked.insert(item.layer).second) continue;
    Question question = question_on(item, inspection.datasets[*item.dataset].data_format);
    const auto same = std::find_if(questions.begin(), questions.end(), [&](const Question& other) {
      return other.rank == question.rank && other.options == question.options;
    });
    Question& place = same != questions.end() ? *same : questions.emplace_back(std::move(question));
    place.layers.push_back(item.layer);
  }
  return questions;
}

}  // namespace snnl::inspect
