#pragma once

#include <string>

#include "snnl/nearest_neighbors.hpp"

namespace snnl::outliers {

/// Neighbours by an index of FAISS: `factory` as faiss::index_factory reads it ("HNSW32", "IVF1024,Flat"), `parameters`
/// as faiss::ParameterSpace does ("nprobe=16"), or empty. Under cosine it is an index of inner products of unit rows, a
/// row of zeros staying one, so that its distance to all others is 1.
///
/// Throws snnl::Error where this program was built without FAISS, or FAISS does not understand the text; making the
/// index of a training set throws it where FAISS refuses that.
NeighborIndex faiss_index(const std::string& factory, const std::string& parameters);

/// FAISS is loaded where an index is asked for, as a module that has this one function: the BLAS that it brings starts
/// threads as soon as it is loaded, and ends or hangs where there are none to be had, or little memory.
using FaissEntry = void(const std::string& factory, const std::string& parameters, NeighborIndex& out);
extern "C" FaissEntry snnl_faiss_index;

}  // namespace snnl::outliers
