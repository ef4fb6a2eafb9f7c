#pragma once

#include <vector>

#include "snnl/inspect/inspection.hpp"

namespace snnl::inspect {

/// What the shapes of items leave open, layers of one kind together; in the order of their first layers.
std::vector<Question> questions_of(const Inspection& inspection);

}  // namespace snnl::inspect
