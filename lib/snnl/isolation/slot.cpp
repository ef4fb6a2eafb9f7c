#include "snnl/isolation/slot.hpp"

#include <algorithm>
#include <cstring>

namespace snnl::isolation {

constexpr std::size_t most_attribute = 500;
constexpr std::size_t most_path = 3400;

void cut_to_fit(std::string& path, std::string& attribute) {
  if (path.size() > most_path) path.resize(most_path);
  if (attribute.size() > most_attribute) attribute.resize(most_attribute);
}

void write_place(Slot& slot, const std::string& path, const std::string& attribute) {
  const std::size_t path_size = std::min(path.size(), most_path);
  const std::size_t attribute_size = std::min(attribute.size(), most_attribute);
  std::memcpy(slot.place.data(), path.data(), path_size);
  slot.place[path_size] = '\0';
  std::memcpy(slot.place.data() + path_size + 1, attribute.data(), attribute_size);
  slot.length.store(static_cast<std::uint32_t>(path_size + 1 + attribute_size), std::memory_order_release);
}

Place read_place(const Slot& slot) {
  Place place;
  place.file = slot.file.load();
  const std::size_t length = std::min<std::size_t>(slot.length.load(std::memory_order_acquire), slot.place.size());
  const std::string text(slot.place.data(), length);
  const std::size_t end = std::min(text.find('\0'), text.size());
  place.path = text.substr(0, end);
  if (end < text.size()) place.attribute = text.substr(end + 1);
  std::erase(place.attribute, '\0');
  cut_to_fit(place.path, place.attribute);
  return place;
}

}  // namespace snnl::isolation
