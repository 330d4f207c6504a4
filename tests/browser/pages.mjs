// Opens every page of the book in Chromium, as a reader would:
//
//     node tests/browser/pages.mjs [program that serves the book]
//
// Fails on an error in the page or its console, on a request that leaves the book, on a page that scrolls sideways
// on a screen or a phone, on text that is hard to read in one of the five themes, and on a page that loses its
// title without JavaScript.
//
// With WORKBOOK_THOROUGH=1 every page of source code is opened, and every page is looked at in all themes. Otherwise
// one page of each language stands for those of source code, and one light and one dark theme for all.

import { launch, serve } from "./browser.mjs";
import { PHONE, Reader, SCREEN, THEMES, conclude, loadAxe, overflowing, putOn, unreadable } from "./reader.mjs";

const THOROUGH = process.env.WORKBOOK_THOROUGH === "1";

// The other pages that this one links to.
function links(page) {
  return page.$$eval("a[href]", (anchors) =>
    anchors
      .map((anchor) => new URL(anchor.href))
      .filter((url) => url.origin === location.origin && url.pathname.endsWith(".html"))
      // The whole book on one page opens the print dialogue, and holds nothing new.
      .filter((url) => !url.pathname.endsWith("/print.html"))
      .map((url) => url.origin + url.pathname),
  );
}

function title(page) {
  return page.locator("main h1").first().textContent();
}

// Folded answers must fit and be readable, too.
function unfold(page) {
  return page.$$eval("details", (all) => all.forEach((details) => (details.open = true)));
}

// Folded answers must fit, too.
async function checkWidth(page, tell) {
  await unfold(page);
  for (const what of await overflowing(page)) tell(`too wide: ${what}`);
}

// Every trace on the page can be played to its end, and the whole of it fits.
async function checkSteppers(page, tell) {
  for (const figure of await page.locator("figure.trace-stepper").all()) {
    const stepper = figure.locator(".ts");
    if ((await stepper.count()) !== 1) tell(`no stepper: ${await figure.locator(".ts-damaged").allTextContents()}`);
    else await stepper.press("End");
  }
}

// Source files become pages of one kind. Each is opened, but one of each language is enough to judge the rest.
function isMoreOfTheSame(url, judged) {
  const language = url.match(/\/sources\/.*(\.[a-z]+)\.html$/)?.[1];
  if (language === undefined || !judged.has(language)) {
    judged.add(language);
    return false;
  }
  return true;
}

// Goes through the themes as a reader does, with the buttons of the menu.
async function checkThemes(page, tell) {
  await loadAxe(page);
  for (const theme of THOROUGH ? THEMES : ["light", "navy"]) {
    await putOn(theme, page, tell);
    const { looked, low } = await unreadable(page);
    if (looked === 0) tell(`${theme}: no text was looked at`);
    for (const what of new Set(low)) tell(`${theme}: ${what}`);
  }
}

// The other pages of the book that can be reached from `start`, each examined by every kind of reader.
async function tour(browser, start) {
  const desk = await Reader.create(browser, "on a screen", { viewport: SCREEN });
  const phone = await Reader.create(browser, "on a phone", { viewport: PHONE });
  const plain = await Reader.create(browser, "without JavaScript", { javaScriptEnabled: false });
  const seen = new Set([start]);
  const judged = new Set();
  for (const url of seen) {
    const again = isMoreOfTheSame(url, judged);
    if (again && !THOROUGH) continue;
    console.log(new URL(url).pathname);
    let wanted;
    await desk.open(url, async (page, tell) => {
      wanted = await title(page);
      for (const link of await links(page)) seen.add(link);
      await checkSteppers(page, tell);
      await checkWidth(page, tell);
      if (!again) await checkThemes(page, tell);
    });
    if (again) continue;
    await phone.open(url, async (page, tell) => {
      await checkSteppers(page, tell);
      await checkWidth(page, tell);
    });
    await plain.open(url, async (page, tell) => {
      const found = await title(page);
      if (!found || found !== wanted) tell(`its title is ${found}, not ${wanted}`);
    });
  }
  return seen.size;
}

async function main() {
  const browser = await launch();
  const { address, child } = await serve(process.argv[2]);
  let pages;
  try {
    pages = await tour(browser, `${address}index.html`);
  } finally {
    child.removeAllListeners("exit");
    child.kill();
    await browser.close();
  }
  conclude(`${pages} pages`);
}

await main();
