// Moving through a run: buttons, keys, links.

import assert from "node:assert/strict";
import { some } from "../quick.mjs";
import { run, shown, traceText, walk } from "../trial.mjs";
import { button, open, passTime, stepper, stopClock } from "./open.mjs";

const TRACES = ["02-taxi", "05-timeout", "06-two-tasks", "06-callback", "07-echo", "08-letters", "08-abort"];

// Whether anything moves under the reader's hands is seen by the height.
async function wholeRun(check, kind, name) {
  const { events } = JSON.parse(traceText(name));
  await open(check, kind, run(name), async (page, figure) => {
    const seen = await walk(figure);
    assert.equal(seen.length, events.length);
    const printed = [];
    for (const [step, now] of seen.entries()) {
      if (events[step].kind === "printed") printed.push(events[step].text || "\u00a0");
      assert.equal(now.step, step);
      assert.equal(now.sentence, events[step].says);
      assert.equal(now.current, String(step), "the row of the table");
      assert.equal(now.height, seen[0].height, `step ${step} changes the height`);
      assert.deepEqual(now.output, printed.slice(-60), `output at step ${step}`);
    }
    const next = button(figure, "Next step");
    assert.equal(await next.getAttribute("aria-disabled"), "true");
    assert.equal(await next.evaluate((node) => node === document.activeElement), true, "the focus stays");
  });
}

export async function a_whole_run_can_be_stepped_through(check) {
  for (const name of some(TRACES, 2)) await wholeRun(check, "screen", name);
}

export async function on_a_phone_nothing_moves_either(check) {
  for (const name of some(["05-timeout", "06-callback", "08-letters"], 1)) await wholeRun(check, "phone", name);
}

export async function it_plays_by_itself_and_pauses(check) {
  const { events } = JSON.parse(traceText("06-two-tasks"));
  await open(check, "screen", run("06-two-tasks"), async (page, figure) => {
    await stopClock(page);
    const at = async () => (await shown(figure)).step;
    await button(figure, "Play").click();
    await passTime(page, 3_000);
    assert.equal(await at(), 3, "a step a second");
    await button(figure, "Pause").click();
    await passTime(page, 5_000);
    assert.equal(await at(), 3, "paused");
    await figure.getByLabel("Speed").selectOption("4");
    await button(figure, "Play").click();
    assert.equal(await figure.locator(".ts-now").getAttribute("aria-live"), "off");
    await passTime(page, 1_000);
    assert.equal(await at(), 7, "four steps a second");
    await passTime(page, 60_000);
    assert.equal(await at(), events.length - 1, "to the end");
    assert.equal(await button(figure, "Play").count(), 1, "at the end it stops");
    assert.equal(await figure.locator(".ts-now").getAttribute("aria-live"), "polite");
    await button(figure, "Play").click();
    assert.equal(await at(), 0, "played again from the start");
  });
}

export async function every_key_does_what_it_says(check) {
  const { events } = JSON.parse(traceText("06-two-tasks"));
  const last = events.length - 1;
  const polls = events.flatMap((event, step) => (event.kind === "polled" ? [step] : []));
  await open(check, "screen", run("06-two-tasks"), async (page, figure) => {
    const here = page.url();
    const press = async (key, wanted) => {
      await page.keyboard.press(key);
      assert.equal((await shown(figure)).step, wanted, key);
    };
    await stepper(figure).focus();
    await press("ArrowRight", 1);
    await press("ArrowRight", 2);
    await press("ArrowLeft", 1);
    await press("Home", 0);
    await press("ArrowLeft", 0);
    await press("p", polls[0]);
    await press("p", polls[1]);
    await press("Shift+P", polls[0]);
    await press("End", last);
    await press("ArrowRight", last);
    await press("x", last);
    // In the boxes that scroll, and on the slider, too.
    for (const query of [".ts-code", ".ts-screen", ".ts-scrub input", ".ts-tab"]) {
      await figure.locator(query).first().focus();
      await press("Home", 0);
      await press("ArrowRight", 1);
      await press("ArrowLeft", 0);
    }
    // On a button the space bar presses it, and elsewhere it plays.
    await button(figure, "Next step").focus();
    await press("Space", 1);
    await stepper(figure).focus();
    await press("Space", 1);
    assert.equal(await button(figure, "Pause").count(), 1, "the space bar plays");
    await page.keyboard.press("Space");
    assert.equal(await button(figure, "Play").count(), 1, "the space bar pauses");
    await figure.getByLabel("Speed").focus();
    await page.keyboard.press("ArrowRight");
    assert.equal(page.url(), here, "the arrow keys turned the page");
  });
}

export async function buttons_and_the_slider_move_it(check) {
  const last = JSON.parse(traceText("02-taxi")).events.length - 1;
  await open(check, "screen", run("02-taxi"), async (page, figure) => {
    const after = async (label, wanted) => {
      // What is off at the first step is pressed there all the same.
      await button(figure, label).click({ force: true });
      assert.equal((await shown(figure)).step, wanted, label);
    };
    await after("Last step", last);
    await after("Step back", last - 1);
    await after("First step", 0);
    await after("Step back", 0);
    await after("Next poll", 1);
    await figure.locator(".ts-scrub input").fill("99");
    assert.equal((await shown(figure)).step, 99);
  });
}

export async function a_link_leads_to_a_step(check) {
  const html = run("02-taxi") + run("06-two-tasks");
  const look = (which, wanted) => async (page) => {
    const figure = page.locator("figure.trace-stepper").nth(which);
    assert.equal((await shown(figure)).step, wanted);
    assert.equal(await stepper(figure).evaluate((node) => node === document.activeElement), true, "focus");
  };
  await open(check, "screen", html, look(0, 12), "#step=12");
  await open(check, "screen", html, look(1, 7), "#trace-06-two-tasks:step=7");
  const last = JSON.parse(traceText("02-taxi")).events.length - 1;
  await open(check, "screen", html, look(0, last), "#step=99999");
  await open(check, "screen", html, async (page, figure) => {
    const second = page.locator("figure.trace-stepper").nth(1);
    const follow = (hash) => page.evaluate((hash) => (location.hash = hash), hash);
    await follow("#trace-06-two-tasks:step=9");
    await page.waitForFunction(() => document.querySelectorAll(".ts-count")[1].textContent.includes("step 9 "));
    await follow("#trace-gone:step=3");
    await follow("#a-trial");
    assert.equal((await shown(figure)).step, 0, "the other one stays");
    await button(second, "Step back").click();
    await button(second, "Copy a link to this step").click();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(new URL(copied).hash, "#trace-06-two-tasks:step=8");
    assert.equal(page.url(), copied, "it is in the address bar, too");
    await page.waitForFunction(() => document.querySelectorAll(".ts-copied")[1].textContent === "Link copied");
  });
}
