// Plays traces in the book's stepper in Chromium, as a reader would:
//
//     node tests/browser/stepper.mjs [program that serves the book]
//
// Fails on an error in the page or its console, on a request that leaves the book, and on whatever `CHECKS` finds.

import assert from "node:assert/strict";
import { launch, serve } from "./browser.mjs";
import { PHONE, Reader, SCREEN, conclude } from "./reader.mjs";
import * as looks from "./stepper/looks.mjs";
import * as moves from "./stepper/moves.mjs";
import * as quiz from "./stepper/quiz.mjs";
import * as files from "./stepper/files.mjs";
import * as fits from "./stepper/fits.mjs";

// Each is given `open(html, look, options)`: it opens a page with this text, and lets `look(page, figure)` examine it.
const CHECKS = { ...moves, ...looks, ...fits, ...quiz, ...files };

async function main() {
  const browser = await launch();
  const { address, child } = await serve(process.argv[2]);
  const kinds = {
    screen: { viewport: SCREEN, permissions: ["clipboard-read", "clipboard-write"] },
    phone: { viewport: PHONE },
    plain: { viewport: SCREEN, javaScriptEnabled: false },
  };
  const readers = {};
  for (const kind in kinds) readers[kind] = await Reader.create(browser, kind, kinds[kind]);
  const only = process.argv[3];
  const names = Object.keys(CHECKS).filter((name) => only === undefined || name === only);
  assert.ok(names.length > 0, `no check is called ${only}`);
  try {
    for (const name of names) {
      console.log(name);
      const began = performance.now();
      await CHECKS[name]({ readers, address, name });
      console.log(`  ${Math.round(performance.now() - began)} ms`);
    }
  } finally {
    child.removeAllListeners("exit");
    child.kill();
    await browser.close();
  }
  conclude(`${names.length} checks`);
}

await main();
