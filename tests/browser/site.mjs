// What the book offers beside its pages, as a reader uses it: looking a word up, the keyboard, the page to print.
//
//     node tests/browser/site.mjs [where the book is served]

import { launch, serve } from "./browser.mjs";
import { PHONE, Reader, SCREEN, THEMES, conclude, putOn } from "./reader.mjs";

// What is typed into the search, and the first hit.
const WORDS = [
  ["asyncio.gather", "asyncio.gather"],
  ["call_soon_threadsafe", "loop.call_soon_threadsafe"],
  ["Queue.join", "Queue.join"],
  ["waker", "Glossary » waker"],
  ["edge-triggered", "Glossary » edge-triggered"],
  ["task", "Glossary » task"],
];

async function firstHits(page, tell) {
  await page.keyboard.press("/");
  for (const [word, wanted] of WORDS) {
    await page.fill("#mdbook-searchbar", word);
    await page.dispatchEvent("#mdbook-searchbar", "keyup");
    const heard = page.locator("#mdbook-searchresults-header", { hasText: `'${word}'` });
    await heard.waitFor();
    const first = await page.locator("#mdbook-searchresults li a").first().textContent();
    if (!first.includes(wanted)) tell(`the first hit for ${word} is “${first}”, not ${wanted}`);
  }
}

// The first stop of the Tab key leads past the list of chapters, and the next is in the page.
async function skips(page, tell) {
  await page.keyboard.press("Tab");
  const said = await page.evaluate(() => document.activeElement.textContent);
  if (said !== "Skip to the page") tell(`the first stop of Tab is “${said}”`);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  const inside = await page.evaluate(() => document.activeElement.closest("main") !== null);
  if (!inside) tell("after the way past the list, Tab is not in the page");
}

// The page that is open is marked in the list of chapters, by a colour that can be read.
async function readableSidebar(page, tell) {
  for (const theme of THEMES) {
    await putOn(theme, page, tell);
    const contrast = await page.evaluate(() => {
      const light = (colour) => {
        const [red, green, blue] = colour.match(/[\d.]+/g).map((value) => {
          const part = value / 255;
          return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      };
      const active = document.querySelector("#mdbook-sidebar a.active");
      const colours = [
        getComputedStyle(active).color,
        getComputedStyle(document.querySelector("#mdbook-sidebar")).backgroundColor,
      ].map(light);
      return (Math.max(...colours) + 0.05) / (Math.min(...colours) + 0.05);
    });
    if (!(contrast >= 4.5)) tell(`${theme}: the page that is open is marked with a contrast of ${contrast}`);
  }
}

// Where the reader wants no motion, nothing moves.
async function still(page, tell) {
  const moving = await page.evaluate(() =>
    [...document.querySelectorAll("*")]
      .filter((it) => getComputedStyle(it).transitionDuration.split(", ").some((time) => time !== "0s"))
      .map((it) => it.outerHTML.slice(0, 60)),
  );
  for (const what of moving.slice(0, 3)) tell(`moves: ${what}`);
}

// The night of the taxis stands at the top, and both doors lead somewhere.
async function frontPage(page, tell) {
  const top = await page.locator("figure.trace-stepper .ts").first().boundingBox();
  if (!top || top.y > SCREEN.height / 2) tell(`the night to play is not at the top: ${JSON.stringify(top)}`);
  const doors = await page.locator(".doors a").count();
  if (doors !== 2) tell(`${doors} doors`);
}

// The sources are pages of their own, and not printed with the book.
async function printed(page, tell) {
  const titles = await page.locator("main h1").allTextContents();
  const sources = titles.filter((title) => title.startsWith("chapters/"));
  if (titles.length < 10) tell(`to be printed: only ${titles.join(", ")}`);
  if (sources.length > 0) tell(`to be printed: ${sources.length} sources`);
}

// No line of code or output is cut off at the edge of a phone, where what decides may stand.
async function whole(page, tell) {
  const cut = await page.evaluate(() =>
    [...document.querySelectorAll(".listing pre > code, .terminal pre > :is(code, samp)")]
      .filter((it) => it.scrollWidth > it.clientWidth)
      .map((it) => it.textContent.slice(0, 60)),
  );
  for (const what of cut.slice(0, 3)) tell(`cut off: ${what}`);
}

async function main() {
  const browser = await launch();
  const { address, end } = await serve(process.argv[2]);
  try {
    const desk = await Reader.create(browser, "on a screen", { viewport: SCREEN });
    const phone = await Reader.create(browser, "on a phone", { viewport: PHONE });
    const front = `${address}index.html`;
    await desk.open(front, firstHits);
    await desk.open(front, skips);
    await desk.open(front, readableSidebar);
    await desk.open(front, still);
    await desk.open(front, frontPage);
    await phone.open(front, skips);
    await phone.open(`${address}06-tasks.html`, whole);
    // The page opens the dialogue to print: that is not to hold the test up.
    await desk.context.addInitScript(() => (window.print = () => {}));
    await desk.open(`${address}print.html`, printed);
  } finally {
    end();
    await browser.close();
  }
  conclude("8 visits");
}

await main();
