// snnl-train as a user runs it, on small image sets.

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "support/analyze.hpp"
#include "support/image_folder.hpp"
#include "support/refusal.hpp"
#include "support/run.hpp"
#include "support/scratch.hpp"

namespace {

using Json = nlohmann::json;
using Arguments = std::vector<std::string>;

Arguments operator+(Arguments a, const Arguments& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// A folder with the images in "images", and the options that all runs have.
struct Ground {
  Scratch scratch;
  std::string data = image_folder::write(scratch, "images");
  Arguments base{"--data", data, "--architecture", "mlp", "--batch", "30", "--threads", "1"};

  run::Result train(const Arguments& more, const run::Options& options = {}) const {
    return run::program("snnl-train", base + more, options);
  }
  std::string path(const std::string& name) const { return scratch.path(name); }
  Json json(const std::string& name) const { return Json::parse(scratch.read(name)); }
  /// The one error line of a run that is refused, without the tool's name and the scratch folder's.
  std::string refusal(const Arguments& more, int status = 2) const {
    return scratch.without_folder(refusal_line("snnl-train", train(more), status));
  }
};

}  // namespace

TEST_SUITE("train") {
  TEST_CASE("snnl-train: table, metrics and dump of a run") {
    const Ground ground;
    ground.scratch.write("images/class_names.txt", "top\nmiddle\nbottom\n");
    const run::Result result =
        ground.train({"--epochs", "4", "--weight", "-0.05", "--json", ground.path("run.json"), "--csv",
                      ground.path("run.csv"), "--dump", ground.path("run.h5"), "--dump-epochs", "0,4", "--dump-samples",
                      "40", "--checkpoint", ground.path("run.pt")});
    CHECK(result.status == 0);
    CHECK(result.err == "");
    const auto lines = lines_of(result.out);
    REQUIRE(lines.size() == 6);
    CHECK(lines[0] == "  epoch      loss  train acc.  valid. acc.  test acc.  test ECE      snnl    time");
    CHECK(ground.scratch.names() == "images run.csv run.h5 run.json run.pt");

    CHECK(analyze::schema_complaint({ground.path("run.json")}, "snnl.training-1") == "");
    const Json json = ground.json("run.json");
    REQUIRE(json["epochs"].size() == 5);
    CHECK(json["divergence"] == nullptr);
    CHECK(json["options"]["layers"] == Json({"fc1", "fc2"}));
    CHECK(json["data"]["train"] == 135);
    CHECK(json["data"]["validation"] == 15);
    CHECK(json["epochs"][0]["training"] == nullptr);
    CHECK(json["epochs"][0]["test"]["accuracy"].get<double>() < .7);
    const Json& last = json["epochs"][4];
    CHECK(last["test"]["accuracy"].get<double>() > .8);
    CHECK(last["training"]["entanglement"]["fc2"].get<double>() > 0);
    const double terms =
        last["training"]["entanglement"]["fc1"].get<double>() + last["training"]["entanglement"]["fc2"].get<double>();
    CHECK(last["training"]["loss"].get<double>() ==
          doctest::Approx(last["training"]["cross_entropy"].get<double>() - .05 * terms).epsilon(1e-5));

    const auto rows = analyze::csv_rows(ground.scratch.read("run.csv"));
    REQUIRE(rows.size() == 6);
    for (const auto& row : rows) CHECK(row.size() == rows[0].size());
    CHECK(rows[0][1] == "training_loss");
    CHECK(std::stod(rows[5][1]) == last["training"]["loss"].get<double>());
    CHECK(rows[0].back() == "temperature_fc2");
    CHECK(std::stod(rows[5].back()) == last["training"]["temperature"]["fc2"].get<double>());
    CHECK(rows[1][1] == "");

    CHECK(run::program("snnl-inspect", {ground.path("run.h5")}).status == 0);
    const Json analysis = analyze::json_of({ground.path("run.h5")});
    CHECK(analysis["items"].size() == 6);
    CHECK(analyze::item(analysis, 4, "fc1")["samples"] == 40);
    CHECK(analysis["labels"]["classes"][2]["name"] == "bottom");
    CHECK(analyze::item(analysis, 4, "logits")["entanglement"].get<double>() <
          analyze::item(analysis, 0, "logits")["entanglement"].get<double>());
  }

  TEST_CASE("snnl-train: a positive weight disentangles a layer, a negative one entangles it") {
    const Ground ground;
    const auto trained = [&](const std::string& weight, const std::string& policy) {
      const std::string file = ground.path("run" + weight + policy + ".json");
      CHECK(ground
                .train({"--epochs", "5", "--weight", weight, "--layers", "fc2", "--temperature", policy, "--json", file,
                        "--quiet"})
                .out == "");
      return Json::parse(read_text(file))["epochs"][5]["training"]["entanglement"]["fc2"].get<double>();
    };
    for (const std::string policy : {"optimal", "learned", "5"}) {
      CAPTURE(policy);
      CHECK(trained("0.3", policy) < trained("-0.3", policy) - .05);
    }
  }

  TEST_CASE("snnl-train: the same bytes for a seed, others for another seed") {
    const Ground ground;
    const auto trained = [&](const std::string& name, const std::string& seed) {
      CHECK(run::program("snnl-train", {"--data", ground.data, "--architecture", "cnn", "--batch", "30", "--threads",
                                        "2", "--epochs", "1", "--weight", "-0.1", "--seed", seed, "--json",
                                        ground.path(name + ".json"), "--dump", ground.path(name + ".h5")})
                .status == 0);
      return ground.scratch.read(name + ".json") + ground.scratch.read(name + ".h5");
    };
    const std::string first = trained("a", "3");
    CHECK(first == trained("b", "3"));
    CHECK(first != trained("c", "4"));
  }

  TEST_CASE("snnl-train: a run that is resumed ends with the bytes of an undisturbed one") {
    const std::vector<Arguments> kinds{
        {"--temperature", "learned", "--weight", "-0.05"},
        {"--optimizer", "sgd", "--weight-decay", "0.001", "--weight", "0.1"},
        {"--architecture", "resnet", "--weight", "-0.05", "--layers", "stage*", "--train-samples", "61"},
        {"--weight", "0", "--validation", "0"},
    };
    const Ground ground;
    for (std::size_t k = 0; k < kinds.size(); ++k) {
      CAPTURE(k);
      // Of an option that is given twice, the tool would complain.
      const Arguments base = k == 2 ? Arguments{"--data", ground.data, "--batch", "30", "--threads", "1"} : ground.base;
      const auto train = [&](const std::string& name, const std::string& epochs) {
        const std::string stem = ground.path(name + std::to_string(k));
        return run::program("snnl-train", base + kinds[k] +
                                              Arguments{"--epochs", epochs, "--checkpoint", stem + ".pt", "--resume",
                                                        "--json", stem + ".json", "--csv", stem + ".csv", "--dump",
                                                        stem + ".h5", "--dump-layers", "logits"});
      };
      CHECK(train("whole", "4").status == 0);
      CHECK(train("parts", "1").status == 0);
      const run::Result second = train("parts", "4");
      CHECK(second.status == 0);
      CHECK(lines_of(second.out).size() == 6);  // the epochs before are told again
      for (const std::string end : {".json", ".csv", ".h5"}) {
        CAPTURE(end);
        CHECK(ground.scratch.read("parts" + std::to_string(k) + end) ==
              ground.scratch.read("whole" + std::to_string(k) + end));
      }
    }
  }

  TEST_CASE("snnl-train: a run that is killed at any point can be resumed") {
    const Ground ground;
    const auto arguments = [&](const std::string& name) {
      return ground.base + Arguments{"--epochs",
                                     "30",
                                     "--weight",
                                     "-0.05",
                                     "--quiet",
                                     "--checkpoint",
                                     ground.path(name + ".pt"),
                                     "--resume",
                                     "--json",
                                     ground.path(name + ".json"),
                                     "--dump",
                                     ground.path(name + ".h5")};
    };
    CHECK(run::program("snnl-train", arguments("whole")).status == 0);
    int killed = 0;
    for (int attempt = 0; attempt < 8; ++attempt) {
      const std::string seconds = std::to_string(0.2 + 0.1 * attempt);
      const int status =
          run::program("/usr/bin/timeout",
                       Arguments{"--signal=KILL", seconds, SNNL_BIN_DIR "/snnl-train"} + arguments("killed"))
              .status;
      CHECK((status == 0 || status == 137));
      killed += status == 137;
      if (ground.scratch.has("killed.h5")) {
        CHECK(run::program("snnl-inspect", {ground.path("killed.h5")}).status == 0);
      }
    }
    CHECK(killed > 0);
    CHECK(run::program("snnl-train", arguments("killed")).status == 0);
    for (const std::string end : {".json", ".h5"}) {
      CHECK(ground.scratch.read("killed" + end) == ground.scratch.read("whole" + end));
    }
  }

  TEST_CASE("snnl-train: a loss that diverges ends the run, and leaves what was good") {
    const Ground ground;
    const Arguments wild{"--epochs", "5",      "--optimizer",           "sgd",          "--learning-rate",
                         "1e6",      "--json", ground.path("run.json"), "--checkpoint", ground.path("run.pt")};
    const std::string message = ground.refusal(wild, 1);
    CAPTURE(message);
    CHECK(message.rfind("training diverged: epoch 1", 0) == 0);
    CHECK(message.find("; run.pt holds epoch 0; try a smaller --weight or --learning-rate") != std::string::npos);
    CHECK(analyze::schema_complaint({ground.path("run.json")}, "snnl.training-1") == "");
    const Json json = ground.json("run.json");
    CHECK(json["epochs"].size() == 1);
    CHECK(json["divergence"]["epoch"] == 1);
    // The checkpoint goes on from epoch 0, to the same end.
    const std::string before = ground.scratch.read("run.pt");
    CHECK(ground.refusal(wild + Arguments{"--resume"}, 1) == message);
    CHECK(ground.scratch.read("run.pt") == before);

    const std::string weight = ground.refusal({"--optimizer", "sgd", "--weight", "1e38", "--layers", "fc2"}, 1);
    CAPTURE(weight);
    CHECK(weight.rfind("training diverged: epoch 1, batch 2: layer 'fc2': row ", 0) == 0);
  }

  TEST_CASE("snnl-train: images that are missing, damaged or do not fit") {
    const Ground ground;
    const auto refusal = [&](const std::string& folder) {
      const run::Result result =
          run::program("snnl-train", {"--data", ground.path(folder), "--dump", ground.path("run.h5")});
      CHECK(result.status == 2);
      CHECK(result.out == "");
      CHECK(lines_of(result.err).size() == 1);
      CHECK(!ground.scratch.has("run.h5"));
      return ground.scratch.without_folder(result.err);
    };
    const auto copy = [&](const std::string& name) {
      std::filesystem::copy(ground.data, ground.path(name));
      return name;
    };
    CHECK(refusal("nothing") ==
          "snnl-train: error: nothing: is no folder; it should hold train-images-idx3-ubyte or "
          "train-images-idx3-ubyte.gz\n");
    copy("no-labels");
    std::filesystem::remove(ground.path("no-labels/t10k-labels-idx1-ubyte"));
    CHECK(refusal("no-labels").find("t10k-labels-idx1-ubyte") != std::string::npos);
    copy("short");
    std::filesystem::resize_file(ground.path("short/train-images-idx3-ubyte"), 5000);
    CHECK(refusal("short").find("short/train-images-idx3-ubyte: ") != std::string::npos);
    copy("count");
    ground.scratch.write("count/train-labels-idx1-ubyte", image_folder::idx({149}, std::vector<std::uint8_t>(149, 1)));
    CHECK(refusal("count").find("149") != std::string::npos);
    copy("one-class");
    ground.scratch.write("one-class/train-labels-idx1-ubyte",
                         image_folder::idx({150}, std::vector<std::uint8_t>(150, 0)));
    CHECK(refusal("one-class") ==
          "snnl-train: error: one-class/train-labels-idx1-ubyte: holds one class; there is nothing to tell apart\n");
    copy("new-class");
    ground.scratch.write("new-class/t10k-labels-idx1-ubyte", image_folder::idx({60}, std::vector<std::uint8_t>(60, 9)));
    CHECK(refusal("new-class") ==
          "snnl-train: error: new-class/t10k-labels-idx1-ubyte: holds class 9, which "
          "new-class/train-labels-idx1-ubyte does not\n");
    copy("size");
    ground.scratch.write("size/t10k-images-idx3-ubyte",
                         image_folder::idx({60, 9, 10}, std::vector<std::uint8_t>(60 * 90)));
    CHECK(refusal("size") ==
          "snnl-train: error: size/t10k-images-idx3-ubyte: holds images of 9 x 10, size/train-images-idx3-ubyte of 10 "
          "x 10\n");
    copy("names");
    ground.scratch.write("names/class_names.txt", "a\nb\n");
    CHECK(refusal("names") ==
          "snnl-train: error: names/class_names.txt: has 2 names for 3 classes; it needs a line for each\n");
    image_folder::write(ground.scratch, "tiny", {30, 10, 5, 3});
    CHECK(refusal("tiny").find("5 x 5 are too small") != std::string::npos);
  }

  TEST_CASE("snnl-train: options that cannot be followed") {
    const Ground ground;
    CHECK(ground.refusal({"--weight", "1", "--layers", "fc3"}) ==
          "--layers: 'fc3' matches no layer; there are fc1, fc2, logits; did you mean 'fc1'?");
    CHECK(ground.refusal({"--layers", "fc1"}) == "--layers: are named, but --weight is 0; give a weight");
    CHECK(ground.refusal({"--weight", "inf"}) == "--weight: is not a finite number");
    CHECK(ground.refusal({"--temperature", "0"}) == "--temperature: '0' is not 'optimal', 'learned' or a number > 0");
    CHECK(ground.refusal({"--train-samples", "136"}) ==
          "--train-samples: 136 are asked for, but 135 images are there beside those of --validation");
    CHECK(ground.refusal({"--dump", ground.path("a.h5"), "--dump-epochs", "11"}).rfind("--dump-epochs: ", 0) == 0);
    CHECK(ground.refusal({"--dump", ground.path("a.h5"), "--dump-split", "validation", "--validation", "0"}) ==
          "--dump-split: there is no validation split with --validation 0");
    CHECK(ground.refusal({"--dump", ground.path("none/a.h5")}).rfind("none", 0) == 0);
    CHECK(ground.refusal({"--json", "-"}) ==
          "--json: is written after each epoch, and cannot go to stdout; name a file");
    CHECK(ground.scratch.names() == "images");

    ground.scratch.write("a.pt", "something else");
    CHECK(ground.refusal({"--checkpoint", ground.path("a.pt")}) ==
          "a.pt: exists; --resume goes on from it, --overwrite replaces it");
    CHECK(ground.refusal({"--checkpoint", ground.path("a.pt"), "--resume"}) ==
          "a.pt: is no checkpoint of snnl-train, or is damaged");
    CHECK(ground.scratch.read("a.pt") == "something else");
    CHECK(ground.refusal({"--dump", ground.path("a.pt")}) == "a.pt: exists; --overwrite replaces it");

    CHECK(ground.train({"--checkpoint", ground.path("b.pt"), "--epochs", "2"}).status == 0);
    CHECK(ground.refusal({"--checkpoint", ground.path("b.pt"), "--resume", "--epochs", "1"}) ==
          "--epochs: 1 are fewer than the 2 that b.pt has done");
    CHECK(ground.refusal({"--checkpoint", ground.path("b.pt"), "--resume", "--seed", "8"}) ==
          "b.pt: was made with seed 0, now it is 8; give the same options and data, or another file");
    std::filesystem::resize_file(ground.path("b.pt"), std::filesystem::file_size(ground.path("b.pt")) / 2);
    CHECK(ground.refusal({"--checkpoint", ground.path("b.pt"), "--resume"}) ==
          "b.pt: is no checkpoint of snnl-train, or is damaged");
  }

  TEST_CASE("snnl-train: a checkpoint that is damaged anywhere, or cut off, is refused by name") {
    const Ground ground;
    const Arguments going_on{"--epochs", "1", "--checkpoint", ground.path("a.pt"), "--resume", "-q"};
    CHECK(ground.train(going_on).status == 0);
    const std::string good = ground.scratch.read("a.pt");
    const auto said = [&](const std::string& bytes) {
      ground.scratch.write("a.pt", bytes);
      const run::Result result = ground.train(going_on);
      CHECK(result.status == 2);
      CHECK(ground.scratch.read("a.pt") == bytes);
      return ground.scratch.without_folder(result.err);
    };
    const std::string refused = "snnl-train: error: a.pt: is no checkpoint of snnl-train, or is damaged\n";
    for (const std::size_t at : {std::size_t{0}, good.size() / 2, good.size() - 60, good.size() - 1}) {
      CAPTURE(at);
      std::string bytes = good;
      bytes[at] = static_cast<char>(bytes[at] ^ 1);
      CHECK(said(bytes) == refused);
    }
    for (const std::size_t length : {good.size() - 1, good.size() / 2, std::size_t{10}}) {
      CAPTURE(length);
      CHECK(said(good.substr(0, length)) == refused);
    }
    CHECK(said(good + "x") == refused);
    CHECK(said("") == "snnl-train: error: a.pt: is no checkpoint of snnl-train, or is damaged\n");
    ground.scratch.write("a.pt", good);
    CHECK(ground.train(going_on).status == 0);
  }

  TEST_CASE("snnl-train: what is not a dump of this run is left as it is") {
    const Ground ground;
    const Arguments resume{"--epochs", "1", "--resume", "-q", "--checkpoint", ground.path("misspelt.pt")};
    ground.scratch.write("thesis.pdf", "my thesis");
    CHECK(ground.refusal(resume + Arguments{"--dump", ground.path("thesis.pdf")}).find("thesis.pdf") == 0);
    CHECK(ground.scratch.read("thesis.pdf") == "my thesis");
    CHECK(ground.scratch.names() == "images thesis.pdf");
    // A dump of the same images by another run.
    CHECK(ground.train({"--epochs", "1", "-q", "--seed", "5", "--dump", ground.path("other.h5")}).status == 0);
    const std::string other = ground.scratch.read("other.h5");
    CHECK(ground.refusal(resume + Arguments{"--dump", ground.path("other.h5")}) ==
          "other.h5: exists, and is the dump of another run; choose another name, or remove it (there is no misspelt.pt "
          "to resume from)");
    CHECK(ground.scratch.read("other.h5") == other);
    // That of this run, which was stopped before its first checkpoint, is begun anew.
    CHECK(ground.train({"--epochs", "1", "-q", "--dump", ground.path("own.h5")}).status == 0);
    const std::string own = ground.scratch.read("own.h5");
    CHECK(ground.train(resume + Arguments{"--dump", ground.path("own.h5")}).status == 0);
    CHECK(ground.scratch.read("own.h5") == own);
  }

  TEST_CASE("snnl-train: --overwrite keeps the old files until there is something in their place") {
    const Ground ground;
    std::filesystem::create_directory(ground.path("disk"));
    ground.scratch.write("disk/old.h5", "old dump");
    std::filesystem::create_symlink("disk/old.h5", ground.path("run.h5"));
    ground.scratch.write("run.pt", "old checkpoint");
    const Arguments over{
        "--epochs", "2", "-q", "--overwrite", "--dump", ground.path("run.h5"), "--checkpoint", ground.path("run.pt")};
    const auto unchanged = [&] {
      CHECK(ground.scratch.read("disk/old.h5") == "old dump");
      CHECK(ground.scratch.read("run.pt") == "old checkpoint");
      CHECK(ground.scratch.names() == "disk images run.h5 run.pt");
    };
    const std::string wild = ground.refusal(over + Arguments{"--optimizer", "sgd", "--learning-rate", "1e6"}, 1);
    CHECK(wild.find("training diverged: epoch 1") == 0);
    CHECK(wild.find("holds epoch") == std::string::npos);
    unchanged();
    CHECK(ground.refusal(over + Arguments{"--json", ground.path("none/run.json")}).find("none") == 0);
    unchanged();
    CHECK(ground.train(over).status == 0);
    CHECK(std::filesystem::is_symlink(ground.path("run.h5")));
    CHECK(analyze::json_of({ground.path("run.h5")})["items"].size() == 9);
  }

  TEST_CASE("snnl-train: an output that is an input") {
    const Ground ground;
    std::filesystem::create_hard_link(ground.path("images/t10k-labels-idx1-ubyte"), ground.path("hard"));
    std::filesystem::create_symlink("images/train-images-idx3-ubyte", ground.path("soft"));
    for (const char* const name : {"hard", "soft", "images/train-labels-idx1-ubyte"}) {
      for (const char* const option : {"--json", "--csv", "--dump", "--checkpoint"}) {
        CHECK(ground.refusal({option, ground.path(name), "--overwrite"}) ==
              std::string(option) + ": '" + name + "' is an input; it would be overwritten");
      }
    }
  }

  TEST_CASE("snnl-train: a trained network looks at other images") {
    const Ground ground;
    image_folder::write(ground.scratch, "others", {30, 24, 10, 2});
    image_folder::write(ground.scratch, "large", {30, 24, 12, 2});
    const Arguments trained{"--epochs", "2", "--checkpoint", ground.path("run.pt"), "--resume"};
    CHECK(ground.train(trained + Arguments{"--dump", ground.path("test.h5")}).status == 0);
    CHECK(ground.train(trained + Arguments{"--dump", ground.path("again.h5"), "--dump-epochs", "2"}).status == 0);
    CHECK(ground
              .train(trained + Arguments{"--dump", ground.path("others.h5"), "--dump-epochs", "2", "--dump-data",
                                         ground.path("others")})
              .status == 0);
    Json test = analyze::json_of({ground.path("test.h5"), "--epochs", "2"});
    Json again = analyze::json_of({ground.path("again.h5")});
    for (Json* items : {&test["items"], &again["items"]}) {
      for (Json& item : *items) item.erase("checksum");  // over the options, too
    }
    CHECK(again["items"] == test["items"]);
    const Json others = analyze::json_of({ground.path("others.h5")});
    CHECK(analyze::item(others, 2, "fc1")["samples"] == 24);
    CHECK(others["labels"]["classes"].size() == 2);
    CHECK(ground.refusal(trained + Arguments{"--dump", ground.path("large.h5"), "--dump-data", ground.path("large")}) ==
          "large/t10k-images-idx3-ubyte: holds images of 12 x 12, the network is for 10 x 10");
  }

  TEST_CASE("snnl-train: what is recorded of maps") {
    const Ground ground;
    const auto features = [&](const Arguments& more) {
      const run::Result result =
          run::program("snnl-train", Arguments{"--data", ground.data, "--epochs", "1", "--dump", ground.path("run.h5"),
                                               "--dump-layers", "conv1", "--dump-epochs", "1", "--dump-split", "train",
                                               "--dump-samples", "30", "--overwrite", "--quiet"} +
                                         more);
      CHECK(result.err == "");
      return analyze::item(analyze::json_of({ground.path("run.h5")}), 1, "conv1")["features"].get<int>();
    };
    CHECK(features({}) == 32 * 10 * 10);
    CHECK(features({"--dump-pool"}) == 32);
    CHECK(features({"--dump-type", "float32"}) == 32 * 10 * 10);
  }
}
