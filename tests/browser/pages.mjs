// Opens every page of the book in Chromium, as a reader would:
//
//     node tests/browser/pages.mjs [program that serves the book]
//
// Fails on an error in the page or its console, on a request that leaves the book, on a page that scrolls sideways
// on a screen or a phone, on text that is hard to read in one of the five themes, and on a page that loses its
// title without JavaScript.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { launch, serve } from "./browser.mjs";

const SCREEN = { width: 1280, height: 844 };
const PHONE = { width: 390, height: 844 };
const THEMES = ["light", "rust", "coal", "navy", "ayu"];
const PATIENCE = 15_000;

// What is wrong, and where: a mistake in a template is on many pages, and told once.
const problems = new Map();

function report(where, what) {
  if (!problems.has(what)) problems.set(what, []);
  problems.get(what).push(where);
}

// A kind of reader: a browser window with its own settings, and what it should say of itself in a report.
class Reader {
  static async create(browser, name, options) {
    const reader = new Reader();
    reader.name = name;
    reader.context = await browser.newContext({ reducedMotion: "reduce", ...options });
    reader.context.setDefaultTimeout(PATIENCE);
    return reader;
  }

  // Opens `url`, watches what the page does, and lets `look` examine it.
  async open(url, look) {
    const { origin, pathname } = new URL(url);
    const tell = (what) => report(`${pathname}, ${this.name}`, what);
    const page = await this.context.newPage();
    await page.route(
      (target) => target.origin !== origin && target.protocol.startsWith("http"),
      (route) => {
        tell(`asks for ${route.request().url()}`);
        return route.abort();
      },
    );
    page.on("pageerror", (error) => tell(`error: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error") tell(`console: ${message.text()}`);
    });
    page.on("requestfailed", (request) => tell(`cannot load ${request.url()}`));
    page.on("response", (response) => {
      if (response.status() >= 400) tell(`${response.status()} for ${response.url()}`);
    });
    try {
      await page.goto(url, { waitUntil: "load" });
      await look(page, tell);
    } catch (error) {
      tell(error.message.split("\n")[0]);
    } finally {
      await page.close();
    }
  }
}

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

// What stands out on the right, and is not in a box that scrolls by itself.
function overflowing(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const scrolls = (element) =>
      ["auto", "scroll", "hidden"].includes(getComputedStyle(element).overflowX);
    const inBox = (element) => {
      for (let box = element.parentElement; box && box.tagName !== "MAIN"; box = box.parentElement) {
        if (scrolls(box)) return true;
      }
      return false;
    };
    const wide = [...document.querySelectorAll("main *")].filter(
      (element) => element.getBoundingClientRect().right > width + 1 && !inBox(element),
    );
    const found = wide.slice(0, 3).map((element) => element.outerHTML.slice(0, 100));
    if (document.documentElement.scrollWidth > width) found.push("the page scrolls sideways");
    return found;
  });
}

// Text whose contrast is too low (WCAG AA: 4.5 for text of usual size), as axe finds it.
function unreadable(page) {
  return page.evaluate(async () => {
    const options = { runOnly: ["color-contrast"], resultTypes: ["violations", "passes"] };
    const result = await globalThis.axe.run("main", options);
    const nodes = (found) => found.flatMap((rule) => rule.nodes);
    return {
      looked: nodes(result.passes).length,
      low: nodes(result.violations).map((node) => {
        const names = node.html.match(/^<[a-z0-9]+( class="[^"]*")?/)?.[0];
        return `${names}>: contrast ${node.any[0]?.data?.contrastRatio}`;
      }),
    };
  });
}

// Folded answers must fit, too.
async function checkWidth(page, tell) {
  await unfold(page);
  for (const what of await overflowing(page)) tell(`too wide: ${what}`);
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
async function checkThemes(page, tell, axe) {
  await page.evaluate(axe);
  for (const theme of THEMES) {
    await page.evaluate((id) => document.getElementById(id)?.click(), `mdbook-theme-${theme}`);
    const classes = await page.locator("html").getAttribute("class");
    if (!classes?.split(" ").includes(theme)) tell(`the theme ${theme} is not on: ${classes}`);
    const { looked, low } = await unreadable(page);
    if (looked === 0) tell(`${theme}: no text was looked at`);
    for (const what of new Set(low)) tell(`${theme}: ${what}`);
  }
}

// The other pages of the book that can be reached from `start`, each examined by every kind of reader.
async function tour(browser, start, axe) {
  const desk = await Reader.create(browser, "on a screen", { viewport: SCREEN });
  const phone = await Reader.create(browser, "on a phone", { viewport: PHONE });
  const plain = await Reader.create(browser, "without JavaScript", { javaScriptEnabled: false });
  const seen = new Set([start]);
  const judged = new Set();
  for (const url of seen) {
    const again = isMoreOfTheSame(url, judged);
    console.log(new URL(url).pathname);
    let wanted;
    await desk.open(url, async (page, tell) => {
      wanted = await title(page);
      for (const link of await links(page)) seen.add(link);
      await checkWidth(page, tell);
      if (!again) await checkThemes(page, tell, axe);
    });
    if (again) continue;
    await phone.open(url, checkWidth);
    await plain.open(url, async (page, tell) => {
      const found = await title(page);
      if (!found || found !== wanted) tell(`its title is ${found}, not ${wanted}`);
    });
  }
  return seen.size;
}

async function main() {
  const browser = await launch();
  const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  const { address, child } = await serve(process.argv[2]);
  let pages;
  try {
    pages = await tour(browser, `${address}index.html`, axe);
  } finally {
    child.removeAllListeners("exit");
    child.kill();
    await browser.close();
  }
  for (const [what, where] of problems) {
    const more = where.length > 1 ? ` (and ${where.length - 1} more)` : "";
    console.error(`${where[0]}${more}: ${what}`);
  }
  console.log(`${pages} pages, ${problems.size} problems`);
  process.exitCode = problems.size === 0 ? 0 : 1;
}

await main();
