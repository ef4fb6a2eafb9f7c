#include "support/scratch.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace fs = std::filesystem;

Scratch::Scratch() {
  std::string name = (fs::temp_directory_path() / "snnl-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("could not create " + name);
  folder_ = name;
}

Scratch::~Scratch() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::string Scratch::read(const std::string& name) const { return read_text(folder_ / name); }

void Scratch::write(const std::string& name, const std::string& text) const {
  std::ofstream file(folder_ / name, std::ios::binary);
  file << text;
  REQUIRE(file.flush());
}

bool Scratch::has(const std::string& name) const { return fs::exists(folder_ / name); }

std::string Scratch::names() const {
  std::vector<std::string> all;
  for (const auto& entry : fs::directory_iterator(folder_)) all.push_back(entry.path().filename().string());
  std::sort(all.begin(), all.end());
  std::string text;
  for (const std::string& name : all) text += (text.empty() ? "" : " ") + name;
  return text;
}

std::string Scratch::without_folder(std::string text) const {
  const std::string place = folder_.string() + "/";
  for (std::size_t at; (at = text.find(place)) != std::string::npos;) text.erase(at, place.size());
  return text;
}

std::string read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE_MESSAGE(file.is_open(), path.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}
