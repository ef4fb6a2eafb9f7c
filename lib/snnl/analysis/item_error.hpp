#pragma once

#include <fmt/format.h>

#include <new>
#include <string>

#include "snnl/error.hpp"
#include "snnl/product/products.hpp"

namespace snnl::analysis {

/// What failing to do `work` comes to in one line, naming the item at `location`; empty when it was done. Products that
/// are wrong are so for all items: that is thrown on.
template <class Work>
std::string item_error(const std::string& location, const Work& work) {
  try {
    work();
    return {};
  } catch (const product::WrongProducts&) {
    throw;
  } catch (const Error& e) {
    return e.where().starts_with(location) ? e.what() : fmt::format("{}: {}", location, e.what());
  } catch (const std::bad_alloc&) {
    return location + ": not enough memory for this item; analyse fewer samples or features";
  }
}

}  // namespace snnl::analysis
