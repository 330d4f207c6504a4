// The panels that show a state as lists: the queue, the tasks, the timers in order, the sockets, the output. Each is
// `{ node, draw(state, event, touched) }`, and undefined for a run in which it would always be empty.

import { el } from "./dom.mjs";
import { isTask } from "./replay.mjs";
import { count, several, time } from "./words.mjs";

// How much of a list is shown: what is more is counted.
const TASKS = 10;
const TIMERS = 8;
const SOCKETS = 8;
const LETTERS = 20;
const LINES = 60;
const LINES_SEEN = 8;
const CHIP = 112;
// In pixels: between chips, a letter in them at most, and “and 12 more”.
const GAP = 6;
const LETTER = 7.5;
const NOTE = 90;

// Whom and what an event is about: they stand out in their panels.
export function touchedBy(event) {
  const by = typeof event.by === "object" ? event.by : {};
  const of = (name) => new Set([event[name], by[name]].filter((number) => number !== undefined));
  return { tasks: of("task"), timers: of("timer"), sockets: of("socket"), callbacks: of("callback") };
}

export function panel(title, name, ...children) {
  const heading = el("p", { class: "ts-title" }, title);
  return el("section", { class: `ts-panel ts-${name}`, "aria-label": title }, heading, ...children);
}

const more = (number, what = "more") => (number > 0 ? `and ${count(number)} ${what}` : "");

// Rows of a table that are always as many, so that nothing below them moves.
function table(heads, rows) {
  const body = el("tbody");
  const head = el("thead", {}, el("tr", {}, ...heads.map((text) => el("th", { scope: "col" }, text))));
  const node = el("table", { style: `--rows: ${rows + 1}` }, head, body);
  return { node: el("div", { class: "ts-rows", style: `--rows: ${rows + 1}` }, node), body };
}

const name = (state, entry) => (isTask(entry) ? state.tasks[entry].name : `callback ${-entry}`);

export function queuePanel(replay) {
  if (replay.most.queue === 0 && replay.most.inbox === 0) return undefined;
  const running = el("ol", { class: "ts-chips" });
  const waiting = el("ol", { class: "ts-chips" });
  const rest = el("span", { class: "ts-more" });
  const node = el(
    "section",
    { class: "ts-panel ts-queue", "aria-label": replay.flag ? "The flag, and what runs" : "Ready queue, and what runs" },
    el("p", { class: "ts-title" }, "Runs"),
    running,
    el("p", { class: "ts-title" }, replay.flag ? "Flag" : "Ready queue, front first"),
    el("div", { class: "ts-lane" }, waiting, rest),
  );
  const inbox = replay.most.inbox > 0 ? inboxOf(node) : undefined;
  const chip = (state, entry, touched, kind) => {
    const isNew = isTask(entry) ? touched.tasks.has(entry) : touched.callbacks.has(-entry);
    const label = name(state, entry);
    return el("li", { class: `ts-chip ts-${kind}${isNew ? " ts-new" : ""}`, title: label }, label);
  };
  const nobody = (text) => el("li", { class: "ts-nobody" }, text);
  const draw = (state, event, touched) => {
    const innermost = state.running.slice(-1);
    running.replaceChildren(...innermost.map((entry) => chip(state, entry, touched, "running")));
    if (innermost.length === 0) running.append(nobody(state.parked ? "the loop waits" : "nobody"));
    const shown = state.queue.slice(0, roomIn(waiting));
    const chips = shown.map((entry) => chip(state, entry, touched, "ready"));
    if (replay.flag && shown.length > 0) chips[0].textContent = "up";
    waiting.replaceChildren(...chips);
    if (shown.length === 0) waiting.append(nobody(replay.flag ? "down" : "empty"));
    rest.textContent = more(state.queue.length - shown.length);
    inbox?.(state, event);
  };
  return { node, draw };
}

const roomIn = (chips) => Math.max(1, Math.floor((chips.parentElement.clientWidth - NOTE) / CHIP) || 5);

// The chips that have room in `width`; if that is not `all`, there is room for a note on the others. One at least.
function fitting(labels, width, all) {
  const upTo = (room) => {
    let left = room + GAP;
    const width = (label) => Math.min(CHIP - 8, label.length * LETTER + 17);
    return labels.filter((label, index) => (left -= width(label) + GAP) >= 0 || index === 0);
  };
  const found = upTo(width);
  return found.length === all ? found : upTo(width - NOTE);
}

