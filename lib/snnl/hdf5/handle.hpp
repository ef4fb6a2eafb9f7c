#pragma once

#include <hdf5.h>

#include <string>

namespace snnl::hdf5 {

/// Owns one HDF5 identifier of any kind (file, group, dataset, type, ...).
class Handle {
 public:
  Handle() = default;
  explicit Handle(hid_t id) : id_(id) {}
  ~Handle();
  Handle(Handle&& other) noexcept;
  Handle& operator=(Handle&& other) noexcept;

  hid_t get() const { return id_; }
  explicit operator bool() const { return id_ >= 0; }

 private:
  hid_t id_ = -1;
};

/// While it lives, and when the process ends, HDF5 prints no diagnostics; in between it does what it did before. Put
/// one around every use.
class QuietErrors {
 public:
  QuietErrors();
  ~QuietErrors();
  QuietErrors(const QuietErrors&) = delete;
  QuietErrors& operator=(const QuietErrors&) = delete;

 private:
  H5E_auto2_t function_ = nullptr;
  void* data_ = nullptr;
  bool saved_ = false;
};

/// What HDF5 says about the call that failed last: its innermost description, in one line; empty if there is none.
std::string last_error();

/// All descriptions of the call that failed last, for telling one cause from another.
std::string last_error_stack();

/// Throws snnl::Error "where: could not <action> (HDF5: ...); the file may be damaged".
[[noreturn]] void fail(const std::string& where, const std::string& action);

/// The identifier returned by an HDF5 call, owned. Throws as `fail` does if the call failed.
Handle own(hid_t id, const std::string& where, const std::string& action);

/// The value returned by an HDF5 call (herr_t, htri_t, counts): throws as `fail` does if negative.
template <typename Integer>
Integer check(Integer status, const std::string& where, const std::string& action) {
  if (status < 0) fail(where, action);
  return status;
}

}  // namespace snnl::hdf5
