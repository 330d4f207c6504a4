// Makes a stepper of every figure that holds a trace. Without this script the figure has a timeline and a table.

import { Damaged, parse } from "./document.mjs";
import { el } from "./dom.mjs";
import { player } from "./player.mjs";
import { Replay } from "./replay.mjs";
import { Stepper } from "./view.mjs";

const steppers = [];

// Adds a stepper of the trace `text` to `figure`, below its caption, or says there why there is none.
export function mount(figure, text, options = {}) {
  const caption = figure.querySelector("figcaption");
  try {
    const replay = new Replay(parse(text));
    const label = `The run of ${replay.doc.program}, step by step`;
    const marks = [rows(figure), columns(figure), arrows(figure)];
    const moved = (step) => marks.forEach((mark) => mark(step));
    const stepper = new Stepper(replay, { label, moved, ...options });
    if (caption) caption.after(stepper.node);
    else figure.prepend(stepper.node);
    figure.querySelector(".ts-still")?.remove();
    openPicture(figure);
    hold(figure, stepper);
    moved(stepper.step);
    return stepper;
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    const message = el("p", { class: "ts-damaged", role: "alert" }, error.message);
    if (caption) caption.after(message);
    else figure.prepend(message);
    return undefined;
  }
}

// The picture gives the answer away, so it is folded for whoever has no script. The stepper hides it while it asks.
function openPicture(figure) {
  const answer = figure.querySelector(".ts-answer");
  answer?.querySelector("summary").remove();
  answer?.replaceWith(...answer.childNodes);
}

// Marks the row of a step in the figure's table, if it is there.
function rows(figure) {
  const box = figure.querySelector(".ts-table .ts-scroll");
  if (box && !box.hasAttribute("tabindex")) {
    // It scrolls, so the keyboard must reach it.
    for (const [name, value] of Object.entries({ tabindex: 0, role: "region", "aria-label": "All steps" })) {
      box.setAttribute(name, value);
    }
  }
  const all = new Map();
  for (const row of box?.querySelectorAll("tbody tr") ?? []) {
    all.set(Number.parseInt(row.cells[0]?.textContent.replaceAll(",", ""), 10), row);
  }
  let current;
  return (step) => {
    current?.removeAttribute("aria-current");
    current = all.get(step);
    current?.setAttribute("aria-current", "step");
    if (current && box.offsetParent) box.scrollTop = current.offsetTop - box.clientHeight / 2;
  };
}

// Marks the column, or the row, of a step in the figure's timeline, if it is there.
function columns(figure) {
  const timeline = figure.querySelector(".ts-timeline");
  const all = [...(timeline?.querySelectorAll("[data-step]") ?? [])];
  let current;
  return (step) => {
    current?.classList.remove("tl-now");
    current = all.findLast((column) => Number(column.dataset.step) <= step);
    current?.classList.add("tl-now");
    if (!current) return;
    const { x, y, width, height } = current.getBBox();
    if (timeline.scrollWidth > timeline.clientWidth && width < timeline.clientWidth) {
      timeline.scrollLeft = x + width / 2 - timeline.clientWidth / 2;
    }
    if (timeline.scrollHeight > timeline.clientHeight) {
      timeline.scrollTop = y + height / 2 - timeline.clientHeight / 2;
    }
  };
}

// Marks the arrows of what is under way between hosts after a step.
function arrows(figure) {
  const all = [...figure.querySelectorAll(".ts-timeline [data-from]")].map((node) => {
    const { from, to = Infinity } = node.dataset;
    return { node, from: Number(from), to: Number(to) };
  });
  return (step) => {
    for (const { node, from, to } of all) node.classList.toggle("tl-way", from <= step && step < to);
  };
}

// Whoever points at something in the figure stays in it: a column of the timeline leads to its step, and the arrow keys,
// with which mdBook turns pages, go to the steps.
function hold(figure, stepper) {
  figure.addEventListener("click", ({ target }) => {
    const step = target.closest("[data-step]")?.dataset.step;
    if (step !== undefined) {
      stepper.stop();
      stepper.go(Number(step));
    }
    if (!stepper.node.contains(target) && !target.closest("summary, a")) stepper.node.focus({ preventScroll: true });
  });
  figure.addEventListener("keydown", (event) => {
    if (["ArrowLeft", "ArrowRight"].includes(event.key)) event.stopPropagation();
  });
}

// `#step=12` is step 12 of the first stepper; `#trace-taxi:step=12` is that of the figure with this id.
export function target(hash, ids) {
  const found = decode(hash).match(/^#(?:(.+):)?step=(\d+)$/);
  if (!found) return undefined;
  const at = found[1] === undefined ? 0 : ids.indexOf(found[1]);
  return at < 0 || at >= ids.length ? undefined : { at, step: Number(found[2]) };
}

function decode(hash) {
  try {
    return decodeURIComponent(hash);
  } catch {
    return hash;
  }
}

function follow() {
  const found = target(
    location.hash,
    steppers.map(({ figure }) => figure.id),
  );
  if (!found) return;
  const { figure, stepper } = steppers[found.at];
  stepper?.stop();
  stepper?.go(found.step);
  figure.scrollIntoView();
  stepper?.node.focus({ preventScroll: true });
}

function unfold(open) {
  for (const table of document.querySelectorAll(".ts-table")) {
    if (open) table.dataset.wasOpen = table.open;
    table.open = open || table.dataset.wasOpen === "true";
  }
}

function main() {
  for (const figure of document.querySelectorAll("figure.trace-stepper")) {
    const text = figure.querySelector('script[type="application/json"]')?.textContent ?? "";
    const id = figure.id;
    const options = { predict: "predict" in figure.dataset, address: (step) => `#${id ? `${id}:` : ""}step=${step}` };
    steppers.push({ figure, stepper: mount(figure, text, options) });
  }
  for (const place of document.querySelectorAll(".trace-player")) player(place, mount);
  addEventListener("hashchange", follow);
  addEventListener("beforeprint", () => unfold(true));
  addEventListener("afterprint", () => unfold(false));
  follow();
}

if (globalThis.document) main();