// What other threads have sent and the loop has not read, beside the queue that it will be read into.
function inboxOf(node) {
  const lying = el("ol", { class: "ts-chips" });
  const rest = el("span", { class: "ts-more" });
  node.classList.add("ts-with-inbox");
  node.append(el("p", { class: "ts-title" }, "Inbox, oldest first"), el("div", { class: "ts-lane" }, lying, rest));
  const labelOf = (state, { what, task }) => (task === undefined ? what : `${what}: ${state.tasks[task].name}`);
  const chip = (label, isNew) => el("li", { class: `ts-chip ts-mail${isNew ? " ts-new" : ""}`, title: label }, label);
  return (state, event) => {
    const labels = state.inbox.slice(0, LETTERS).map((letter) => labelOf(state, letter));
    const shown = fitting(labels, lying.parentElement.clientWidth || 300, state.inbox.length);
    const isNew = (index) => event.kind === "mailed" && index === state.inbox.length - 1;
    lying.replaceChildren(...shown.map((label, index) => chip(label, isNew(index))));
    if (shown.length === 0) lying.append(el("li", { class: "ts-nobody" }, "empty"));
    rest.textContent = more(state.inbox.length - shown.length);
  };
}

const STATES = { running: "runs", ready: "ready", waiting: "waits", over: "over" };

function stateOf(task) {
  if (task.state === "over") return task.how === "finished" ? "over" : task.how;
  if (task.dropping) return "is dropped";
  if (task.state === "waiting" && task.polls === 0) return "new";
  const why = task.state === "waiting" && task.why ? `: ${task.why}` : "";
  return STATES[task.state] + why;
}

// Which tasks to show: those of this step, then those that are not over, each in order.
function chosen(state, touched) {
  const all = state.tasks.length - 1;
  if (all <= TASKS) return Array.from({ length: Math.max(0, all) }, (_, index) => index + 1);
  const picked = new Set([...touched.tasks, ...state.running.slice(-3).filter(isTask)]);
  for (const kind of ["live", "over"]) {
    for (let task = 1; task <= all && picked.size < TASKS; task++) {
      if ((state.tasks[task].state === "over") === (kind === "over")) picked.add(task);
    }
  }
  return [...picked].filter((task) => state.tasks[task]).sort((a, b) => a - b);
}

// What the others do, in words.
function census(state, shown) {
  const numbers = { running: 0, ready: 0, waiting: 0, over: 0 };
  for (const task of state.tasks) if (task) numbers[task.state] += 1;
  for (const task of shown) numbers[state.tasks[task].state] -= 1;
  const words = { running: "running", ready: "ready", waiting: "waiting", over: "over" };
  const parts = Object.keys(words).filter((kind) => numbers[kind] > 0);
  return parts.map((kind) => `${count(numbers[kind])} ${words[kind]}`).join(", ");
}

export function tasksPanel(replay) {
  const { tasks } = replay.most;
  if (tasks === 0) return undefined;
  const { node: list, body } = table(["Task", "State", "Polls"], Math.min(tasks, TASKS));
  const rest = tasks > TASKS ? el("p", { class: "ts-more" }, "\u00a0") : undefined;
  const draw = (state, event, touched) => {
    const shown = chosen(state, touched);
    const row = (number) => {
      const task = state.tasks[number];
      const isNew = touched.tasks.has(number);
      return el(
        "tr",
        { class: `ts-is-${task.state}${isNew ? " ts-new" : ""}` },
        el("th", { scope: "row", title: task.name }, task.name),
        el("td", { title: stateOf(task) }, el("span", { class: "ts-state" }, stateOf(task))),
        el("td", { class: "ts-number" }, count(task.polls)),
      );
    };
    body.replaceChildren(...shown.map(row));
    const left = state.tasks.length - 1 - shown.length;
    if (rest) rest.textContent = left > 0 ? `${more(left)}: ${census(state, shown)}` : "\u00a0";
  };
  return { node: panel("Tasks", "tasks", list, rest), draw };
}

// The `wanted` timers that are due first, the dead among them; ties in the order in which they were set.
export function earliest(replay, state, wanted) {
  const due = (timer) => replay.timers[timer].deadline;
  const before = (a, b) => due(a) - due(b) || a - b;
  const found = [];
  const consider = (timer) => {
    if (found.length === wanted && before(timer, found.at(-1)) > 0) return;
    let at = found.length;
    while (at > 0 && before(timer, found[at - 1]) < 0) at--;
    found.splice(at, 0, timer);
    if (found.length > wanted) found.pop();
  };
  state.timers.forEach(consider);
  onHeapDead(state).forEach(consider);
  return found;
}

