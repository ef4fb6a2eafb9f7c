#pragma once

#include <hdf5.h>

namespace snnl::hdf5 {

/// HDF5's predefined memory types; its macros hold casts, so they are expanded in one place.
hid_t native_float();
hid_t native_double();
hid_t native_uint16();
hid_t native_int64();
hid_t native_uint64();
hid_t c_string();
/// Class of the property lists for making links.
hid_t link_creation();

}  // namespace snnl::hdf5
