// Opens every page of the book in Chromium, as a reader would:
//
//     node tests/browser/pages.mjs [where the book is served]
//
// Fails on an error in the page or its console, on a request that leaves the book, on a page that scrolls sideways
// on a screen or a phone, on text that is hard to read in one of the five themes, and on a page that loses its
// title without JavaScript.
//
// With WORKBOOK_THOROUGH=1 every page of the book is looked at by every reader in all themes. Otherwise each is opened and
// played on a screen and made as narrow as a phone, and one in CLOSELY, chosen by its text, is looked at by every reader,
// in a light theme and a dark one. One page of each language stands for those of source code, which one template makes:
// beside it, the thorough form opens one in SOURCES. That all their links lead somewhere is tested without a browser.

import { launch, serve } from "./browser.mjs";
import { THOROUGH, chosenBy } from "./quick.mjs";
import { PHONE, Reader, SCREEN, THEMES, conclude, kindsOfText, loadAxe, overflowing, putOn, report, unreadable } from "./reader.mjs";

// The quick form looks closely at one page of so many.
const CLOSELY = 8;
// The thorough form opens one page of source code in so many.
const SOURCES = 16;
// How many pages are looked at side by side: the browser draws one while another waits for what it asked.
const AT_ONCE = 4;

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

// Makes the window as narrow as a phone, without the list of chapters, which such a reader finds closed.
async function narrow(page) {
  await page.evaluate(() => document.querySelector("#mdbook-sidebar-toggle-anchor:checked")?.click());
  await page.setViewportSize(PHONE);
}

// Every trace on the page can be played to its end, and the whole of it fits.
async function checkSteppers(page, tell) {
  for (const figure of await page.locator("figure.trace-stepper").all()) {
    const stepper = figure.locator(".ts");
    if ((await stepper.count()) !== 1) tell(`no stepper: ${await figure.locator(".ts-damaged").allTextContents()}`);
    else await stepper.press("End");
  }
}

// Source files become pages of one kind: one of each language is enough to judge the rest.
function isMoreOfTheSame(url, languages) {
  const language = url.match(/\/sources\/.*(\.[a-z]+)\.html$/)?.[1];
  if (language === undefined || !languages.has(language)) {
    languages.add(language);
    return false;
  }
  return true;
}

async function isLookedAtClosely(page) {
  return THOROUGH || chosenBy([await page.locator("main").textContent()], CLOSELY) === 0;
}

function themes() {
  return THOROUGH ? THEMES : ["light", "navy"];
}

// Goes through the themes as a reader does, with the buttons of the menu, and judges the text of every kind that no page
// before had. `judged` has these kinds, and how much text was looked at in each theme.
async function checkThemes(page, judged, tell) {
  const kinds = (await kindsOfText(page)).filter((it) => !judged.kinds.has(it));
  if (kinds.length === 0) return;
  await loadAxe(page);
  for (const theme of themes()) {
    await putOn(theme, page, tell);
    const { looked, low } = await unreadable(page, kinds);
    judged.looked.set(theme, (judged.looked.get(theme) ?? 0) + looked);
    for (const what of new Set(low)) tell(`${theme}: ${what}`);
  }
  for (const it of kinds) judged.kinds.add(it);
}

// One of every kind of reader, for one page after another. Those who look at pages side by side share nothing: a theme
// is kept for all tabs of a browser, and a page that is opened while another tab puts one on may have both.
async function company(browser) {
  const desk = await Reader.create(browser, "on a screen", { viewport: SCREEN });
  const phone = await Reader.create(browser, "on a phone", { viewport: PHONE });
  const plain = await Reader.create(browser, "without JavaScript", { javaScriptEnabled: false });
  for (const reader of [desk, phone, plain]) reader.keepsTabs = true;
  return { desk, phone, plain };
}

// The other pages of the book that can be reached from `start`, each examined by every kind of reader.
async function tour(browser, start) {
  const companies = await Promise.all(Array.from({ length: AT_ONCE }, () => company(browser)));
  const seen = new Set([start]);
  const languages = new Set();
  const judged = { kinds: new Set(), looked: new Map() };
  let opened = 0;
  const visit = async (url, { desk, phone, plain }) => {
    const again = isMoreOfTheSame(url, languages);
    if (again && !(THOROUGH && chosenBy([new URL(url).pathname], SOURCES) === 0)) return;
    opened += 1;
    console.log(new URL(url).pathname);
    let wanted, closely;
    await desk.open(url, async (page, tell) => {
      wanted = await title(page);
      for (const link of await links(page)) seen.add(link);
      await checkSteppers(page, tell);
      await checkWidth(page, tell);
      closely = !again && (await isLookedAtClosely(page));
      if (closely) return checkThemes(page, judged, tell);
      if (again) return;
      await narrow(page);
      await checkWidth(page, (what) => tell(`as narrow as a phone: ${what}`));
    });
    if (!closely) return;
    await phone.open(url, async (page, tell) => {
      await checkSteppers(page, tell);
      await checkWidth(page, tell);
    });
    await plain.open(url, async (page, tell) => {
      const found = await title(page);
      if (!found || found !== wanted) tell(`its title is ${found}, not ${wanted}`);
    });
  };
  // Each page visited may add to those that are seen, for the next round. In a round, each company takes the next page
  // when it is done with its last one: some take twenty times as long as others.
  for (let begun = 0; begun < seen.size; ) {
    const round = [...seen].slice(begun);
    begun += round.length;
    const look = async (company) => {
      for (let url = round.shift(); url; url = round.shift()) await visit(url, company);
    };
    await Promise.all(companies.map(look));
  }
  for (const theme of themes()) {
    const looked = judged.looked.get(theme) ?? 0;
    if (looked <= judged.kinds.size / 2) report(theme, `of ${judged.kinds.size} kinds of text, ${looked} were looked at`);
  }
  return `${opened} of ${seen.size} pages, ${judged.kinds.size} kinds of text`;
}

async function main() {
  const browser = await launch();
  const { address, end } = await serve(process.argv[2]);
  let pages;
  try {
    pages = await tour(browser, `${address}index.html`);
  } finally {
    end();
    await browser.close();
  }
  conclude(pages);
}

await main();
