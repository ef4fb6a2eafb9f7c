#pragma once

#include <limits>

#include "snnl/entanglement/judged_rows.hpp"
#include "snnl/entanglement/settled_nearest.hpp"
#include "snnl/points/points.hpp"
#include "snnl/points/queries.hpp"

namespace snnl::engine {

inline constexpr double float_epsilon = 0x1p-24, double_epsilon = 0x1p-53;
inline constexpr double extended_epsilon = std::numeric_limits<long double>::epsilon() / 2;

/// How much the mean of `losses` [queries] at a temperature may be wrong by rounding in float, half of what a single
/// one may be included. The judged rows have been evaluated there.
///
/// It is the mean of the sampled rows' errors and four of its standard errors, and half their root mean square, which
/// no mean exceeds. For rows unlike those of the sample it is carried over in proportion to what rounding can do to a
/// row: its norms, and how far its neighbours of other classes matter.
double float_error(const Points& points, const Queries& queries, const JudgedRows& judged,
                   const SettledNearest& nearest, const double* losses, double temperature);

/// The same in double, from what rounding can do to each row. Those of which it could change more than a little are
/// done in extended precision.
double double_error(const Points& points, const Queries& queries, const SettledNearest& nearest, const double* losses,
                    double temperature);

/// Whether `losses` [queries] in double differ from those of the judged rows, which have been evaluated there, by more
/// than rounding: then products are wrong.
bool are_wrong(const JudgedRows& judged, const SettledNearest& nearest, const double* losses, double temperature);

}  // namespace snnl::engine
