// snnl-analyze: entanglement and class similarity of every (epoch, layer) of an activation dump.

#include "analyze/follow.hpp"
#include "analyze/options.hpp"
#include "analyze/run_once.hpp"
#include "common/signals.hpp"
#include "common/start.hpp"
#include "common/tool.hpp"
#include "snnl/isolation/isolation.hpp"
#include "snnl/product/products.hpp"

int main(int argc, char** argv) {
  return tool::run_main(analyze::tool_name, [&] {
    analyze::Options options;
    CLI::App app(
        "Entanglement of the classes (soft nearest neighbour loss at its optimal temperature) and class\n"
        "similarity, for every epoch and layer of an activation dump.",
        analyze::tool_name);
    analyze::declare(app, options);
    if (const auto status = tool::parse(app, argc, argv)) return *status;
    const snnl::isolation::Isolation isolation;
    snnl::product::require_maker();
    analyze::validate(options);
    return options.follow ? analyze::follow(options, isolation, tool::stop_on_signals())
                          : analyze::run_once(options, isolation);
  });
}
