// node build.mjs FOLDER OUTPUT: bundles the page of FOLDER (src, specs), one file without anything to load, into OUTPUT.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const [folder, output] = process.argv.slice(2);
const bundle = await build({
  entryPoints: [join(folder, "src", "main.js")],
  nodePaths: [join(dirname(fileURLToPath(import.meta.url)), "node_modules")],
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2021"],
  charset: "ascii",
  legalComments: "inline",
  write: false,
});
const style = await build({ entryPoints: [join(folder, "src", "style.css")], minify: true, write: false });
// A script ends at the first "</script", wherever it stands.
const script = bundle.outputFiles[0].text.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
const page = readFileSync(join(folder, "src", "page.html"), "utf8")
  .replace("/* style */", () => style.outputFiles[0].text)
  .replace("/* script */", () => script);
writeFileSync(resolve(output), page);
