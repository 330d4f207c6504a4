// Plays traces in the book's stepper in Chromium, as a reader would:
//
//     node tests/browser/stepper.mjs [where the book is served]
//
// Fails on an error in the page or its console, on a request that leaves the book, and on whatever `CHECKS` finds.
//
// With WORKBOOK_THOROUGH=1 all checks are made, and a check tries every run, theme and damage that it knows. Otherwise
// some stand for the rest (`quick.mjs`). A check that is named is made:
//
//     node tests/browser/stepper.mjs http://127.0.0.1:3000/ it_fits_a_phone

import assert from "node:assert/strict";
import { launch, serve } from "./browser.mjs";
import { some } from "./quick.mjs";
import { PHONE, Reader, SCREEN, conclude } from "./reader.mjs";
import * as looks from "./stepper/looks.mjs";
import * as moves from "./stepper/moves.mjs";
import * as quiz from "./stepper/quiz.mjs";
import * as files from "./stepper/files.mjs";
import * as fits from "./stepper/fits.mjs";
import * as lanes from "./stepper/lanes.mjs";

// Each is given `open(html, look, options)`: it opens a page with this text, and lets `look(page, figure)` examine it.
const CHECKS = { ...moves, ...looks, ...fits, ...quiz, ...files, ...lanes };

// How many of them the quick form makes.
const CHOSEN = 15;

async function main() {
  const browser = await launch();
  const { address, end } = await serve(process.argv[2]);
  const kinds = {
    screen: { viewport: SCREEN, permissions: ["clipboard-read", "clipboard-write"] },
    phone: { viewport: PHONE },
    plain: { viewport: SCREEN, javaScriptEnabled: false },
  };
  const readers = {};
  for (const kind in kinds) readers[kind] = await Reader.create(browser, kind, kinds[kind]);
  const only = process.argv[3];
  const all = Object.keys(CHECKS);
  const names = only === undefined ? some(all, CHOSEN) : all.filter((name) => name === only);
  assert.ok(names.length > 0, `no check is called ${only}`);
  try {
    for (const name of names) {
      console.log(name);
      const began = performance.now();
      await CHECKS[name]({ readers, address, name });
      console.log(`  ${Math.round(performance.now() - began)} ms`);
    }
  } finally {
    end();
    await browser.close();
  }
  conclude(`${names.length} checks`);
}

await main();
