// Builds the page: map, bundle, styles; packs each file. The same sources give the same bytes before packing.
import { build } from "esbuild";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { world } from "./world.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const out = process.argv[2] ?? join(root, "dist");
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const bundle = await build({
  entryPoints: [join(root, "src/main.ts")],
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  write: false,
});
const styles = await build({
  entryPoints: [join(root, "src/style.css")],
  bundle: true,
  minify: true,
  write: false,
});
const files = {
  "app.js": bundle.outputFiles[0].contents,
  "app.css": styles.outputFiles[0].contents,
  "world.json": Buffer.from(JSON.stringify(world())),
  "icon.svg": readFileSync(join(root, "src/icon.svg")),
  "index.html": readFileSync(join(root, "src/index.html")),
};
let total = 0;
for (const [name, bytes] of Object.entries(files)) {
  const packed = gzipSync(bytes, { level: 9 });
  total += packed.length;
  writeFileSync(join(out, `${name}.gz`), packed);
  console.log(`${name.padEnd(12)} ${String(bytes.length).padStart(7)} bytes, ${packed.length} packed`);
}
console.log(`together ${total} bytes packed`);
