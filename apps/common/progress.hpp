#pragma once

#include <chrono>
#include <string>

namespace tool {

/// A bar on stderr with the time left, drawn only where stderr is a terminal and `wanted`. Work is told in fractions
/// of the whole.
class Progress {
 public:
  explicit Progress(bool wanted);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `fraction` in [0, 1] is done; `what` names what comes next.
  void update(double fraction, const std::string& what);
  /// Takes the bar off the screen, so that something else can be printed.
  void clear();

 private:
  bool shown_;
  bool color_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// "0:42", "12:05", "3:07:10"
std::string format_duration(double seconds);

}  // namespace tool
