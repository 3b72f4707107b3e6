// The map: countries as SVG paths in an equal-area projection, keyed by ISO 3166-1 alpha-3; small ones as dots.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { geoEqualEarth, geoPath } from "d3-geo";
import { feature } from "topojson-client";

const require = createRequire(import.meta.url);
const here = dirname(fileURLToPath(import.meta.url));
export const WIDTH = 960;
export const HEIGHT = 440;

/** Rows of the countries' table: code, numeric, latitude, longitude. */
function table() {
  const text = readFileSync(join(here, "../../src/export/countries.tsv"), "utf8");
  return text.split("\n").filter((l) => l && !l.startsWith("#")).slice(1).map((line) => {
    const [code, numeric, , , latitude, longitude] = line.split("\t");
    return { code, numeric, at: latitude ? [Number(longitude), Number(latitude)] : null };
  });
}

export function world() {
  const atlas = require("world-atlas/countries-110m.json");
  const rows = table();
  const byNumber = new Map(rows.map((r) => [r.numeric, r.code]));
  const features = feature(atlas, atlas.objects.countries).features.filter((f) => f.id !== "010");
  const projection = geoEqualEarth().fitExtent([[2, 2], [WIDTH - 2, HEIGHT - 2]], {
    type: "FeatureCollection",
    features,
  });
  const path = geoPath(projection).digits(1);
  const shapes = {};
  for (const f of features) {
    const code = f.id ? byNumber.get(f.id) : f.properties.name === "Kosovo" ? "XKX" : undefined;
    const d = path(f);
    // Lands that no code stands for are drawn, but hold no figures.
    const key = code ?? `_${f.properties.name.replace(/\W/g, "")}`;
    if (d) shapes[key] = (shapes[key] ?? "") + d;
  }
  const dots = {};
  for (const { code, at } of rows) {
    if (at && !shapes[code]) {
      const [x, y] = projection(at);
      dots[code] = [Math.round(x * 10) / 10, Math.round(y * 10) / 10];
    }
  }
  return { width: WIDTH, height: HEIGHT, shapes, dots };
}
