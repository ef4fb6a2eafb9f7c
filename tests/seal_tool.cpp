// Gives the items of an analysis, edited by a test, the checksums of what they hold now: seal_tool FILE

#include <exception>
#include <iostream>

#include "snnl/analysis.hpp"
#include "snnl/files/output_file.hpp"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  try {
    const snnl::Analysis analysis = snnl::read_analysis(argv[1]);
    snnl::files::OutputFile file(argv[1]);
    snnl::write_json(file.stream(), analysis);
    file.commit();
    return 0;
  } catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return 2;
  }
}
