// That all of it can be seen at once, on a small screen and on a phone, and that whoever plays stays in it.

import assert from "node:assert/strict";
import { some } from "../quick.mjs";
import { run, shown, traceText } from "../trial.mjs";
import { button, open, stepper } from "./open.mjs";

const TRACES = ["02-taxi", "04-two-calls", "05-timeout", "06-callback", "07-echo", "08-letters", "08-abort"];

// What of the stepper is not within it, and how high it is beside the page's bar.
const measure = (figure) =>
  figure.evaluate((node) => {
    const box = node.querySelector(".ts").getBoundingClientRect();
    const bar = document.querySelector("#mdbook-menu-bar, #menu-bar").getBoundingClientRect();
    const parts = [...node.querySelectorAll(".ts-bar, .ts-scrub, .ts-now, .ts-quiz:not([hidden]), .ts-panel")];
    const name = (part) => part.className;
    const out = (part) => {
      const { top, bottom, left, right, height } = part.getBoundingClientRect();
      return top < box.top || bottom > box.bottom || left < box.left || right > box.right || height < 15;
    };
    return { height: box.height, room: innerHeight - bar.height, out: parts.filter(out).map(name), parts: parts.map(name) };
  });

async function fits(page, figure, name) {
  await page.setViewportSize({ width: 1280, height: 720 });
  const scrub = figure.locator(".ts-scrub input");
  const last = Number(await scrub.getAttribute("max"));
  for (const part of [0, 0.4, 1]) {
    const step = Math.floor(last * part);
    await scrub.fill(String(step));
    const { height, room, out, parts } = await measure(figure);
    assert.ok(height <= room, `${name}: ${height} of ${room}`);
    assert.deepEqual(out, [], `${name}, step ${step}`);
    assert.ok(parts.some((part) => part.includes("ts-source")), parts.join());
  }
}

export async function all_of_it_fits_a_screen_of_720_lines(check) {
  for (const name of some(TRACES, 2)) {
    for (const predict of [true, false]) {
      await open(check, "screen", run(name, { predict }), (page, figure) => fits(page, figure, name));
    }
  }
}

// Those that show most.
export async function so_do_the_books_own({ readers, address, name }) {
  for (const path of some(["02-event-loop.html", "05-timers.html", "07-readiness.html"], 1)) {
    await readers.screen.open(address + path, async (page, tell) => {
      const figures = await page.locator("figure.trace-stepper").all();
      if (figures.length === 0) tell(`${name}: there is no stepper`);
      for (const figure of figures) {
        await fits(page, figure, path).catch((error) => tell(`${name}: ${error.message.slice(0, 1500)}`));
      }
    });
  }
}

// Columns lie side by side, and no panel lies on another.
export async function no_panel_lies_on_another(check) {
  for (const [width, height] of [[1280, 720], [1000, 720], [390, 844]]) {
    await open(check, "screen", run("07-echo", { predict: true }), async (page, figure) => {
      await page.setViewportSize({ width, height });
      await figure.locator(".ts-scrub input").fill("60");
      const pairs = await figure.evaluate((node) => {
        const boxes = [...node.querySelectorAll(".ts-panel")].map((panel) => [panel.className, panel.getBoundingClientRect()]);
        const lie = ([, a], [, b]) => a.left < b.right && b.left < a.right && a.top < b.bottom - 1 && b.top < a.bottom - 1;
        return boxes.flatMap((one, at) => boxes.slice(at + 1).filter((two) => lie(one, two)).map((two) => `${one[0]} and ${two[0]}`));
      });
      assert.deepEqual(pairs, [], `${width} wide`);
    });
  }
}

export async function the_list_scrolls_to_what_is_new(check) {
  const { events } = JSON.parse(traceText("07-echo"));
  await open(check, "screen", run("07-echo"), async (page, figure) => {
    await page.setViewportSize({ width: 1280, height: 600 });
    let scrolled = 0;
    for (let step = 0; step < events.length; step += 5) {
      await figure.locator(".ts-scrub input").fill(String(step));
      const seen = await figure.evaluate((node) =>
        [...node.querySelectorAll(".ts-rows")].map((box) => {
          const row = box.querySelector(".ts-new")?.getBoundingClientRect();
          const { top, bottom } = box.getBoundingClientRect();
          return { in: !row || (row.top >= top - 1 && row.top + 10 < bottom), down: box.scrollTop };
        }),
      );
      assert.ok(seen.every((box) => box.in), `step ${step}: ${JSON.stringify(seen)}`);
      scrolled += seen.filter((box) => box.down > 0).length;
    }
    assert.ok(scrolled > 0, "nothing had to scroll, so nothing was tried");
    assert.ok((await figure.locator(".ts-rows[tabindex]").count()) > 0, "what scrolls can be reached");
  });
}

