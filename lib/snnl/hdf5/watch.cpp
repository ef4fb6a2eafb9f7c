#include "snnl/hdf5/watch.hpp"

namespace snnl::hdf5 {
namespace {

thread_local const Watch* current = nullptr;
thread_local std::string current_file;

}  // namespace

WatchScope::WatchScope(const Watch& watch) : before_(current) { current = &watch; }
WatchScope::~WatchScope() { current = before_; }

const Watch* current_watch() { return current; }

void entering_file(const std::string& file) {
  if (!current) return;
  current_file = file;
  if (current->on_file) current->on_file(file);
  if (!current->why_not) return;
  if (const auto why = current->why_not(file, "", "")) throw why->at(file);
}

std::optional<Error> entering(const std::string& path, const std::string& attribute) {
  if (!current) return {};
  if (current->on_object) current->on_object(path, attribute);
  return current->why_not ? current->why_not(current_file, path, attribute) : std::nullopt;
}

void progressed(const Watch* watch) {
  if (watch && watch->on_progress) watch->on_progress();
}

void need_memory(std::size_t bytes) {
  if (current && current->on_need) current->on_need(bytes);
}

OwnWork::OwnWork() {
  if (current && current->on_own_work) current->on_own_work(true);
}
OwnWork::~OwnWork() {
  if (current && current->on_own_work) current->on_own_work(false);
}

}  // namespace snnl::hdf5
