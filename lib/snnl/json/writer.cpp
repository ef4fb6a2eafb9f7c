#include "snnl/json/writer.hpp"

#include "snnl/json/or_null.hpp"

namespace snnl::json {
namespace {

constexpr std::size_t piece = 1 << 16;  ///< bytes that are held before they go to the stream

}  // namespace

Writer::Writer(std::ostream& out, std::size_t indent, std::size_t levels)
    : out_(out), indent_(indent), around_(levels) {}

void Writer::flush() {
  if (digest_) digest_->add(text_);
  out_.write(text_.data(), static_cast<std::streamsize>(text_.size()));
  text_.clear();
}

void Writer::start_value() {
  if (text_.size() >= piece) flush();
  if (after_key_ || levels_.empty()) {
    after_key_ = false;
    return;
  }
  if (!levels_.back().is_empty) text_ += ',';
  levels_.back().is_empty = false;
  new_line();
}

void Writer::begin(char open, char close) {
  start_value();
  text_ += open;
  levels_.push_back({close});
}

void Writer::end() {
  const Level ended = levels_.back();
  levels_.pop_back();
  if (!ended.is_empty) new_line();
  text_ += ended.close;
}

Writer& Writer::key(std::string_view name) {
  start_value();
  text_.append(Json(name).dump(-1, ' ', false, Json::error_handler_t::replace)).append(": ");
  after_key_ = true;
  return *this;
}

void Writer::value(const Json& value) {
  start_value();
  // Line feeds within texts are escaped: those that there are begin a line.
  const std::string whole = value.dump(static_cast<int>(indent_), ' ', false, Json::error_handler_t::replace);
  for (std::size_t begin = 0; begin < whole.size();) {
    const std::size_t end = whole.find('\n', begin);
    text_.append(whole, begin, end == std::string::npos ? end : end - begin);
    if (end == std::string::npos) break;
    new_line();
    begin = end + 1;
  }
}

void Writer::numbers(const double* values, std::size_t count) {
  begin_array();
  for (std::size_t k = 0; k < count; ++k) {
    start_value();
    append_number(text_, values[k]);
  }
  end();
}

}  // namespace snnl::json
