// A reader of the book with a browser of their own, and what they would complain of.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

export const SCREEN = { width: 1280, height: 844 };
export const PHONE = { width: 390, height: 844 };
export const THEMES = ["light", "rust", "coal", "navy", "ayu"];
// Nothing that is right comes near it, on a machine that is busy with other things, too.
const PATIENCE = 60_000;

// What is wrong, and where: a mistake in a template is on many pages, and told once.
const problems = new Map();

export function report(where, what) {
  if (!problems.has(what)) problems.set(what, []);
  problems.get(what).push(where);
}

// A kind of reader: a browser window with its own settings, and what it should say of itself in a report.
export class Reader {
  static async create(browser, name, options) {
    const reader = new Reader();
    reader.name = name;
    reader.viewport = options.viewport;
    // Whether a tab is used again. What a test has set in it, such as print in place of a screen, would stay.
    reader.keepsTabs = false;
    reader.tabs = [];
    reader.context = await browser.newContext({ reducedMotion: "reduce", ...options });
    reader.context.setDefaultTimeout(PATIENCE);
    return reader;
  }

  // Opens `url`, watches what the page does, and lets `look` examine it.
  async open(url, look) {
    const { origin, pathname } = new URL(url);
    const tell = (what) => report(`${pathname}, ${this.name}`, what);
    const tab = this.tabs.pop() ?? (await Tab.create(this.context));
    Object.assign(tab, { origin, tell });
    let isSound = false;
    try {
      if (this.viewport) await tab.page.setViewportSize(this.viewport);
      await tab.page.goto(url, { waitUntil: "load" });
      await look(tab.page, tell);
      isSound = true;
    } catch (error) {
      tell(error.message.split("\n")[0]);
    }
    if (isSound && this.keepsTabs) this.tabs.push(tab);
    else await tab.page.close();
  }
}

// A tab that is watched; where it is kept, it is used for one page after another: a new one costs as much as a small page.
class Tab {
  static async create(context) {
    const tab = new Tab();
    const page = (tab.page = await context.newPage());
    page.on("pageerror", (error) => tab.tell(`error: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error") tab.tell(`console: ${message.text()}`);
    });
    page.on("request", (request) => {
      const { origin, protocol } = new URL(request.url());
      if (origin !== tab.origin && protocol.startsWith("http")) tab.tell(`asks for ${request.url()}`);
    });
    page.on("requestfailed", (request) => {
      const { pathname } = new URL(request.url());
      const { errorText } = request.failure();
      // What a served book listens to ends with the page, and a page that is left before its icon came gives that up.
      const isLeft = errorText === "net::ERR_ABORTED" && /^\/favicon[^/]*$/.test(pathname);
      if (pathname !== "/-/news" && !isLeft) tab.tell(`cannot load ${request.url()}: ${errorText}`);
    });
    page.on("response", (response) => {
      if (response.status() >= 400) tab.tell(`${response.status()} for ${response.url()}`);
    });
    return tab;
  }
}

// What stands out on the right, and is not in a box that scrolls by itself.
export function overflowing(page) {
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

// Loads axe into the page.
export async function loadAxe(page) {
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"));
}

// Puts on a theme as a reader does, with the button of the menu.
export async function putOn(theme, page, tell) {
  await page.evaluate((id) => document.getElementById(id)?.click(), `mdbook-theme-${theme}`);
  const classes = await page.locator("html").getAttribute("class");
  const on = THEMES.filter((it) => classes?.split(" ").includes(it));
  if (on.join() !== theme) tell(`not the theme ${theme} is on: ${classes}`);
}

// The kinds of text in the page. The colour of a text is what the style sheets say of its element and of those around
// it: one of each kind stands for its like, as a listing has a thousand words in some ten colours.
//
// Axe looks at the whole page first. So the words whose like is there are taken from it, and the list of chapters, which
// `site.mjs` judges: this comes last.
export function kindsOfText(page) {
  return page.evaluate(() => {
    const own = (element) => [element.localName, ...element.classList].join(".") + (element.getAttribute("style") ?? "");
    const kind = (element) => {
      const names = [];
      for (let around = element; around && around.localName !== "body"; around = around.parentElement) {
        const striped = around.localName === "tr" ? around.rowIndex % 2 : "";
        names.push(own(around) + striped);
      }
      return names.join(" < ");
    };
    document.querySelector("#mdbook-sidebar")?.remove();
    const there = new Set();
    for (const word of document.querySelectorAll("main pre code > *")) {
      const kinds = [word, ...word.querySelectorAll("*")].map(kind);
      if (kinds.every((it) => there.has(it))) word.remove();
      for (const it of kinds) there.add(it);
    }
    const text = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    const kinds = (globalThis.kindsOfText = new Map());
    for (let node = text.nextNode(); node; node = text.nextNode()) {
      const element = node.parentElement;
      if (!node.data.trim() || !element.checkVisibility()) continue;
      const name = kind(element);
      const known = kinds.get(name);
      // The smallest, as all that is in it is looked at, too.
      if (!known || element.textContent.length < known.textContent.length) kinds.set(name, element);
    }
    return [...kinds.keys()];
  });
}

// Of these `kinds` of text, the ones whose contrast is too low (WCAG AA: 4.5 for text of usual size), as axe finds it. The
// paragraphs without any of them are taken from the page.
export function unreadable(page, kinds) {
  return page.evaluate(async (kinds) => {
    const include = kinds.map((it) => globalThis.kindsOfText.get(it));
    for (const block of document.querySelectorAll("main > *")) {
      if (!include.some((it) => block.contains(it))) block.remove();
    }
    const options = { runOnly: ["color-contrast"], resultTypes: ["violations", "passes"] };
    const result = await globalThis.axe.run({ include }, options);
    const nodes = (found) => found.flatMap((rule) => rule.nodes);
    return {
      looked: nodes(result.passes).length,
      low: nodes(result.violations).map((node) => {
        const names = node.html.match(/^<[a-z0-9]+( class="[^"]*")?/)?.[0];
        return `${names}>: contrast ${node.any[0]?.data?.contrastRatio}`;
      }),
    };
  }, kinds);
}

// Says what is wrong, if anything is, and how much was looked at. Gives the status to exit with.
export function conclude(looked) {
  for (const [what, where] of problems) {
    const more = where.length > 1 ? ` (and ${where.length - 1} more)` : "";
    console.error(`${where[0]}${more}: ${what}`);
  }
  console.log(`${looked}, ${problems.size} problems`);
  process.exitCode = problems.size === 0 ? 0 : 1;
}
