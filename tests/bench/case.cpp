#include "case.hpp"

#include <charconv>
#include <map>
#include <sstream>
#include <stdexcept>

namespace bench {
namespace {

template <class Number>
Number number(const std::string& key, const std::string& text) {
  Number value{};
  const auto end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, value);
  if (failure != std::errc{} || stop != end) throw std::invalid_argument(key + "=" + text + ": not such a number");
  return value;
}

template <class Enum>
Enum choice(const std::string& text, const std::map<std::string, Enum>& names) {
  const auto found = names.find(text);
  if (found == names.end()) throw std::invalid_argument("unknown: " + text);
  return found->second;
}

}  // namespace

Measurement parse_case(const std::string& text) {
  using Reference = Measurement::Reference;
  Measurement m;
  std::istringstream rest(text);
  std::string word;
  std::getline(rest, word, ':');
  m.reference = choice<Reference>(word, {{"none", Reference::none},
                                         {"gemm", Reference::gemm},
                                         {"classes", Reference::classes},
                                         {"one_thread", Reference::one_thread},
                                         {"gemm_alone", Reference::gemm_alone}});
  while (std::getline(rest, word, ',')) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) throw std::invalid_argument(word + ": not KEY=VALUE");
    const std::string key = word.substr(0, equals), value = word.substr(equals + 1);
    if (key == "n") {
      m.workload.n = number<std::size_t>(key, value);
    } else if (key == "d") {
      m.workload.d = number<std::size_t>(key, value);
    } else if (key == "classes") {
      m.workload.classes = number<std::size_t>(key, value);
    } else if (key == "separation") {
      m.workload.separation = number<double>(key, value);
    } else if (key == "norms") {
      m.workload.norms = number<double>(key, value);
    } else if (key == "seed") {
      m.workload.seed = number<std::uint32_t>(key, value);
    } else if (key == "kind") {
      using Kind = Workload::Kind;
      m.workload.kind = choice<Kind>(value, {{"clusters", Kind::clusters}, {"logits", Kind::logits}});
    } else if (key == "threads") {
      m.threads = number<std::size_t>(key, value);
    } else if (key == "subject") {
      using Subject = Measurement::Subject;
      m.subject = choice<Subject>(
          value, {{"search", Subject::search}, {"gradient", Subject::gradient}, {"neighbors", Subject::neighbors}});
    } else if (key == "calls") {
      m.calls = number<std::size_t>(key, value);
      if (m.calls == 0) throw std::invalid_argument("calls=0");
    } else if (key == "warm_up") {
      m.warm_up = number<int>(key, value) != 0;
    } else if (key == "reference_classes") {
      m.reference_classes = number<std::size_t>(key, value);
    } else {
      throw std::invalid_argument("unknown: " + key);
    }
  }
  return m;
}

}  // namespace bench
