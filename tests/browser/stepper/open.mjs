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

// Time passes on the page only when the test says so, with `page.clock.runFor`: a clock that is only installed goes on
// with the machine's, which on a busy one is a step too many.
export async function stopClock(page) {
  await page.clock.install({ time: 0 });
  await page.clock.pauseAt(3_600_000);
}
