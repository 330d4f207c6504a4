// Documents: long ones, damaged ones, newer ones, and those that a reader opens.

import assert from "node:assert/strict";
import { some } from "../quick.mjs";
import { figure as figureOf, run, shown, traceText } from "../trial.mjs";
import { long } from "../long.mjs";
import { open, stepper } from "./open.mjs";

const damaged = (name, change) => {
  const doc = JSON.parse(traceText(name));
  change(doc);
  return JSON.stringify(doc);
};

const BAD = {
  "half a document": [traceText("02-taxi").slice(0, 5_000), /not JSON/],
  "no document": ["", /not JSON/],
  "other JSON": ['{"a": 1}', /“format”/],
  newer: [damaged("02-taxi", (doc) => (doc.version = 7)), /version 7, and this page plays version 4: get the book anew/],
  older: [damaged("02-taxi", (doc) => (doc.version = 2)), /version 2, and this page plays version 4: record the run again/],
  "not for playing": [damaged("02-taxi", (doc) => delete doc.steps), /its field “steps” is missing/],
  impossible: [damaged("02-taxi", (doc) => doc.steps[19].changes.push(["queue", 9, 1])), /damaged at step 19: .* “queue”/],
};

export async function a_figure_with_a_bad_document_says_so(check) {
  for (const [what, [text, message]] of some(Object.entries(BAD), 2)) {
    const rows = JSON.parse(traceText("02-taxi")).events;
    const html = figureOf("trace-bad", text, { rows }) + run("06-two-tasks");
    await open(check, "screen", html, async (page, figure) => {
      const alert = figure.getByRole("alert");
      assert.match(await alert.textContent(), message, what);
      assert.equal(await figure.locator(".ts").count(), 0);
      assert.ok(await figure.locator(".ts-timeline svg").isVisible(), "the timeline stays");
      await figure.locator("summary").click();
      assert.ok(await figure.locator("tbody tr").first().isVisible(), "the table stays");
      // The other figure on the page is not hurt.
      const second = page.locator("figure.trace-stepper").nth(1);
      await stepper(second).press("ArrowRight");
      assert.equal((await shown(second)).step, 1);
    });
  }
}

const PLAYER = '<div class="trace-player"><p>needs JavaScript</p></div>';
const asFile = (name, text) => ({ name, mimeType: "application/json", buffer: Buffer.from(text) });

// Opens the player, in a page that may ask for nothing any more.
async function player(check, look) {
  await open(check, "screen", PLAYER, async (page) => {
    const asked = [];
    // Letters that are seen for the first time ask for their font, and a served page listens for the next book, again and
    // again on a busy machine. Neither takes anything along.
    page.on("request", (request) => {
      const { pathname, search } = new URL(request.url());
      const isOwn = /^\/(fonts\/|favicon|-\/news$)/.test(pathname);
      if (!isOwn || search !== "" || request.postData() !== null) asked.push(request.url());
    });
    await look(page, page.locator(".trace-player"), page.locator("figure.trace-stepper"));
    assert.deepEqual(asked, [], "a file that is opened here is sent nowhere");
  });
}

export async function the_player_plays_a_file(check) {
  await player(check, async (page, place, figure) => {
    await place.getByLabel("Open a trace file").setInputFiles(asFile("mine.json", traceText("06-two-tasks")));
    await stepper(figure).press("End");
    const { step, output } = await shown(figure);
    assert.equal(step, 34);
    assert.ok(output.length > 3);
    assert.equal(await place.getByRole("status").first().textContent(), "mine.json is open: 35 steps.");
    assert.equal(await figure.locator("figcaption").textContent(), "two-tasks of ch06-tasks");
    await figure.locator("summary").click();
    assert.equal(await figure.locator(".ts-scroll tbody tr").count(), 35);
    // The next file takes its place.
    await place.getByLabel("Open a trace file").setInputFiles(asFile("other.json", traceText("02-taxi")));
    await figure.getByText("taxi of ch02-event-loop").waitFor();
    assert.equal(await figure.count(), 1);
  });
}

