// Simulated hosts, on the book's own pages: lanes, arrows between them, and what is under way.

import assert from "node:assert/strict";
import { some } from "../quick.mjs";
import { THEMES, loadAxe, putOn } from "../reader.mjs";
import { shown } from "../trial.mjs";
import { violations } from "./axe.mjs";

const PAGES = { "21-simulation.html": "trace-21-lost-line", "21-simulation/dispatch.html": "trace-21-forgotten" };

// Opens the page that plays a network, and lets `look(page, figure, document)` examine the figure.
async function open({ readers, address, name }, kind, page, look) {
  const reader = readers[kind];
  await reader.open(`${address}${page}`, async (tab, tell) => {
    try {
      const figure = tab.locator(`figure#${PAGES[page]}`);
      const document = JSON.parse(await figure.locator("script").textContent());
      await look(tab, figure, document, tell);
    } catch (error) {
      tell(`${name}: ${error.message.slice(0, 1500)}`);
    }
  });
}

const goTo = (figure, step) => figure.locator(".ts-scrub input").fill(String(step));

// Of each arrow its steps and its ends, of each lane its middle, and of each step the middle of its row: on the screen.
const measured = (figure) =>
  figure.evaluate((node) => {
    const picture = node.querySelector(".tl-hosts");
    const at = (path, length) => {
      const point = path.getPointAtLength(length).matrixTransform(path.getScreenCTM());
      return [point.x, point.y];
    };
    const middle = (box) => [box.left + box.width / 2, box.top + box.height / 2];
    const arrows = [...picture.querySelectorAll("[data-from]")].map((group) => {
      const path = group.querySelector("path");
      const ends = [at(path, 0), at(path, path.getTotalLength())];
      return { from: Number(group.dataset.from), to: Number(group.dataset.to), ends };
    });
    const names = [...picture.querySelectorAll("text[text-anchor=middle]")];
    const lanes = Object.fromEntries(names.map((text) => [text.textContent, middle(text.getBoundingClientRect())[0]]));
    const rows = [...picture.querySelectorAll("[data-step]")];
    const steps = Object.fromEntries(rows.map((row) => [row.dataset.step, middle(row.getBoundingClientRect())[1]]));
    return { arrows, lanes, steps };
  });

const near = (one, other, what) => assert.ok(Math.abs(one - other) < 1, `${what}: ${one} and not ${other}`);

export async function an_arrow_goes_from_where_it_was_sent_to_where_it_ends(check) {
  for (const page of Object.keys(PAGES)) {
    await open(check, "screen", page, async (tab, figure, { events }) => {
      const { arrows, lanes, steps } = await measured(figure);
      const names = {};
      for (const { kind, host, name } of events) if (kind === "host-started") names[host] = name;
      const sent = events.flatMap((event, step) => (event.kind === "sent" ? [{ ...event, step }] : []));
      assert.equal(arrows.length, sent.reduce((sum, { twice }) => sum + (twice ? 2 : 1), 0), "an arrow a copy");
      let lost = 0;
      for (const { from, to, ends } of arrows) {
        const message = events[from];
        const [[x, y], [endX, endY]] = ends;
        near(x, lanes[names[message.from]], `step ${from} begins in its lane`);
        near(y, steps[from], `step ${from} begins in its row`);
        if (Number.isNaN(to)) continue;
        assert.equal(events[to].message, message.message);
        near(endY, steps[to], `step ${from} ends in the row of ${to}`);
        const gap = Math.abs(endX - lanes[names[message.to]]);
        if (events[to].kind === "arrived") assert.ok(gap < 1, `step ${to} ends ${gap} px off its lane`);
        else {
          lost += 1;
          assert.ok(gap < 20, `step ${to}, lost, ends ${gap} px off`);
        }
      }
      assert.ok(lost > 0, "one is lost");
    });
  }
}

export async function what_is_under_way_is_marked_and_listed(check) {
  await open(check, "screen", "21-simulation/dispatch.html", async (tab, figure, { events }) => {
    const { height } = await shown(figure);
    const all = events.map((_, step) => step).filter((step) => events[step].kind === "sent");
    for (const step of some(all, 12)) {
      await goTo(figure, step);
      const wanted = new Set();
      for (const { kind, message } of events.slice(0, step + 1)) {
        if (kind === "sent") wanted.add(message);
        if (kind === "arrived" || kind === "lost") wanted.delete(message);
      }
      const marked = await figure.evaluate((node) =>
        [...node.querySelectorAll(".tl-way")].map((group) => Number(group.dataset.from)),
      );
      const under = marked.map((from) => events[from].message).sort((a, b) => a - b);
      assert.deepEqual(under, [...wanted].sort((a, b) => a - b), `step ${step}`);
      assert.equal(await figure.locator(".ts-messages tbody tr").count(), Math.min(8, wanted.size));
      assert.equal(await figure.locator(".ts-messages .ts-new").count(), 1);
      assert.equal((await shown(figure)).height, height, `step ${step} changes the height`);
      // The row of the step is in view.
      const inView = await figure.evaluate((node) => {
        const box = node.querySelector(".ts-timeline").getBoundingClientRect();
        const row = node.querySelector(".tl-now").getBoundingClientRect();
        return row.top >= box.top - 1 && row.bottom <= box.bottom + 1;
      });
      assert.ok(inView, `step ${step} is not in view`);
    }
    const leads = events.findLastIndex(({ kind, leads }) => kind === "host-is" && leads);
    await goTo(figure, leads);
    const rows = await figure.locator(".ts-hosts tr.ts-is-running").allTextContents();
    assert.ok(rows.some((row) => row.includes("leads")), `${rows}`);
    const table = await figure.locator(".ts-table tbody tr").nth(leads).textContent();
    assert.ok(table.includes(events[leads].says), table);
  });
}

export async function lanes_are_accessible_in_every_theme(check) {
  await open(check, "screen", "21-simulation/dispatch.html", async (tab, figure, { events }, tell) => {
    await loadAxe(tab);
    await figure.locator("summary").click();
    for (const theme of some(THEMES, 2)) {
      await putOn(theme, tab, tell);
      await goTo(figure, events.findIndex(({ kind }) => kind === "sent"));
      for (const what of await violations(tab)) tell(`${theme}: ${what}`);
    }
  });
}
