// A page of the book for a test of the stepper: the book's own, with figures in place of its text, made of recorded runs.

import { readFileSync } from "node:fs";

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

export const traceText = (name) => readFileSync(new URL(`traces/${name}.json`, import.meta.url), "utf8");

// The figure as the book's builder writes it: a picture, a table, and the document. `text` is the document.
export function figure(id, text, { predict = false, rows = [] } = {}) {
  const cells = rows.map(({ at, says }, step) => `<tr><td>${step}</td><td>${at} ns</td><td>${escaped(says)}</td></tr>`);
  const heads = ["step", "time", "what happened"].map((head) => `<th scope="col">${head}</th>`).join("");
  const picture = `<div class="ts-timeline"><svg role="img" viewBox="0 0 300 40" width="300"><title>timeline</title><rect width="300" height="40" fill="gray"/></svg></div>`;
  const answer = `<details class="ts-answer"><summary>The run as a picture</summary>${picture}</details>`;
  return `<figure class="trace-stepper" id="${id}"${predict ? " data-predict" : ""}>
<figcaption>The run of ${id}.</figcaption>
<p class="ts-still">This picture stands still.</p>
${predict ? answer : picture}
<details class="ts-table"><summary>All steps as a table</summary><div class="ts-scroll"><table><thead><tr>${heads}</tr></thead><tbody>${cells.join("")}</tbody></table></div></details>
<script type="application/json">${text.replaceAll("</", "<\\/")}</script>
</figure>`;
}

// The figure of a recorded run.
export function run(name, options) {
  const text = traceText(name);
  return figure(`trace-${name}`, text, { rows: JSON.parse(text).events, ...options });
}

// Lets the readers of `context` find a page of the book with `html` for its text, at the address that is returned.
let pages = 0;
export async function publish(reader, address, html) {
  const url = `${address}trial-${++pages}.html`;
  const book = await (await fetch(`${address}glossary.html`)).text();
  const main = /(<main>)[^]*?(<\/main>)/;
  if (!main.test(book)) throw new Error("the book's pages have no <main>");
  const body = book.replace(main, (_, open, close) => `${open}<h1>A trial</h1>${html}${close}`);
  await reader.context.route(url, (route) => route.fulfill({ contentType: "text/html", body }));
  return url;
}

// What the stepper in `figure` shows.
export const shown = (figure) => figure.evaluate(look);

// What it shows at each step, from where it is to the end, as the button “Next” is pressed.
export function walk(figure, limit = 1_000) {
  return figure.evaluate(
    (node, [look, limit]) => {
      const at = new Function(`return (${look})`)();
      const next = node.querySelector('button[aria-label="Next step"]');
      next.focus();
      const seen = [at(node)];
      while (seen.length < limit) {
        next.click();
        const now = at(node);
        if (now.step === seen.at(-1).step) break;
        seen.push(now);
      }
      return seen;
    },
    [look.toString(), limit],
  );
}

// Runs in the page.
function look(node) {
  const text = (query) => node.querySelector(query)?.textContent ?? null;
  const all = (query) => [...node.querySelectorAll(query)].map((found) => found.textContent);
  return {
    step: Number(text(".ts-count")?.match(/step ([\d,]+)/)?.[1].replaceAll(",", "")),
    sentence: text(".ts-sentence"),
    clock: text(".ts-clock"),
    height: node.querySelector(".ts").getBoundingClientRect().height,
    queue: all(".ts-lane .ts-chip"),
    tasks: all(".ts-tasks tbody tr"),
    timers: all(".ts-timers tbody tr"),
    keys: all(".ts-key .ts-due"),
    output: all(".ts-screen > div:not(.ts-gap)"),
    stopped: all(".ts-stopped .ts-chip"),
    focus: text(":is(.ts-focus-running, .ts-focus-stopped, .ts-focus-spawned) code"),
    file: text('.ts-tab[aria-pressed="true"]'),
    fresh: node.querySelectorAll(".ts-new").length,
    ask: text(".ts-ask"),
    score: text(".ts-score"),
    current: node.querySelector('tr[aria-current="step"]')?.cells[0].textContent ?? null,
  };
}