// Dead keys are listed while they are on the heap, as far as the trace says so.
const onHeapDead = (state) => (state.heap ?? []).filter((timer) => state.dead.has(timer));

export function whose(replay, state, timer) {
  const { by } = replay.timers[timer];
  if (typeof by === "string") return by === "loop" ? "the loop" : `the ${by}`;
  if (by.task) return state.tasks[by.task]?.name ?? `task ${by.task}`;
  return `callback ${by.callback ?? "?"}`;
}

export function timersPanel(replay) {
  const most = Math.max(replay.most.timers, replay.most.heap);
  if (most === 0) return undefined;
  // A timer that fires is shown once more.
  const { node: list, body } = table(["Due at", "Whose", "Timer"], Math.min(most, TIMERS) + 1);
  const rest = most > TIMERS ? el("p", { class: "ts-more" }, "\u00a0") : undefined;
  const row = (state, timer, touched, word) => {
    const isNew = touched.timers.has(timer) ? " ts-new" : "";
    const of = whose(replay, state, timer);
    return el(
      "tr",
      { class: `${word === "dead" ? "ts-is-dead" : ""}${isNew}` },
      el("th", { scope: "row", class: "ts-number" }, time(replay.timers[timer].deadline)),
      el("td", { title: of }, of),
      el("td", {}, word ? `${timer}, ${word}` : String(timer)),
    );
  };
  const draw = (state, event, touched) => {
    const shown = earliest(replay, state, TIMERS);
    const rows = shown.map((timer) => row(state, timer, touched, state.timers.has(timer) ? undefined : "dead"));
    if (event.kind === "timer-fired") rows.unshift(row(state, event.timer, touched, "fires"));
    if (rows.length === 0) rows.push(el("tr", {}, el("td", { colspan: 3, class: "ts-nobody" }, "none")));
    body.replaceChildren(...rows);
    const left = state.timers.size + onHeapDead(state).length - shown.length;
    if (rest) rest.textContent = more(left) || "\u00a0";
  };
  return { node: panel("Timers, earliest first", "timers", list, rest), draw };
}

export function socketsPanel(replay) {
  const { sockets } = replay.most;
  if (sockets === 0) return undefined;
  const { node: list, body } = table(["Socket", "Ready to", "Last try"], Math.min(sockets, SOCKETS));
  const rest = sockets > SOCKETS ? el("p", { class: "ts-more" }, "\u00a0") : undefined;
  const draw = (state, event, touched) => {
    const all = state.sockets.map((_, number) => number).filter(Boolean);
    // The last are the interesting ones: those that are open, and those of this step.
    const isOpen = (number) => state.sockets[number].open || touched.sockets.has(number);
    const shown = all.length <= SOCKETS ? all : all.filter(isOpen).slice(-SOCKETS);
    const row = (number) => {
      const socket = state.sockets[number];
      const ready = socket.ready.join(", ");
      return el(
        "tr",
        { class: `${socket.open ? "" : "ts-is-over"}${touched.sockets.has(number) ? " ts-new" : ""}` },
        el("th", { scope: "row", title: socket.name }, socket.name),
        el("td", { title: ready }, socket.open ? ready || "nothing" : "closed"),
        el("td", { title: socket.last ?? "" }, socket.last ?? "–"),
      );
    };
    body.replaceChildren(...shown.map(row));
    if (rest) rest.textContent = more(all.length - shown.length) || "\u00a0";
  };
  return { node: panel("Sockets", "sockets", list, rest), draw };
}

export function outputPanel(replay) {
  if (replay.most.lines === 0) return undefined;
  const lines = Math.min(LINES_SEEN, replay.most.lines);
  const box = el("div", {
    class: "ts-screen",
    style: `--rows: ${lines}`,
    tabindex: 0,
    role: "region",
    "aria-label": "What has been printed",
  });
  const draw = (state, event) => {
    const first = Math.max(0, state.lines - LINES);
    const shown = replay.printed.slice(first, state.lines);
    const isNew = (index) => event.kind === "printed" && index === shown.length - 1;
    const line = (text, index) => el("div", { class: isNew(index) ? "ts-new" : "" }, text || "\u00a0");
    const before = first > 0 ? [el("div", { class: "ts-gap" }, `… ${several(first, "line")} before`)] : [];
    box.replaceChildren(...before, ...shown.map(line));
    box.scrollTop = box.scrollHeight;
  };
  return { node: panel("Output so far", "output", box), draw };
}
