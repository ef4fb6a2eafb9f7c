// The CSV files and the per-sample losses against the JSON of the same run.

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <map>
#include <thread>

#include "support/analyze.hpp"

using analyze::Json;

namespace {

// Reads as the JSON number to the last bit, or is empty for null.
void check_number(const std::string& field, const Json& number) {
  if (number.is_null()) {
    CHECK(field == "");
    return;
  }
  char* end = nullptr;
  const double value = std::strtod(field.c_str(), &end);
  CHECK(*end == '\0');
  CHECK(!field.empty());
  CHECK(value == number.get<double>());
}

struct Outputs {
  Json json;
  std::vector<std::vector<std::string>> items, similarity, losses;
};

Outputs outputs_of(std::vector<std::string> arguments, int status) {
  const Scratch scratch;
  arguments.insert(arguments.end(),
                   {"-q", "--json", scratch.path("a.json"), "--csv", scratch.path("a.csv"), "--similarity-csv",
                    scratch.path("similarity.csv"), "--per-sample", scratch.path("losses.csv")});
  const run::Result result = analyze::run(arguments);
  CHECK_MESSAGE(result.status == status, result.err);
  CHECK(scratch.names() == "a.csv a.json losses.csv similarity.csv");
  const std::string csv = scratch.read("a.csv");
  CHECK(lines_of(csv).at(0) ==
        "epoch,layer,status,samples,features,scored,temperature,temperature_status,entanglement,"
        "entanglement_stderr,chance,normalized,effective_neighbors");
  return {analyze::checked(scratch.read("a.json")), analyze::csv_rows(csv),
          analyze::csv_rows(scratch.read("similarity.csv")), analyze::csv_rows(scratch.read("losses.csv"))};
}

void check_items(const Outputs& out) {
  const std::vector<std::string>& header = out.items.at(0);
  REQUIRE(out.items.size() == out.json["items"].size() + 1);
  for (std::size_t k = 0; k + 1 < out.items.size(); ++k) {
    const Json& item = out.json["items"][k];
    const auto& row = out.items[k + 1];
    REQUIRE(row.size() == header.size());
    for (std::size_t c = 0; c < header.size(); ++c) {
      CAPTURE(header[c]);
      const Json& value = item[header[c]];
      if (value.is_string()) {
        CHECK(row[c] == value.get<std::string>());
      } else {
        check_number(row[c], value);
      }
    }
  }
}

void check_similarity(const Outputs& out) {
  CHECK(out.similarity.at(0) == std::vector<std::string>{"epoch", "layer", "class_a", "class_b", "similarity"});
  const Json& classes = out.json["labels"]["classes"];
  std::size_t row = 1;
  for (const Json& item : out.json["items"]) {
    if (item["status"] == "error") continue;
    for (std::size_t a = 0; a < classes.size(); ++a) {
      for (std::size_t b = 0; b < classes.size(); ++b, ++row) {
        REQUIRE(row < out.similarity.size());
        const auto& fields = out.similarity[row];
        REQUIRE(fields.size() == 5);
        CHECK(fields[0] == std::to_string(item["epoch"].get<int>()));
        CHECK(fields[1] == item["layer"].get<std::string>());
        CHECK(fields[2] == classes[a]["name"].get<std::string>());
        CHECK(fields[3] == classes[b]["name"].get<std::string>());
        check_number(fields[4], item["class_similarity"][a][b]);
      }
    }
  }
  CHECK(row == out.similarity.size());
}

// The losses of a class average to its entanglement, those of an item to the item's.
void check_losses(const Outputs& out) {
  CHECK(out.losses.at(0) == std::vector<std::string>{"epoch", "layer", "row", "class", "loss"});
  struct Sum {
    double value = 0;
    std::size_t scored = 0, rows = 0;
    void add(const std::string& loss) {
      ++rows;
      if (loss.empty()) return;
      value += std::strtod(loss.c_str(), nullptr);
      ++scored;
    }
    double mean() const { return value / static_cast<double>(scored); }
  };
  std::map<std::pair<std::string, std::string>, Sum> by_item;
  std::map<std::pair<std::string, std::string>, std::map<std::string, Sum>> by_class;
  for (std::size_t k = 1; k < out.losses.size(); ++k) {
    const auto& row = out.losses[k];
    REQUIRE(row.size() == 5);
    by_item[{row[0], row[1]}].add(row[4]);
    by_class[{row[0], row[1]}][row[3]].add(row[4]);
  }
  for (const Json& item : out.json["items"]) {
    const std::pair key{std::to_string(item["epoch"].get<int>()), item["layer"].get<std::string>()};
    if (item["status"] == "error") {
      CHECK(by_item.count(key) == 0);
      continue;
    }
    const Sum& sum = by_item[key];
    CHECK(sum.rows == item["samples"]);
    CHECK(sum.scored == item["scored"]);
    const double value = item["entanglement"];
    CHECK(std::abs(sum.mean() - value) <= 1e-12 * std::max(1., value));
    for (std::size_t c = 0; c < item["class_entanglement"].size(); ++c) {
      const Json& expected = item["class_entanglement"][c];
      const Sum& of_class = by_class[key][out.json["labels"]["classes"][c]["name"]];
      if (expected.is_null()) {
        CHECK(of_class.scored == 0);
      } else {
        CHECK(std::abs(of_class.mean() - expected.get<double>()) <= 1e-12 * std::max(1., expected.get<double>()));
      }
    }
  }
}

void check_all(const std::vector<std::string>& arguments, int status = 0) {
  const Outputs out = outputs_of(arguments, status);
  check_items(out);
  check_similarity(out);
  check_losses(out);
}

// Read by h5py: {"epochs/0000/fc": {"loss": [...], "row": [...], "label": [...]}, ...} and the attributes.
Json hdf5_losses(const std::string& path) {
  const char* program = R"(
import h5py, json, math, sys
out = {"items": {}}
def visit(name, thing):
    if isinstance(thing, h5py.Group) and "loss" in thing:
        assert thing["loss"].dtype == "f8" and thing["row"].dtype == "i8" and thing["label"].dtype == "i8"
        out["items"][name] = {k: [None if math.isnan(v) else v for v in thing[k][()].tolist()] for k in thing}
with h5py.File(sys.argv[1], "r") as f:
    out["schema"] = f.attrs["schema"]
    out["class_names"] = f["class_names"].asstr()[()].tolist()
    f.visititems(visit)
print(json.dumps(out))
)";
  const run::Result result = run::program(SNNL_PYTHON, {"-c", program, path});
  REQUIRE_MESSAGE(result.status == 0, result.err);
  return Json::parse(result.out);
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("CSV files say what the JSON says: both real dumps") {
    check_all({analyze::testdata("digits_mlp.h5")});
    check_all({analyze::testdata("fashion_mnist_cnn.h5"), "--labels", "kind", "--distance", "cosine"});
  }

