#pragma once

#include "analyze/options.hpp"
#include "common/output.hpp"

namespace analyze {

/// All outputs of an analysis but the losses of samples.
class Outputs {
 public:
  /// Throws snnl::Error where one could not be written.
  explicit Outputs(const Options& o);

  /// Writes all of them. No item that could be analysed makes no page.
  void fill(const snnl::Analysis& analysis);
  /// Gives the files their names.
  void commit();

 private:
  const Options& o_;
  tool::Output json_, csv_, similarity_, page_;
  bool has_page_ = false;
};

/// The table on stdout, unless that was asked to hold something else.
void print_table(const Options& o, const snnl::Analysis& analysis);

}  // namespace analyze
