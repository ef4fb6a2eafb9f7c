#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace snnl::isolation {

/// What came is not what was agreed on.
class Malformed : public std::runtime_error {
 public:
  Malformed() : std::runtime_error("malformed message") {}
};

/// Of what a message says.
inline void require(bool holds) {
  if (!holds) throw Malformed();
}

// Structs as bytes between two processes of the same program. A struct is described once, by a function that both
// directions share:
//
//   template <class Archive>
//   void fields(Archive& archive, Item& item) { archive(item.epoch, item.layer); }

/// Appends values to `bytes`.
class Packer {
 public:
  std::string bytes;

  template <class... T>
  void operator()(const T&... values) {
    (put(values), ...);
  }

 private:
  template <class T>
  requires(std::is_arithmetic_v<T> || std::is_enum_v<T>) void put(const T& value) {
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void put(const std::string& text) {
    put(std::uint64_t{text.size()});
    bytes += text;
  }
  template <class T>
  void put(const std::vector<T>& values) {
    put(std::uint64_t{values.size()});
    for (const T& value : values) put(value);
  }
  template <class T>
  void put(const std::optional<T>& value) {
    put(value.has_value());
    if (value) put(*value);
  }
  template <class T>
  requires(std::is_class_v<T>) void put(const T& value) {
    fields(*this, const_cast<T&>(value));  // a description changes nothing where it is written
  }
};

/// Takes values from bytes that somebody hostile may have made. Whatever they hold, what is made of them is not much
/// larger than they are. Throws Malformed.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : rest_(bytes) {}

  template <class... T>
  void operator()(T&... values) {
    (get(values), ...);
  }
  /// Throws where something is left.
  void end() const {
    if (!rest_.empty()) throw Malformed();
  }

 private:
  std::string_view take(std::uint64_t size) {
    if (size > rest_.size()) throw Malformed();
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  std::uint64_t count() {
    std::uint64_t value = 0;
    get(value);
    if (value > rest_.size()) throw Malformed();  // everything takes a byte at least
    return value;
  }
  void get(bool& value) {
    const char byte = take(1)[0];
    if (byte != 0 && byte != 1) throw Malformed();
    value = byte == 1;
  }
  template <class T>
  requires(std::is_arithmetic_v<T> || std::is_enum_v<T>) void get(T& value) {
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
  }
  void get(std::string& text) { text = take(count()); }
  template <class T>
  void get(std::vector<T>& values) {
    values.clear();
    for (std::uint64_t left = count(); left > 0; --left) get(values.emplace_back());
  }
  template <class T>
  void get(std::optional<T>& value) {
    bool has_value = false;
    get(has_value);
    value.reset();
    if (has_value) get(value.emplace());
  }
  template <class T>
  requires(std::is_class_v<T>) void get(T& value) { fields(*this, value); }

  std::string_view rest_;
};

template <class T>
std::string packed(const T& value) {
  Packer packer;
  packer(value);
  return std::move(packer.bytes);
}

template <class T>
T unpacked(std::string_view bytes) {
  T value{};
  Unpacker unpacker(bytes);
  unpacker(value);
  unpacker.end();
  return value;
}

}  // namespace snnl::isolation
