// What the panels show, and how it looks: themes, widths, without JavaScript, on paper.

import assert from "node:assert/strict";
import { some } from "../quick.mjs";
import { THEMES, loadAxe, overflowing, putOn } from "../reader.mjs";
import { run, shown, traceText } from "../trial.mjs";
import { violations } from "./axe.mjs";
import { button, open, stepper } from "./open.mjs";

const goTo = (figure, step) => figure.locator(".ts-scrub input").fill(String(step));
const events = (name) => JSON.parse(traceText(name)).events;

export async function panels_that_stay_empty_are_not_shown(check) {
  const panels = (figure) =>
    figure.evaluate((node) => [...node.querySelectorAll(".ts-panel")].map((panel) => panel.classList[1]));
  await open(check, "screen", run("02-taxi"), async (page, figure) => {
    assert.deepEqual(await panels(figure), ["ts-source", "ts-tasks", "ts-timers", "ts-output", "ts-heap"]);
  });
  await open(check, "screen", run("07-echo"), async (page, figure) => {
    const wanted = ["ts-queue", "ts-source", "ts-tasks", "ts-timers", "ts-sockets", "ts-output", "ts-heap"];
    assert.deepEqual(await panels(figure), wanted);
  });
}

export async function the_heap_is_shown_as_a_tree_and_in_order(check) {
  const all = events("05-timeout");
  const step = all.findIndex((event) => event.kind === "timer-cancelled" && event.heap.length > 0);
  const dead = all[step].timer;
  await open(check, "screen", run("05-timeout"), async (page, figure) => {
    await goTo(figure, step);
    const { keys, timers } = await shown(figure);
    assert.equal(keys.length, all[step].heap.length);
    assert.equal(await figure.locator(".ts-key.ts-is-dead").count(), 1, "the dead key is in the tree");
    assert.ok(timers.some((row) => row.endsWith(`${dead}, dead`)), timers.join(" | "));
  });
  await open(check, "screen", run("02-taxi"), async (page, figure) => {
    for (const [at, { heap, timer, kind }] of events("02-taxi").entries()) {
      if (!heap) continue;
      await goTo(figure, at);
      const { keys, timers } = await shown(figure);
      assert.equal(keys.length, heap.length);
      assert.equal(timers.length, Math.max(1, heap.length + (kind === "timer-fired" ? 1 : 0)), `step ${at}, ${timer}`);
      const due = timers.filter((row) => !row.includes("fires")).map((row) => Number.parseInt(row, 10));
      assert.deepEqual(due, [...due].sort((a, b) => a - b), "in order");
    }
  });
}

export async function the_source_shows_who_is_suspended_where(check) {
  const all = events("02-taxi");
  const { places } = JSON.parse(traceText("02-taxi"));
  await open(check, "screen", run("02-taxi"), async (page, figure) => {
    const files = new Set();
    for (let step = 0; step < 60; step++) {
      await goTo(figure, step);
      const { focus, stopped, file, fresh } = await shown(figure);
      const { kind, place } = all[step];
      if (kind === "pending" || kind === "spawned") {
        assert.equal(focus?.trim(), places[place].text, `step ${step}`);
        files.add(file);
      }
      if (kind === "pending") assert.ok(stopped.length > 0 && fresh > 0, `step ${step}`);
      // The marked line can be seen, whatever the box is scrolled to.
      if (focus !== null) assert.ok(await isInView(figure), `step ${step}`);
    }
    assert.deepEqual([...files].sort(), ["programs/taxi.rs", "src/taxi.rs"], "the files switch by themselves");
    // Those of three taxis that wait stand at their lines.
    const started = all.findIndex(({ kind }) => kind === "loop-started");
    await goTo(figure, started);
    assert.deepEqual((await shown(figure)).stopped, ["taxi A", "taxi B", "taxi C"]);
    await goTo(figure, all.findIndex(({ kind }, step) => step > started && kind === "polled"));
    assert.equal(await figure.locator(".ts-focus-running .ts-running").textContent(), "taxi A goes on");
    // Lines for the recorder and for the book's tools are left out, and the others keep their numbers.
    const code = await figure.locator(".ts-code").textContent();
    assert.ok(!/trace::|ANCHOR|traced/.test(code.replace("use trace::say", "")), code);
    await figure.locator(".ts-tab").first().click();
    assert.equal((await shown(figure)).file, "programs/taxi.rs");
  });
}

function isInView(figure) {
  return figure.evaluate((node) => {
    const box = node.querySelector(".ts-code").getBoundingClientRect();
    const line = node.querySelector(":is(.ts-focus-running, .ts-focus-stopped, .ts-focus-spawned)").getBoundingClientRect();
    return line.top >= box.top && line.bottom <= box.bottom;
  });
}

export async function the_queue_shows_who_runs_and_who_is_next(check) {
  const all = events("06-two-tasks");
  const step = all.findIndex((event) => event.kind === "polled");
  await open(check, "screen", run("06-two-tasks"), async (page, figure) => {
    await goTo(figure, step);
    const { queue, tasks } = await shown(figure);
    assert.deepEqual(queue, ["Task-2", "Task-3"]);
    assert.deepEqual(tasks, ["Task-1runs1", "Task-2ready0", "Task-3ready0"]);
    assert.ok((await figure.locator(".ts-queue .ts-running").textContent()) === "Task-1");
  });
}

