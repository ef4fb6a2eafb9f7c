#include "snnl/hdf5/types.hpp"

#if defined(__GNUC__)
#pragma GCC diagnostic ignored "-Wold-style-cast"
#endif

namespace snnl::hdf5 {

hid_t native_float() { return H5T_NATIVE_FLOAT; }
hid_t native_double() { return H5T_NATIVE_DOUBLE; }
hid_t native_uint16() { return H5T_NATIVE_UINT16; }
hid_t native_int64() { return H5T_NATIVE_INT64; }
hid_t native_uint64() { return H5T_NATIVE_UINT64; }
hid_t c_string() { return H5T_C_S1; }
hid_t link_creation() { return H5P_LINK_CREATE; }

}  // namespace snnl::hdf5
