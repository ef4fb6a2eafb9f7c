#include "snnl/hdf5/handle.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <utility>
#include <vector>

#include "snnl/error.hpp"
#include "snnl/text/wording.hpp"

namespace snnl::hdf5 {
namespace {

std::vector<std::string> descriptions() {
  std::vector<std::string> texts;
  const auto collect = [](unsigned, const H5E_error2_t* error, void* data) -> herr_t {
    try {
      if (error->desc != nullptr) static_cast<std::vector<std::string>*>(data)->emplace_back(error->desc);
    } catch (...) {  // no exception may pass through C
      return -1;
    }
    return 0;
  };
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, collect, &texts);
  return texts;
}

}  // namespace

Handle::~Handle() {
  if (id_ >= 0) H5Idec_ref(id_);
}

Handle::Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)) {}

Handle& Handle::operator=(Handle&& other) noexcept {
  std::swap(id_, other.id_);
  return *this;
}

QuietErrors::QuietErrors() {
  // HDF5 loses memory in damaged files and complains of that when the process ends; handlers run in reverse order, so
  // this one, set after its own, is in time.
  static const bool quiet_at_exit = [] {
    H5open();
    return std::atexit([] { H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); }) == 0;
  }();
  static_cast<void>(quiet_at_exit);
  saved_ = H5Eget_auto2(H5E_DEFAULT, &function_, &data_) >= 0;
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

QuietErrors::~QuietErrors() {
  if (saved_) H5Eset_auto2(H5E_DEFAULT, function_, data_);
}

std::string last_error() {
  const std::vector<std::string> texts = descriptions();
  return texts.empty() ? "" : text::location(texts.front(), "");
}

std::string last_error_stack() {
  std::string all;
  for (const std::string& text : descriptions()) all += text + "\n";
  return all;
}

void fail(const std::string& where, const std::string& action) {
  const std::string reason = last_error();
  throw Error(where, fmt::format("could not {}{}", action, reason.empty() ? "" : " (HDF5: " + reason + ")"),
              "the file seems to be damaged, copy or write it again");
}

Handle own(hid_t id, const std::string& where, const std::string& action) {
  if (id < 0) fail(where, action);
  return Handle(id);
}

}  // namespace snnl::hdf5
