// Predict mode.

import assert from "node:assert/strict";
import { run, shown, traceText } from "../trial.mjs";
import { button, open, passTime, stepper, stopClock } from "./open.mjs";

const options = (figure) => figure.locator(".ts-option");

// Steps on until something is asked; gives what.
async function untilAsked(page, figure) {
  for (let step = 0; step < 400; step++) {
    const { ask } = await shown(figure);
    if ((await options(figure).count()) > 0 && ask.endsWith("?")) return ask;
    await page.keyboard.press("ArrowRight");
  }
  throw new Error("nothing is asked");
}

// Which option the page marks as true, once it is answered.
const truth = (figure) =>
  options(figure).evaluateAll((all) => all.findIndex((option) => option.classList.contains("ts-true")));

export async function right_and_wrong_answers_are_told_and_counted(check) {
  await open(check, "screen", run("06-two-tasks", { predict: true }), async (page, figure) => {
    await stepper(figure).focus();
    await untilAsked(page, figure);
    // Seen once, so that it can be answered rightly, and the other time wrongly.
    const { step } = await shown(figure);
    await button(figure, "Show me").click();
    assert.equal((await shown(figure)).score, "", "what is shown is not counted");
    const right = await truth(figure);
    assert.ok(right >= 0);
    const restart = async () => {
      await button(figure, "Predict").click();
      assert.equal(await figure.locator(".ts-quiz").isVisible(), false, "switched off");
      await button(figure, "Predict").click();
      assert.equal((await shown(figure)).step, step);
    };
    await restart();
    await options(figure).nth(right).click();
    let now = await shown(figure);
    assert.match(now.ask, /^Right\. .{10}/);
    assert.equal(now.score, "1 of 1 right");
    // Playwright waits for what is disabled to be enabled; a reader would click.
    await options(figure).nth(1 - (right % 2)).click({ force: true });
    assert.equal((await shown(figure)).score, "1 of 1 right", "an answer stands");
    await restart();
    const wrong = (right + 1) % (await options(figure).count());
    await stepper(figure).focus();
    await page.keyboard.press(String(wrong + 1));
    now = await shown(figure);
    assert.match(now.ask, /^Not quite: .{10}/);
    assert.equal(now.score, "0 of 1 right");
    assert.equal(await options(figure).nth(wrong).getAttribute("class"), await wrongClass(figure, wrong));
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowLeft");
    assert.equal((await shown(figure)).ask, now.ask, "it is not asked twice");
  });
}

async function wrongClass(figure, index) {
  const name = await options(figure).nth(index).getAttribute("class");
  assert.ok(name.includes("ts-false"), name);
  return name;
}

// The state shows the answer: whoever is at the front of the queue runs, and else the owner of the earliest timer.
async function foresee(check, name, answerOf) {
  await open(check, "screen", run(name, { predict: true }), async (page, figure) => {
    await stepper(figure).focus();
    const { height } = await shown(figure);
    let asked = 0;
    for (let step = 0; step < 400; step++) {
      const now = await shown(figure);
      assert.equal(now.height, height, `step ${step} changes the height`);
      if (now.ask === "Who runs next?") {
        const wanted = answerOf(now);
        const texts = await options(figure).locator("span").allTextContents();
        if (wanted !== undefined) {
          asked += 1;
          await page.keyboard.press(String(texts.indexOf(wanted) + 1));
          const { ask } = await shown(figure);
          assert.match(ask, /^Right\./, `${wanted} of ${texts} at step ${now.step}`);
        }
      }
      await page.keyboard.press("ArrowRight");
      if ((await shown(figure)).step === now.step) break;
    }
    assert.ok(asked >= 4, `${asked} times asked`);
    assert.equal((await shown(figure)).score, `${asked} of ${asked} right`);
  });
}

export async function the_answer_can_be_read_off_the_timers(check) {
  await foresee(check, "02-taxi", ({ timers }) => timers[0]?.match(/taxi [ABC]/)?.[0]);
}

export async function the_answer_can_be_read_off_the_queue(check) {
  await foresee(check, "06-callback", ({ queue }) => queue[0]);
}

export async function nobody_has_to_answer(check) {
  await open(check, "screen", run("02-taxi", { predict: true }), async (page, figure) => {
    await stepper(figure).focus();
    const { step: first } = await shown(figure);
    const kinds = new Set();
    for (let step = 0; step < 120; step++) {
      if ((await options(figure).count()) > 0) kinds.add((await shown(figure)).ask);
      await page.keyboard.press("ArrowRight");
    }
    const now = await shown(figure);
    assert.equal(now.step, first + 120, "the questions hold nobody up");
    assert.equal(now.score, "");
    assert.deepEqual([...kinds].sort(), ["What is printed next?", "Who runs next?"]);
    await button(figure, "Predict").click();
    assert.equal(await figure.locator(".ts-quiz").isVisible(), false);
  });
}

export async function playing_stops_at_a_question(check) {
  await open(check, "screen", run("02-taxi", { predict: true }), async (page, figure) => {
    await stopClock(page);
    await button(figure, "Play").click();
    await passTime(page, 60_000);
    const { step, ask } = await shown(figure);
    assert.ok(step < 20 && ask.endsWith("?"), `${step}: ${ask}`);
    assert.equal(await button(figure, "Play").count(), 1);
    // A question before the next poll is not jumped over.
    const { events, steps } = JSON.parse(traceText("02-taxi"));
    const next = (from, is) => events.findIndex((_, at) => at > from && is(at));
    const polled = (at) => events[at].kind === "polled";
    const asked = (at) => steps[at].ask !== undefined;
    const before = events.findIndex((_, at) => polled(at) && next(at, asked) < next(at, polled));
    await figure.locator(".ts-scrub input").fill(String(before));
    await button(figure, "Next poll").click();
    const later = await shown(figure);
    assert.equal(later.step, next(before, asked), "the question comes before the poll");
    assert.match(later.ask, /\?$/);
  });
}

export async function the_focus_stays_in_the_stepper(check) {
  await open(check, "screen", run("02-taxi", { predict: true }), async (page, figure) => {
    await stepper(figure).focus();
    await untilAsked(page, figure);
    const inside = () => stepper(figure).evaluate((node) => node.contains(document.activeElement));
    const here = page.url();
    await options(figure).first().click();
    await page.keyboard.press("ArrowRight");
    assert.ok(await inside(), "after a step");
    await untilAsked(page, figure);
    await button(figure, "Show me").click();
    assert.ok(await inside(), "after “Show me”");
    await page.keyboard.press("ArrowRight");
    assert.equal(page.url(), here);
  });
}
