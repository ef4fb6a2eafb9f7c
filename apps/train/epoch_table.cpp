#include "train/epoch_table.hpp"

#include <iostream>

#include "snnl/error.hpp"
#include "snnl/text/number.hpp"

namespace train {
namespace {

std::string cell(const std::string& text, std::size_t width) {
  return std::string(text.size() < width ? width - text.size() : 1, ' ') + text;
}

}  // namespace

void EpochTable::header() const {
  if (!wanted_) return;
  std::cout << "  epoch      loss  train acc.  valid. acc.  test acc.  test ECE" << (entangled_ ? "      snnl" : "")
            << "    time\n";
}

void EpochTable::row(const EpochMetrics& m, const std::string& time) const {
  if (!wanted_) return;
  const auto percent = [](double share) { return snnl::text::format_short(100 * share, 3) + " %"; };
  std::string line = cell(std::to_string(m.epoch), 7) +
                     cell(m.training ? snnl::text::format_short(m.training->loss) : "-", 10) +
                     cell(m.training ? percent(m.training->accuracy) : "-", 12) +
                     cell(m.validation ? percent(m.validation->accuracy) : "-", 13) +
                     cell(percent(m.test.accuracy), 11) + cell(percent(m.test.expected_calibration_error), 10);
  if (entangled_) {
    double sum = 0;
    if (m.training) {
      for (const double value : m.training->entanglement) sum += value;
    }
    line += cell(m.training ? snnl::text::format_short(sum) : "-", 10);
  }
  std::cout << line << cell(time, 8) << '\n' << std::flush;
  if (!std::cout) throw snnl::Error("stdout", "could not be written");
}

}  // namespace train