export async function predict_mode_begins_where_there_is_something_to_foresee(check) {
  for (const name of some(TRACES.filter((name) => name !== "08-abort"), 1)) {
    const first = JSON.parse(traceText(name)).steps.findIndex(({ ask }) => ask);
    await open(check, "screen", run(name, { predict: true }), async (page, figure) => {
      const { step, ask } = await shown(figure);
      assert.equal(step, first, name);
      assert.match(ask, /\?$/, name);
    });
    // A link is stronger.
    await open(check, "screen", run(name, { predict: true }), async (page, figure) => {
      assert.equal((await shown(figure)).step, 0);
    }, "#step=0");
  }
}

export async function on_a_phone_predict_mode_takes_no_empty_room(check) {
  await open(check, "phone", run("02-taxi", { predict: true }), async (page, figure) => {
    const height = async (step) => {
      await figure.locator(".ts-scrub input").fill(String(step));
      const box = await figure.locator(".ts-quiz").boundingBox();
      return { height: box.height, asked: (await figure.locator(".ts-option").count()) > 0 };
    };
    const kinds = new Set();
    for (let step = 0; step < 40; step++) {
      const { height: now, asked } = await height(step);
      assert.ok(asked || now < 80, `step ${step}: ${now} px for nothing`);
      kinds.add(asked);
    }
    assert.equal(kinds.size, 2);
  });
}

export async function code_that_goes_on_says_so(check) {
  for (const kind of ["screen", "phone"]) {
    await open(check, kind, run("02-taxi"), async (page, figure) => {
      const code = await figure.locator(".ts-code").evaluate((box) => ({
        cut: box.scrollHeight > box.clientHeight,
        aside: box.scrollWidth > box.clientWidth,
        shadow: getComputedStyle(box).backgroundImage.split("linear-gradient").length - 1,
        fixed: getComputedStyle(box).backgroundAttachment,
      }));
      assert.ok(code.cut && !code.aside, JSON.stringify(code));
      assert.ok(code.shadow === 4 && code.fixed.startsWith("local, local, scroll, scroll"), JSON.stringify(code));
    });
  }
}

export async function the_arrow_keys_stay_in_it(check) {
  await open(check, "screen", run("06-two-tasks"), async (page, figure) => {
    const here = page.url();
    const press = async (...keys) => {
      for (const key of keys) await page.keyboard.press(key);
      assert.equal(page.url(), here, `${keys} turned the page`);
    };
    await stepper(figure).focus();
    await press("Home", "ArrowLeft", "ArrowLeft");
    await press("End", "ArrowRight", "ArrowRight");
    for (const part of [".ts-title", ".ts-timeline svg", "figcaption", ".ts-screen"]) {
      await figure.locator(part).first().click();
      await press("Home");
      await press("ArrowRight");
      assert.equal((await shown(figure)).step, 1, `after a click on ${part}`);
      await press("ArrowLeft", "ArrowLeft");
    }
    await figure.locator("summary").click();
    await press("ArrowRight", "ArrowLeft");
    await figure.locator(".ts-scroll").focus();
    await press("ArrowRight", "ArrowLeft");
    await button(figure, "Last step").click();
    await press("ArrowRight");
  });
}

// In the book itself, where figures have their timelines.
export async function the_timeline_marks_the_step_and_leads_to_it({ readers, address, name }) {
  for (const kind of ["screen", "phone"]) {
    await readers[kind].open(`${address}08-task-cell/cell.html`, async (page, tell) => {
      const figure = page.locator("figure#trace-8-letters");
      try {
        const marked = () =>
          figure.evaluate((node) => [...node.querySelectorAll(".tl-now")].map((it) => Number(it.dataset.step)));
        const columns = await figure.evaluate((node) =>
          [...node.querySelectorAll(".ts-timeline [data-step]")].map((it) => Number(it.dataset.step)),
        );
        assert.ok(columns.length > 5);
        const last = Number(await figure.locator(".ts-scrub input").getAttribute("max"));
        for (let step = columns[0]; step <= last; step++) {
          await figure.locator(".ts-scrub input").fill(String(step));
          const wanted = columns.filter((column) => column <= step).at(-1);
          assert.deepEqual(await marked(), [wanted], `step ${step}`);
        }
        await figure.locator(`[data-step="${columns[3]}"]`).click();
        assert.equal((await shown(figure)).step, columns[3]);
        await page.keyboard.press("ArrowRight");
        assert.equal((await shown(figure)).step, columns[3] + 1, "the keys go on from there");
      } catch (error) {
        tell(`${name}: ${error.message.slice(0, 1500)}`);
      }
    });
  }
}