  TEST_CASE("CSV files: items in error, classes of one, absent classes, one class") {
    check_all({analyze::cli_dump("good_and_bad")}, 1);
    check_all({analyze::cli_dump("good_and_bad"), "--nonfinite", "drop"}, 1);
    check_all({analyze::cli_dump("singletons")});
    check_all({analyze::cli_dump("class_missing")});
    check_all({analyze::cli_dump("one_class")});
  }

  TEST_CASE("CSV files: names with commas, quotes, spaces and letters beyond ASCII") {
    check_all({analyze::cli_dump("odd_names")});
    check_all({analyze::cli_dump("hostile_names")});
  }

  TEST_CASE("--nonfinite drop: rows keep their numbers") {
    const Outputs out = outputs_of({analyze::cli_dump("good_and_bad"), "--layers", "dirty", "--nonfinite", "drop"}, 0);
    REQUIRE(out.losses.size() == 2 * 37 + 1);
    // Rows 3, 17 and 39 of 40 hold NaN or Inf; row r is of class r % 4.
    std::vector<std::string> rows, expected;
    for (std::size_t k = 1; k <= 37; ++k) {
      rows.push_back(out.losses[k][2]);
      CHECK(std::stoi(out.losses[k][2]) % 4 == std::stoi(out.losses[k][3]));
    }
    for (int row = 0; row < 39; ++row) {
      if (row != 3 && row != 17) expected.push_back(std::to_string(row));
    }
    CHECK(rows == expected);
    CHECK(out.json["items"][0]["dropped"] == 3);
    CHECK(out.json["items"][0]["samples"] == 37);
  }

