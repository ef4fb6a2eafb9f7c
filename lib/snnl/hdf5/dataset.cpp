#include "snnl/hdf5/dataset.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "snnl/error.hpp"
#include "snnl/hdf5/object.hpp"
#include "snnl/text/wording.hpp"

namespace snnl::hdf5 {
namespace {

double element_count(const std::vector<std::size_t>& shape) {
  double count = 1;
  for (const std::size_t extent : shape) count *= static_cast<double>(extent);
  return count;
}

// Chunks that a dataset of this shape has when all of it has been written.
double chunk_count(const std::vector<std::size_t>& shape, const std::vector<hsize_t>& chunk) {
  double count = 1;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    count *= std::ceil(static_cast<double>(shape[i]) / static_cast<double>(chunk[i]));
  }
  return count;
}

// What the filters can make of a byte at most; 0 where that cannot be told. deflate repeats 258 bytes by 2 bits.
double largest_expansion(const Handle& creation) {
  constexpr double by_deflate = 1032;
  double expansion = 1;
  const int filters = H5Pget_nfilters(creation.get());
  for (int i = 0; i < filters; ++i) {
    unsigned flags = 0, config = 0;
    std::size_t parameters = 0;
    switch (
        H5Pget_filter2(creation.get(), static_cast<unsigned>(i), &flags, &parameters, nullptr, 0, nullptr, &config)) {
      case H5Z_FILTER_DEFLATE:
        expansion *= by_deflate;
        break;
      case H5Z_FILTER_SHUFFLE:
      case H5Z_FILTER_FLETCHER32:
        break;
      default:
        return 0;
    }
  }
  return expansion;
}

[[noreturn]] void fail_inconsistent(const Dataset& dataset) {
  throw Error(dataset.where, "its type, shape and storage do not fit together",
              "the file seems to be damaged, copy or write it again");
}

[[noreturn]] void fail_too_large(const Dataset& dataset) {
  throw Error(dataset.where, "claims more data than the whole file has room for",
              "the file seems to be damaged, copy or write it again");
}

/// Shape of a chunk; empty where there are none.
std::vector<hsize_t> chunk_extents(const Dataset& dataset) {
  const Handle creation(H5Dget_create_plist(dataset.id.get()));
  std::vector<hsize_t> chunk(dataset.shape.size(), 1);
  if (!creation || H5Pget_layout(creation.get()) != H5D_CHUNKED ||
      H5Pget_chunk(creation.get(), static_cast<int>(chunk.size()), chunk.data()) < 0) {
    return {};
  }
  return chunk;
}

double chunk_bytes(const Dataset& dataset, const std::vector<hsize_t>& chunk) {
  double bytes = static_cast<double>(H5Tget_size(dataset.type.get()));
  for (const hsize_t extent : chunk) bytes *= static_cast<double>(extent);
  return bytes;
}

// HDF5 1.10 trusts these sizes and copies beyond its buffers where they are wrong.
void check_sizes(const Dataset& dataset, const Handle& space, const Handle& creation,
                 const std::vector<hsize_t>& chunk) {
  const std::string action = "look at its storage";
  std::vector<hsize_t> most(chunk.size());
  check(H5Sget_simple_extent_dims(space.get(), nullptr, most.data()), dataset.where, action);
  for (std::size_t i = 0; i < chunk.size(); ++i) {
    if (most[i] != H5S_UNLIMITED && chunk[i] > most[i]) fail_inconsistent(dataset);
  }
  const bool filtered = check(H5Pget_nfilters(creation.get()), dataset.where, action) > 0;
  hsize_t stored = 0;
  check(H5Dget_chunk_info(dataset.id.get(), space.get(), 0, nullptr, nullptr, nullptr, &stored), dataset.where, action);
  if (!filtered && static_cast<double>(stored) != chunk_bytes(dataset, chunk)) fail_inconsistent(dataset);
}

// What was never written reads as zeros, and a damaged shape may claim any size: both show in what is stored.
void check_storage(Dataset& dataset, const Handle& space) {
  const std::string action = "look at its storage";
  const double elements = element_count(dataset.shape);
  if (elements == 0) return;
  H5D_space_status_t status = H5D_SPACE_STATUS_ALLOCATED;
  check(H5Dget_space_status(dataset.id.get(), &status), dataset.where, action);
  if (status == H5D_SPACE_STATUS_NOT_ALLOCATED) {
    throw Error(dataset.where, "was created but never written", "its writer was stopped, write it again");
  }
  constexpr std::size_t widest_number = 16;
  const H5T_class_t type_class = H5Tget_class(dataset.type.get());
  const bool number = type_class == H5T_INTEGER || type_class == H5T_FLOAT || type_class == H5T_ENUM;
  if (number && H5Tget_size(dataset.type.get()) > widest_number) fail_inconsistent(dataset);

  const Handle creation = own(H5Dget_create_plist(dataset.id.get()), dataset.where, action);
  if (H5Pget_layout(creation.get()) == H5D_CHUNKED) {
    std::vector<hsize_t> chunk(dataset.shape.size(), 1);
    check(H5Pget_chunk(creation.get(), static_cast<int>(chunk.size()), chunk.data()), dataset.where, action);
    hsize_t written = 0;
    check(H5Dget_num_chunks(dataset.id.get(), space.get(), &written), dataset.where, action);
    if (written == 0) fail_inconsistent(dataset);
    check_sizes(dataset, space, creation, chunk);
    dataset.complete = static_cast<double>(written) >= chunk_count(dataset.shape, chunk);
    const double most = file_bytes(dataset.id) * largest_expansion(creation);
    if (most > 0 && chunk_bytes(dataset, chunk) * static_cast<double>(written) > most) fail_too_large(dataset);
    return;
  }
  const double bytes = elements * static_cast<double>(H5Tget_size(dataset.type.get()));
  if (static_cast<double>(H5Dget_storage_size(dataset.id.get())) < bytes) {
    fail_inconsistent(dataset);
  }
  if (bytes > file_bytes(dataset.id)) fail_too_large(dataset);
}

void refuse_foreign_storage(const Dataset& dataset) {
  const Handle creation = own(H5Dget_create_plist(dataset.id.get()), dataset.where, "look at its storage");
  if (H5Pget_external_count(creation.get()) > 0) {
    throw Error(dataset.where, "its data lie outside the HDF5 file (external storage), which is not followed",
                "copy it into the file with h5py or h5repack");
  }
  if (H5Pget_layout(creation.get()) == H5D_VIRTUAL) {
    throw Error(dataset.where, "is a virtual dataset, whose data lie in other datasets, and these are not followed",
                "give the files that hold the data, or copy it into one dataset with h5py");
  }
}

double memory_of_machine() {
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page_size = sysconf(_SC_PAGESIZE);
  return pages > 0 && page_size > 0 ? static_cast<double>(pages) * static_cast<double>(page_size)
                                    : static_cast<double>(std::numeric_limits<std::ptrdiff_t>::max());
}

}  // namespace

