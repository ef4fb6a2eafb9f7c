#include "train/checkpoint.hpp"

#include <fmt/format.h>

#include <sstream>
#include <string_view>

#include "snnl/error.hpp"
#include "snnl/files/digest.hpp"
#include "snnl/files/file_bytes.hpp"
#include "snnl/files/output_file.hpp"

namespace train {
namespace {

constexpr const char* format = "snnl.checkpoint/2";

/// What follows the archive: the digest of its bytes, which a damaged file does not have.
std::string trailer(std::string_view archive) {
  snnl::files::Digest digest;
  digest.add(archive);
  return std::string(format).append(" ").append(digest.text()).append("\n");
}

/// Throws where a run of these options and data would not be the one that was interrupted.
void check_same(const std::string& file, const nlohmann::json& saved, const nlohmann::ordered_json& wanted) {
  for (const auto& [key, value] : wanted.items()) {
    const nlohmann::json now = nlohmann::json::parse(value.dump());
    const nlohmann::json then = saved.value(key, nlohmann::json());
    if (now == then) continue;
    throw snnl::Error(file, fmt::format("was made with {} {}, now it is {}", key, then.dump(), now.dump()),
                      "give the same options and data, or another file");
  }
}

std::string read_text(torch::serialize::InputArchive& archive, const std::string& key) {
  c10::IValue value;
  archive.read(key, value);
  return value.toStringRef();
}

}  // namespace

void save_checkpoint(const std::string& file, const Trainer& trainer, const TrainingRecord& record) {
  torch::serialize::OutputArchive archive;
  archive.write("format", c10::IValue(std::string(format)));
  archive.write("options", c10::IValue(record.options.dump()));
  archive.write("data", c10::IValue(record.data.dump()));
  archive.write("epochs", c10::IValue(epochs_to_json(record).dump()));
  trainer.save(archive);
  // By way of memory: libtorch's own writer of files does not tell a full disk in one line.
  std::ostringstream bytes;
  archive.save_to(bytes);
  const std::string text = std::move(bytes).str();
  snnl::files::OutputFile out(file);
  out.stream() << text << trailer(text);
  out.commit();
}

std::vector<EpochMetrics> load_checkpoint(const std::string& file, Trainer& trainer, const TrainingRecord& record) {
  const auto damaged = [&] { return snnl::Error(file, "is no checkpoint of snnl-train, or is damaged"); };
  try {
    const std::string bytes = snnl::files::read_file_bytes(file);
    const std::size_t end = trailer({}).size();
    if (bytes.size() < end) throw damaged();
    const std::string_view text = std::string_view(bytes).substr(0, bytes.size() - end);
    if (trailer(text) != std::string_view(bytes).substr(text.size())) throw damaged();
    torch::serialize::InputArchive archive;
    archive.load_from(text.data(), text.size());
    if (read_text(archive, "format") != format) throw damaged();
    check_same(file, nlohmann::json::parse(read_text(archive, "options")), record.options);
    check_same(file, nlohmann::json::parse(read_text(archive, "data")), record.data);
    auto epochs = epochs_from_json(nlohmann::json::parse(read_text(archive, "epochs")), record.entangled);
    trainer.load(archive);
    return epochs;
  } catch (const snnl::Error&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception&) {  // c10::Error, whose text goes over many lines, and those of JSON
    throw damaged();
  }
}

}  // namespace train