  TEST_CASE("--per-sample FILE.h5 holds what FILE.csv holds") {
    for (const char* name : {"good_and_bad", "singletons", "odd_names"}) {
      CAPTURE(name);
      const Scratch scratch;
      const int status = analyze::run({analyze::cli_dump(name), "-q", "--per-sample", scratch.path("a.h5")}).status;
      CHECK(scratch.names() == "a.h5");
      const Json losses = hdf5_losses(scratch.path("a.h5"));
      CHECK(losses["schema"] == "snnl.per-sample/1");
      const Outputs out = outputs_of({analyze::cli_dump(name)}, status);
      std::size_t row = 1;
      for (const Json& item : out.json["items"]) {
        if (item["status"] == "error") continue;
        const std::string epoch = "000" + std::to_string(item["epoch"].get<int>());
        const Json& found = losses["items"]["epochs/" + epoch + "/" + item["layer"].get<std::string>()];
        REQUIRE(found.is_object());
        REQUIRE(found["loss"].size() == item["samples"]);
        for (std::size_t i = 0; i < found["loss"].size(); ++i, ++row) {
          const auto& fields = out.losses.at(row);
          check_number(fields[4], found["loss"][i]);
          CHECK(fields[2] == std::to_string(found["row"][i].get<int>()));
          CHECK(fields[3] == losses["class_names"][found["label"][i].get<std::size_t>()].get<std::string>());
        }
      }
      CHECK(row == out.losses.size());
    }
  }

  TEST_CASE("--per-sample FILE.h5: thousands of classes") {
    const Scratch scratch;
    const run::Result result = analyze::run(
        {analyze::cli_dump("many_classes"), "-q", "--temperature", "1", "--per-sample", scratch.path("a.h5")});
    CHECK_MESSAGE(result.status == 0, result.err);
    CHECK(hdf5_losses(scratch.path("a.h5"))["class_names"].size() == 6000);
  }

  TEST_CASE("--per-sample FILE.h5 holds no dates: the same bytes a second later") {
    const Scratch scratch;
    const auto losses = [&](const std::string& threads) {
      CHECK(analyze::run(
                {analyze::testdata("digits_mlp.h5"), "-q", "--threads", threads, "--per-sample", scratch.path("a.h5")})
                .status == 0);
      return scratch.read("a.h5");
    };
    const std::string before = losses("1");
    std::this_thread::sleep_for(std::chrono::milliseconds(1100));
    CHECK_MESSAGE(losses("3") == before, "other bytes");
  }

  TEST_CASE("--per-sample FILE.h5 of a real dump averages to the entanglement") {
    const Scratch scratch;
    const std::string file = analyze::testdata("fashion_mnist_cnn.h5");
    const Json analysis = analyze::json_of({file, "--per-sample", scratch.path("a.h5")});
    const Json losses = hdf5_losses(scratch.path("a.h5"));
    REQUIRE(losses["items"].size() == analysis["items"].size());
    for (const auto& [path, found] : losses["items"].items()) {
      const int epoch = std::stoi(path.substr(7, 4));
      const Json& item = analyze::item(analysis, epoch, path.substr(12));
      double sum = 0;
      for (const Json& loss : found["loss"]) sum += loss.get<double>();
      const double value = item["entanglement"];
      CHECK(std::abs(sum / static_cast<double>(found["loss"].size()) - value) <= 1e-12 * std::max(1., value));
    }
  }
}
