// Pages that are open while the book is built again, more of them than a browser keeps connections:
//
//     node tests/browser/live.mjs [where the book is served] [a file]
//
// When all are open and one of them listens, the file is made: whoever runs this then puts another book in the place of
// the first, whose pages say "another", and at last has them say that something is "wrong with it".

import { writeFileSync } from "node:fs";

import { launch } from "./browser.mjs";
import { THOROUGH } from "./quick.mjs";
import { conclude, report } from "./reader.mjs";

const TABS = THOROUGH ? 50 : 8;
const PATIENCE = { timeout: 60_000 };

async function main() {
  const [, , address, file] = process.argv;
  const browser = await launch();
  try {
    const context = await browser.newContext();
    context.setDefaultTimeout(PATIENCE.timeout);
    const pages = await Promise.all(Array.from({ length: TABS }, () => context.newPage()));
    const listens = context.waitForEvent("response", (response) => response.url().endsWith("/-/news"));
    await Promise.all(pages.map((page) => page.goto(address)));
    await listens;
    writeFileSync(file, "");
    const texts = pages.map((page) => page.locator("h1", { hasText: "another" }).waitFor());
    await Promise.all(texts);
    const boxes = pages.map((page) => page.locator("#book-problems", { hasText: "wrong with it" }).waitFor());
    await Promise.all(boxes);
    // The one that listened is closed: another takes its place, and a new page hears it from that one.
    for (const page of pages.slice(1)) await page.close();
    const late = await context.newPage();
    await late.goto(address);
    await late.locator("#book-problems", { hasText: "<b>wrong" }).waitFor();
    await pages[0].close();
    await late.reload();
    await late.locator("#book-problems", { hasText: "<b>wrong" }).waitFor();
  } catch (error) {
    report("live", error.message.split("\n")[0]);
  } finally {
    await browser.close();
  }
  conclude(`${TABS} pages at once`);
}

await main();
