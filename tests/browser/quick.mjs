// How thorough these tests are. `.ci/run` sets WORKBOOK_THOROUGH=1, and all is tried. Otherwise some of what differs
// only a little stands for the rest, chosen by what the sources are: the same sources have the same chosen.

import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";

export const THOROUGH = process.env.WORKBOOK_THOROUGH === "1";

// A number below `count` that `texts` tell.
export function chosenBy(texts, count) {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(text);
  return hash.digest().readUInt32BE() % count;
}

// What the stepper is made of.
function stepper() {
  const folder = new URL("../../book/src/stepper/", import.meta.url);
  return readdirSync(folder).sort().map((name) => readFileSync(new URL(name, folder)));
}

// All of these, or as many of them as `count` says.
export function some(all, count) {
  if (THOROUGH || count >= all.length) return all;
  const first = chosenBy(stepper(), all.length);
  // Far from each other.
  return Array.from({ length: count }, (_, at) => all[(first + Math.floor((at * all.length) / count)) % all.length]);
}
