// One stepper: its controls, its keys, and what it shows of the step it is at.

import { el, freshId, svg } from "./dom.mjs";
import { heapPanel } from "./heap.mjs";
import {
  hostsPanel,
  messagesPanel,
  outputPanel,
  queuePanel,
  socketsPanel,
  tasksPanel,
  timersPanel,
  touchedBy,
} from "./panels.mjs";
import { Quiz } from "./quiz.mjs";
import { sourcePanel } from "./source.mjs";
import { count, several } from "./words.mjs";

// How long a step is shown when the run is played, in milliseconds, at the usual speed.
const PACE = 1_000;
const SPEEDS = [0.5, 1, 2, 4, 8];

const ICONS = {
  first: "M3 3h2v10H3zM13 3v10L6 8z",
  back: "M12 3v10L4 8z",
  play: "M4 2.5v11l9-5.5z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  next: "M4 3v10l8-5z",
  last: "M11 3h2v10h-2zM3 3v10l7-5z",
  poll: "M2 3v10l6-5zM8 3v10l6-5z",
  link: "M6.5 9.5l3-3M7 4.5l1.5-1.5a3 3 0 0 1 4.3 4.3L11.3 8.8M9 11.5l-1.5 1.5a3 3 0 0 1-4.3-4.3L4.7 7.2",
};

const icon = (name) => {
  const path = svg("path", { d: ICONS[name], class: name === "link" ? "ts-stroke" : undefined });
  return svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true", focusable: "false" }, path);
};

const isPoll = (event) => event.kind === "polled" || event.kind === "callback-called";

export class Stepper {
  // `options`: `label` names the group; `predict`: on at first; `address(step)` is the link to a step, if there is one;
  // `moved(step)` is told of every move.
  constructor(replay, options) {
    this.replay = replay;
    this.options = options;
    this.step = 0;
    this.quiz = new Quiz(replay);
    this.panels = [
      queuePanel,
      sourcePanel,
      tasksPanel,
      timersPanel,
      socketsPanel,
      hostsPanel,
      messagesPanel,
      outputPanel,
      heapPanel,
    ]
      .map((make) => make(replay))
      .filter((made) => made !== undefined);
    this.node = this.#build();
    this.node.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(() => this.#fit()).observe(this.node);
    if (options.predict) {
      this.#predict(true);
      // Where there is something to foresee.
      this.step = Math.max(0, replay.find(-1, (_, step) => this.quiz.asksAt(step)) ?? 0);
    }
    this.#draw();
  }

  // Goes to `step`, or as near as there is one.
  go(step) {
    const to = Math.min(this.replay.last, Math.max(0, step));
    if (to !== this.step) {
      this.step = to;
      this.#draw();
      this.options.moved?.(to);
    }
    if (to === this.replay.last || this.quiz.open) this.stop();
  }

  stop() {
    clearInterval(this.timer);
    this.timer = undefined;
    this.#label(this.play, "play", "Play", "Play");
    this.said.setAttribute("aria-live", "polite");
  }

  #start() {
    if (this.step === this.replay.last) this.go(0);
    else if (this.quiz.open) this.go(this.step + 1);
    this.#label(this.play, "pause", "Pause", "Pause");
    // Whoever listens would hear nothing but steps.
    this.said.setAttribute("aria-live", "off");
    clearInterval(this.timer);
    this.timer = setInterval(() => this.go(this.step + 1), PACE / Number(this.speed.value));
    if (this.quiz.open) this.stop();
  }

