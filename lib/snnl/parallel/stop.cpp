#include "snnl/parallel/stop.hpp"

namespace snnl::parallel {
namespace {

thread_local const std::atomic<bool>* current = nullptr;

}  // namespace

StopScope::StopScope(const std::atomic<bool>* flag) : before_(current) { current = flag; }
StopScope::~StopScope() { current = before_; }

const std::atomic<bool>* stop_flag() { return current; }

}  // namespace snnl::parallel