export async function the_inbox_shows_what_is_under_way(check) {
  const all = events("08-letters");
  const chips = (figure) => figure.locator(".ts-mail").allTextContents();
  for (const kind of ["screen", "phone"]) {
    await open(check, kind, run("08-letters"), async (page, figure) => {
      assert.match(await figure.locator(".ts-queue").textContent(), /Inbox, oldest first/);
      const lying = [];
      for (const [step, event] of all.entries()) {
        if (event.kind === "mailed") lying.push({ wake: "wake: taxi", call: "call", drop: "drop: main" }[event.what]);
        if (event.kind === "mail-read") lying.shift();
        await goTo(figure, step);
        assert.deepEqual(await chips(figure), lying, `step ${step}`);
        assert.equal(await figure.locator(".ts-mail.ts-new").count(), event.kind === "mailed" ? 1 : 0);
      }
    });
  }
  await open(check, "screen", run("06-two-tasks"), async (page, figure) => {
    assert.ok(!(await figure.locator(".ts-queue").textContent()).includes("Inbox"), "nothing is ever sent");
  });
}

// Every rule of axe for WCAG A and AA, in predict mode with an answer given, so that as much as possible is there.
export async function it_is_accessible_in_every_theme(check) {
  const busy = ["timer-cancelled", "tried", "mailed"];
  for (const name of some(["05-timeout", "07-echo", "08-letters"], 1)) {
    const step = events(name).findIndex((event) => busy.includes(event.kind));
    await open(check, "screen", run(name, { predict: true }), async (page, figure, tell) => {
      await loadAxe(page);
      await figure.locator("summary").click();
      for (const theme of some(THEMES, 2)) {
        await putOn(theme, page, tell);
        for (const act of [() => goTo(figure, step), () => answer(page, figure)]) {
          await act();
          for (const what of await violations(page)) tell(`${theme}: ${what}`);
        }
      }
    });
  }
}

async function answer(page, figure) {
  await stepper(figure).focus();
  for (let step = 0; step < 50 && (await figure.locator(".ts-option").count()) === 0; step++) {
    await page.keyboard.press("ArrowRight");
  }
  await page.keyboard.press("1");
  assert.ok((await figure.locator(".ts-true").count()) === 1, "an answer is marked");
}

export async function it_fits_a_phone(check) {
  for (const name of some(["02-taxi", "06-callback", "07-echo", "08-letters"], 1)) {
    await open(check, "phone", run(name, { predict: true }), async (page, figure) => {
      await figure.locator("summary").click();
      for (const step of [0, 7, 20, 40].filter((step) => step < events(name).length)) {
        await goTo(figure, step);
        assert.deepEqual(await overflowing(page), [], `step ${step}`);
      }
      // Large enough for a thumb.
      for (const control of await figure.locator(".ts-bar :is(button, select)").all()) {
        const { width, height } = await control.boundingBox();
        assert.ok(width >= 32 && height >= 32, `${width} x ${height}`);
      }
    });
  }
}

async function stands(figure) {
  for (const query of ["figcaption", ".ts-timeline svg", ".ts-table summary"]) {
    assert.ok(await figure.locator(query).isVisible(), query);
  }
}

export async function without_javascript_timeline_and_table_stand_there(check) {
  await open(check, "plain", run("02-taxi"), async (page, figure) => {
    await stands(figure);
    assert.equal(await figure.locator(".ts").count(), 0);
    assert.ok(await figure.locator(".ts-still").isVisible(), "it says how to play the run");
    await figure.locator("summary").click();
    assert.ok(await figure.locator("tbody tr").first().isVisible());
  });
}

export async function a_picture_that_tells_the_answer_is_folded_until_it_is_played(check) {
  await open(check, "plain", run("02-taxi", { predict: true }), async (page, figure) => {
    assert.equal(await figure.locator(".ts-timeline svg").isVisible(), false);
    await figure.locator(".ts-answer summary").click();
    assert.ok(await figure.locator(".ts-timeline svg").isVisible());
  });
  await open(check, "screen", run("02-taxi", { predict: true }), async (page, figure) => {
    assert.equal(await figure.locator(".ts-answer").count(), 0);
    assert.equal(await figure.locator(".ts ~ .ts-timeline").count(), 1);
  });
}

export async function on_paper_there_are_timeline_and_table(check) {
  await open(check, "screen", run("02-taxi"), async (page, figure) => {
    await page.emulateMedia({ media: "print" });
    await stands(figure);
    assert.equal(await figure.locator(".ts").isVisible(), false);
    assert.equal(await figure.locator(".ts-still").count(), 0);
    const table = figure.locator(".ts-scroll");
    const rows = await table.evaluate((box) => ({ inside: box.scrollHeight, outside: box.clientHeight }));
    assert.ok(rows.outside > 1_000 && rows.inside <= rows.outside, JSON.stringify(rows));
    assert.ok(await figure.locator("tbody tr").last().isVisible(), "the table is open");
  });
}

export async function nothing_moves_by_itself(check) {
  await open(check, "screen", run("02-taxi"), async (page, figure) => {
    const running = () => page.evaluate(() => document.getAnimations().length);
    for (const step of [3, 30, 60]) {
      await goTo(figure, step);
      assert.equal(await running(), 0, "an animation");
    }
  });
}

export async function it_says_what_it_does_to_those_who_listen(check) {
  await open(check, "screen", run("02-taxi"), async (page, figure) => {
    const group = stepper(figure);
    assert.equal(await group.getAttribute("role"), "group");
    assert.match(await group.getAttribute("aria-label"), /taxi/);
    assert.equal(await figure.locator(".ts-now").getAttribute("aria-live"), "polite");
    await button(figure, "Next step").click();
    const slider = figure.locator(".ts-scrub input");
    assert.equal(await slider.getAttribute("aria-valuetext"), `step 1 of ${events("02-taxi").length - 1}: ${events("02-taxi")[1].says}`);
    for (const control of await figure.locator("button").all()) {
      assert.equal(await control.getAttribute("disabled"), null, "disabled would lose the focus");
    }
  });
}
