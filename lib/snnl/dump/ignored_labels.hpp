#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "snnl/dump/labels.hpp"
#include "snnl/error.hpp"

namespace snnl::dump {

// Labels that mark samples to be left out, as PyTorch's ignore_index -100 does.

/// Which of the distinct labels `given` names: [set.distinct]. A label is named as it is stored, or by its class name;
/// what names none and holds commas is a list. Adds those that name one to `met`.
std::vector<bool> ignored_among(const LabelSet& set, const std::vector<std::string>& given, std::set<std::string>& met);

/// What is told of those that no label set has; `where` are the labels, empty where there are several sets of them.
std::vector<Error> tell_unmet(const std::string& where, const std::vector<std::string>& given,
                              const std::set<std::string>& met);

/// What is told where one label is negative, not ignored, and the others are numbers of classes.
std::optional<Error> suspicious_label(const LabelSet& set);

}  // namespace snnl::dump
