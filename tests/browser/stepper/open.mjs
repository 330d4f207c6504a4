// Opening a page with figures for a check.

import { publish } from "../trial.mjs";

// Opens a page that holds `html`, and lets `look(page, figure)` examine it; `figure` is the first stepper there. What
// `look` throws is told with the check's name.
export async function open({ readers, address, name }, kind, html, look, hash = "") {
  const reader = readers[kind];
  const url = await publish(reader, address, html);
  await reader.open(url + hash, async (page, tell) => {
    try {
      await look(page, page.locator("figure.trace-stepper").first(), tell);
    } catch (error) {
      tell(`${name}: ${error.message.slice(0, 1500)}`);
    }
  });
}

// The stepper of a figure, to press keys in.
export const stepper = (figure) => figure.locator(".ts");

export const button = (figure, label) => figure.getByRole("button", { name: label, exact: true });

// From now on the page's intervals are called when the test says that time passes, and then only. Playwright's own clock
// goes on with the machine's: on a busy one, a step too many was taken.
export function stopClock(page) {
  return page.evaluate(() => {
    const intervals = new Map();
    let now = 0;
    let last = 0;
    globalThis.setInterval = (work, every) => {
      intervals.set(++last, { work, every, due: now + every });
      return last;
    };
    globalThis.clearInterval = (id) => intervals.delete(id);
    globalThis.passTime = (millis) => {
      const until = now + millis;
      for (;;) {
        const [next] = [...intervals.values()].sort((one, other) => one.due - other.due);
        if (next === undefined || next.due > until) break;
        now = next.due;
        next.due += next.every;
        next.work();
      }
      now = until;
    };
  });
}

export function passTime(page, millis) {
  return page.evaluate((millis) => globalThis.passTime(millis), millis);
}