export async function the_player_takes_what_is_dropped(check) {
  await player(check, async (page, place, figure) => {
    await page.evaluate((text) => {
      const data = new DataTransfer();
      data.items.add(new File([text], "dropped.json", { type: "application/json" }));
      const zone = document.querySelector(".ts-drop");
      for (const type of ["dragenter", "dragover", "drop"]) {
        zone.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
      }
    }, traceText("02-taxi"));
    await figure.getByText("taxi of ch02-event-loop").waitFor();
    assert.equal(await page.locator(".ts-over").count(), 0);
  });
}

export async function the_player_says_what_is_wrong_with_a_file(check) {
  await player(check, async (page, place, figure) => {
    for (const [what, [text, message]] of Object.entries(BAD)) {
      await place.getByLabel("Open a trace file").setInputFiles(asFile(`${what}.json`, text));
      await place.getByText(`${what}.json cannot be played.`).waitFor();
      assert.match(await figure.getByRole("alert").textContent(), message, what);
      assert.equal(await figure.locator(".ts").count(), 0);
    }
    await place.getByLabel("Open a trace file").setInputFiles(asFile("good.json", traceText("02-taxi")));
    await stepper(figure).waitFor();
  });
}

export async function without_javascript_the_player_says_so(check) {
  await open(check, "plain", PLAYER, async (page) => {
    assert.ok(await page.getByText("needs JavaScript").isVisible());
  });
}

// What the page itself takes: time for a step, drawn, in milliseconds.
const timed = (figure, keys) =>
  figure.evaluate((node, keys) => {
    const stepper = node.querySelector(".ts");
    const times = keys.map((key) => {
      const began = performance.now();
      stepper.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
      // Asking for the layout makes the browser do it now.
      node.getBoundingClientRect();
      return performance.now() - began;
    });
    return times.sort((a, b) => a - b)[times.length >> 1];
  }, keys);

export async function a_hundred_thousand_steps_stay_usable(check) {
  const text = JSON.stringify(long(100_000, 3_000));
  await player(check, async (page, place, figure) => {
    // The quickest of some: others may be at work on this machine.
    const opening = [];
    for (let round = 0; round < 8 && Math.min(...opening) >= 2_000; round++) {
      await place.getByLabel("Open a trace file").setInputFiles(asFile(`${round}.json`, text));
      await place.getByText(`${round}.json is open: 100,000 steps.`).waitFor();
      opening.push(await page.evaluate(() => performance.measure("x", "trace-read", "trace-shown").duration));
    }
    assert.ok(Math.min(...opening) < 2_000, `opened in ${opening} ms`);
    const forth = Array.from({ length: 31 }, () => "ArrowRight");
    // From the end, where most has to be replayed.
    const back = ["End", ...Array.from({ length: 31 }, () => "ArrowLeft")];
    const jumps = Array.from({ length: 31 }, (_, index) => (index % 2 === 0 ? "End" : "Home"));
    for (const keys of [forth, back, jumps]) {
      const median = await timed(figure, keys);
      console.log(`  100,000 steps: opened in ${Math.round(Math.min(...opening))} ms, ${keys.at(-1)} ${median.toFixed(1)} ms`);
      assert.ok(median < 50, `${keys.at(-1)}: ${median} ms`);
    }
    await stepper(figure).press("End");
    const { step, queue, tasks } = await shown(figure);
    assert.equal(step, 99_999);
    assert.ok(queue.length > 0 && queue.length < 20, "a part of the queue");
    assert.equal(tasks.length, 10, "a part of the tasks");
    await figure.getByText("and 2,990 more").first().waitFor();
    assert.match(await figure.locator(".ts-lane .ts-more").textContent(), /^and 2,9\d\d more$/);
    assert.match(await figure.locator(".ts-source .ts-more").first().textContent(), /^and 2,99\d more$/);
    await figure.locator("summary").click();
    assert.equal(await figure.locator(".ts-scroll tbody tr").count(), 221);
  });
}