  #toggle() {
    if (this.timer === undefined) this.#start();
    else this.stop();
  }

  // To the next poll; in predict mode, to the next question, if that comes before.
  #poll(direction) {
    const { replay, quiz } = this;
    const poll = replay.find(this.step, isPoll, direction);
    if (poll === undefined) return this.go(direction > 0 ? replay.last : 0);
    if (!quiz.on || direction < 0) return this.go(poll);
    for (let step = this.step + 1; step < poll; step++) {
      if (quiz.asksAt(step)) return this.go(step);
    }
    return this.go(poll);
  }

  #predict(on) {
    this.quiz.turn(on);
    this.predict.setAttribute("aria-pressed", String(on));
    if (this.said) this.#draw();
  }

  #button(name, label, keys, action, text) {
    const button = el("button", {
      type: "button",
      title: keys ? `${label} (${keys})` : label,
      "aria-label": label,
      "aria-keyshortcuts": keys && KEY_NAMES[keys],
      click: () => button.getAttribute("aria-disabled") !== "true" && action(),
    });
    this.#label(button, name, label, text);
    return button;
  }

  #label(button, name, label, text) {
    button.replaceChildren(icon(name), ...(text ? [el("span", {}, text)] : []));
    button.setAttribute("aria-label", label);
  }

  #build() {
    const { replay } = this;
    const { last } = replay;
    this.first = this.#button("first", "First step", "Home", () => this.go(0));
    this.back = this.#button("back", "Step back", "←", () => this.go(this.step - 1));
    this.play = this.#button("play", "Play", "Space", () => this.#toggle(), "Play");
    this.play.classList.add("ts-play");
    this.next = this.#button("next", "Next step", "→", () => this.go(this.step + 1), "Next");
    this.end = this.#button("last", "Last step", "End", () => this.go(last));
    this.poll = this.#button("poll", "Next poll", "P", () => this.#poll(1), "Next poll");
    const speed = (value) => el("option", { value, selected: value === 1 }, `${value}×`);
    this.speed = el("select", { "aria-label": "Speed", title: "Speed", change: () => this.timer && this.#start() });
    this.speed.append(...SPEEDS.map(speed));
    this.predict = el("button", { type: "button", class: "ts-toggle", "aria-pressed": "false" }, "Predict");
    this.predict.title = "Be asked what comes next (the timeline is hidden meanwhile)";
    this.predict.addEventListener("click", () => this.#predict(!this.quiz.on));
    const copy = this.options.address
      ? this.#button("link", "Copy a link to this step", undefined, () => this.#copy())
      : undefined;
    this.scrub = el("input", { type: "range", min: 0, max: last, value: 0, "aria-label": "Step" });
    this.scrub.addEventListener("input", () => this.go(Number(this.scrub.value)));
    this.count = el("span", { class: "ts-count", style: `min-inline-size: ${2 * count(last).length + 9}ch` });
    this.clock = el("span", { class: "ts-clock", style: `min-inline-size: ${longestTime(replay)}ch` });
    this.sentence = el("span", { class: "ts-sentence" });
    this.said = el("div", { class: "ts-now", "aria-live": "polite", "aria-atomic": "true" });
    this.hasClock = replay.events.some((event) => event.at > 0 || event.kind === "timer-set");
    this.said.append(...(this.hasClock ? [this.clock] : []), this.sentence);
    this.copied = el("span", { class: "ts-copied", role: "status" });
    const polls = replay.find(-1, isPoll) === undefined ? undefined : this.poll;
    const group = (...children) => el("div", { class: "ts-group" }, ...children);
    return el(
      "div",
      { class: "ts", role: "group", "aria-label": this.options.label, tabindex: -1, id: freshId("stepper") },
      el(
        "div",
        { class: "ts-bar" },
        group(this.first, this.back, this.play, this.next, this.end),
        group(polls),
        group(this.speed, this.predict, copy),
        this.copied,
      ),
      el("div", { class: "ts-scrub" }, this.scrub, this.count),
      this.said,
      this.quiz.node,
      this.#grid(),
      ...this.#notes(),
    );
  }

  // The queue on top; then the source, what is listed, and what has come of it: the output and the heap.
  #grid() {
    const column = (name, panels) => {
      const nodes = this.panels.map(({ node }) => node).filter((node) => panels.some((it) => node.classList.contains(it)));
      return nodes.length > 0 ? el("div", { class: name }, ...nodes) : undefined;
    };
    return el(
      "div",
      { class: "ts-panels" },
      column("ts-top", ["ts-queue"]),
      el(
        "div",
        { class: "ts-grid" },
        column("ts-code-side", ["ts-source"]),
        column("ts-side", ["ts-tasks", "ts-timers", "ts-sockets", "ts-hosts", "ts-messages"]),
        column("ts-below", ["ts-output", "ts-heap"]),
      ),
    );
  }

  #notes() {
    const { left_out: leftOut } = this.replay.doc;
    if (leftOut === 0) return [];
    return [el("p", { class: "ts-more" }, `${several(leftOut, "event")} after these were not recorded.`)];
  }

  #draw() {
    const { replay, step } = this;
    const state = replay.at(step);
    const event = replay.events[step];
    const touched = touchedBy(event);
    this.clock.textContent = state.clock[0] ?? "";
    this.sentence.textContent = event.says;
    this.count.textContent = `step ${count(step)} of ${count(replay.last)}`;
    this.scrub.value = step;
    this.scrub.setAttribute("aria-valuetext", `step ${step} of ${replay.last}: ${event.says}`);
    for (const [button, off] of [
      [this.first, step === 0],
      [this.back, step === 0],
      [this.next, step === replay.last],
      [this.end, step === replay.last],
      [this.poll, step === replay.last],
    ]) {
      button.setAttribute("aria-disabled", String(off));
    }
    for (const { draw } of this.panels) draw(state, event, touched);
    for (const list of this.node.querySelectorAll(".ts-rows")) {
      showNew(list);
      reachable(list);
    }
    this.copied.textContent = "";
    // Last, since it asks the replay for other states.
    this.quiz.draw(step);
  }

  // Keeps room for the longest sentence, so that nothing moves below it.
  #fit() {
    const width = this.node.clientWidth;
    if (width === this.width || width === 0) return;
    this.width = width;
    const longest = this.replay.events.reduce((most, { says }) => (says.length > most.length ? says : most), "");
    const now = this.sentence.textContent;
    this.sentence.textContent = longest;
    this.said.style.minHeight = "";
    this.said.style.minHeight = `${this.said.offsetHeight}px`;
    this.sentence.textContent = now;
    this.#draw();
  }

  async #copy() {
    const address = new URL(this.options.address(this.step), location.href).href;
    // The address bar has it in any case: a page opened from a file may not write to the clipboard.
    history.replaceState(history.state, "", address);
    let said = "The link is in the address bar";
    try {
      await navigator.clipboard.writeText(address);
      said = "Link copied";
    } catch {
      // Said already.
    }
    this.copied.textContent = said;
  }

  #key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    // A list of choices has keys of its own; the page must not take them for its own either.
    if (event.target.tagName === "SELECT") {
      event.stopPropagation();
      return;
    }
    const action = this.#actionOf(event);
    if (!action) return;
    event.preventDefault();
    // mdBook turns pages with the arrow keys.
    event.stopPropagation();
    action();
  }

  #actionOf({ key, target }) {
    const choice = Number(key);
    if (this.quiz.open && choice >= 1 && choice <= this.quiz.question.options.length) {
      return () => this.quiz.choose(choice - 1);
    }
    // A button is pressed with the space bar.
    if (key === " ") return target.tagName === "BUTTON" ? undefined : () => this.#toggle();
    const actions = {
      ArrowLeft: () => this.go(this.step - 1),
      ArrowRight: () => this.go(this.step + 1),
      Home: () => this.go(0),
      End: () => this.go(this.replay.last),
      p: () => this.#poll(1),
      P: () => this.#poll(-1),
    };
    return Object.hasOwn(actions, key) ? actions[key] : undefined;
  }
}

// Scrolls a list, and nothing else, to the first row that is new.
function showNew(box) {
  const row = box.querySelector(".ts-new");
  if (!row) return;
  const above = row.offsetTop - box.scrollTop;
  // The heads of the columns stay on top.
  const head = box.querySelector("thead").offsetHeight;
  if (above < head || above + row.offsetHeight > box.clientHeight) box.scrollTop = row.offsetTop - head;
}

// A list that scrolls can be reached by the keyboard.
function reachable(box) {
  if (box.scrollHeight > box.clientHeight + 1) box.setAttribute("tabindex", "0");
  else box.removeAttribute("tabindex");
}

// How many letters the longest time has.
function longestTime({ doc }) {
  const times = doc.steps.flatMap(({ changes = [] }) => changes.filter(([pane]) => pane === "clock"));
  return times.reduce((most, [, , , time]) => Math.max(most, time.length), 3) + 1;
}

// As `aria-keyshortcuts` wants them.
const KEY_NAMES = { Home: "Home", End: "End", "←": "ArrowLeft", "→": "ArrowRight", Space: "Space", P: "P" };