Dataset open_dataset(const Handle& file, const std::string& file_name, const std::string& path) {
  Dataset dataset;
  dataset.where = text::location(file_name, path);
  const ObjectKind kind = object_info(file, path).kind;
  if (kind == ObjectKind::none) throw why_unreachable(file, path).at(dataset.where);
  if (kind != ObjectKind::dataset) {
    throw Error(dataset.where, kind == ObjectKind::group ? "is a group, not a dataset" : "is not a dataset",
                "give the path of a dataset");
  }
  const Handle access = no_external_links();
  dataset.id = own(H5Oopen(file.get(), path.c_str(), access.get()), dataset.where, "be opened");
  refuse_foreign_storage(dataset);
  dataset.type = own(H5Dget_type(dataset.id.get()), dataset.where, "tell its type");
  const Handle space = own(H5Dget_space(dataset.id.get()), dataset.where, "tell its shape");
  if (H5Sget_simple_extent_type(space.get()) == H5S_NULL) {
    throw Error(dataset.where, "is empty: it has no shape", "write an array of [samples, features]");
  }
  const int rank = check(H5Sget_simple_extent_ndims(space.get()), dataset.where, "tell its shape");
  std::vector<hsize_t> dims(static_cast<std::size_t>(rank));
  check(H5Sget_simple_extent_dims(space.get(), dims.data(), nullptr), dataset.where, "tell its shape");
  dataset.shape.assign(dims.begin(), dims.end());
  check_storage(dataset, space);
  return dataset;
}

void fail_incomplete(const Dataset& dataset) {
  throw Error(dataset.where, "was written in part only, the rest would read as zeros",
              "its writer was stopped, write it again");
}

std::size_t chunk_bytes(const Dataset& dataset) {
  const std::vector<hsize_t> chunk = chunk_extents(dataset);
  if (chunk.empty()) return 0;
  const double bytes = chunk_bytes(dataset, chunk);
  return bytes < memory_of_machine() ? static_cast<std::size_t>(bytes) : 0;
}

std::size_t chunk_extent(const Dataset& dataset, std::size_t axis) {
  const std::vector<hsize_t> chunk = chunk_extents(dataset);
  return chunk.empty() ? 1 : std::max<hsize_t>(chunk[axis], 1);
}

std::size_t checked_bytes(const std::vector<std::size_t>& shape, std::size_t element_size, const std::string& where) {
  // In floating point, where nothing overflows; a corrupt header may claim any size.
  const double bytes = static_cast<double>(element_size) * element_count(shape);
  if (bytes > memory_of_machine()) {
    const double gib = std::ceil(bytes / (1024.0 * 1024.0 * 1024.0));
    const std::string amount = gib < 1e15 ? std::to_string(static_cast<std::int64_t>(gib)) : "more than 10^15";
    throw Error(where, fmt::format("needs {} GiB, more memory than this machine has", amount),
                "store fewer samples or features");
  }
  std::size_t product = element_size;
  for (const std::size_t extent : shape) product *= extent;
  return product;
}

void fail_reading(const Dataset& dataset) {
  const std::string reason = last_error();
  const Handle creation(H5Dget_create_plist(dataset.id.get()));
  const int filters = creation ? H5Pget_nfilters(creation.get()) : 0;
  for (int i = 0; i < filters; ++i) {
    std::array<char, 64> name{};
    std::size_t parameters = 0;
    unsigned flags = 0;
    unsigned config = 0;
    const H5Z_filter_t filter = H5Pget_filter2(creation.get(), static_cast<unsigned>(i), &flags, &parameters, nullptr,
                                               name.size() - 1, name.data(), &config);
    if (filter >= 0 && H5Zfilter_avail(filter) <= 0) {
      const std::string label = name[0] == '\0' ? "" : text::location(fmt::format(" '{}'", name.data()), "");
      throw Error(
          dataset.where,
          fmt::format("is compressed with filter{} (number {}), which this HDF5 library does not have", label, filter),
          "install its plugin, or write the data with gzip");
    }
  }
  fail_damaged(dataset, reason.empty() ? "" : "HDF5: " + reason);
}

void fail_damaged(const Dataset& dataset, const std::string& reason) {
  throw Error(dataset.where, "could not be read" + (reason.empty() ? "" : fmt::format(" ({})", reason)),
              "the file seems to be damaged, copy or write it again");
}

}  // namespace snnl::hdf5
