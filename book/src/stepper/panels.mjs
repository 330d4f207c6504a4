// The panels that show a state as lists: the queue, the tasks, the timers in order, the sockets, the output. Each is
// `{ node, draw(state, event, touched) }`, and undefined for a run in which it would always be empty.

import { el } from "./dom.mjs";
import { isTask } from "./replay.mjs";
import { count, several } from "./words.mjs";

// How much of a list is shown: what is more is counted.
const TASKS = 10;
const TIMERS = 8;
const SOCKETS = 8;
const MESSAGES = 8;
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
  return {
    tasks: of("task"),
    timers: of("timer"),
    sockets: of("socket"),
    callbacks: of("callback"),
    hosts: of("host"),
    messages: of("message"),
  };
}

export function panel(title, name, ...children) {
  const heading = el("p", { class: "ts-title" }, title);
  return el("section", { class: `ts-panel ts-${name}`, "aria-label": title }, heading, ...children);
}

const more = (number, what = "more") => (number > 0 ? `and ${count(number)} ${what}` : "");

// Rows of a table that are always as many, so that nothing below them moves.
function table(title, heads, rows) {
  const body = el("tbody");
  const head = el("thead", {}, el("tr", {}, ...heads.map((text) => el("th", { scope: "col" }, text))));
  const node = el("table", {}, head, body);
  const box = { class: "ts-rows", style: `--rows: ${rows + 1}`, role: "group", "aria-label": title };
  return { node: el("div", box, node), body };
}

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
    const label = state.name(entry);
    return el("li", { class: `ts-chip ts-${kind}${isNew ? " ts-new" : ""}`, title: label }, label);
  };
  const nobody = (text) => el("li", { class: "ts-nobody" }, text);
  const draw = (state, event, touched) => {
    const runs = (who) => (typeof who === "string" ? nobody(who) : chip(state, who, touched, "running"));
    running.replaceChildren(...state.runs.map(runs));
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
  const chip = (label, isNew) => el("li", { class: `ts-chip ts-mail${isNew ? " ts-new" : ""}`, title: label }, label);
  return (state, event) => {
    const labels = state.inbox.slice(0, LETTERS);
    const shown = fitting(labels, lying.parentElement.clientWidth || 300, state.inbox.length);
    const isNew = (index) => event.kind === "mailed" && index === state.inbox.length - 1;
    lying.replaceChildren(...shown.map((label, index) => chip(label, isNew(index))));
    if (shown.length === 0) lying.append(el("li", { class: "ts-nobody" }, "empty"));
    rest.textContent = more(state.inbox.length - shown.length);
  };
}

// Which tasks to show: those of this step, then those that are not over, each in order.
function chosen(state, touched) {
  const all = state.tasks.length;
  if (all <= TASKS) return Array.from({ length: all }, (_, index) => index + 1);
  const picked = new Set([...touched.tasks, ...state.runs.filter(isTask)]);
  for (const over of [false, true]) {
    for (let task = 1; task <= all && picked.size < TASKS; task++) {
      if ((state.task(task).is === "over") === over) picked.add(task);
    }
  }
  return [...picked].filter((task) => task <= all).sort((a, b) => a - b);
}

// What the others do, in words.
function census(state, shown) {
  const numbers = { running: 0, ready: 0, waiting: 0, over: 0 };
  for (const [, is] of state.tasks) numbers[is] += 1;
  for (const task of shown) numbers[state.task(task).is] -= 1;
  const words = { running: "running", ready: "ready", waiting: "waiting", over: "over" };
  const parts = Object.keys(words).filter((kind) => numbers[kind] > 0);
  return parts.map((kind) => `${count(numbers[kind])} ${words[kind]}`).join(", ");
}

export function tasksPanel(replay) {
  const { tasks } = replay.most;
  if (tasks === 0) return undefined;
  const { node: list, body } = table("Tasks", ["Task", "State", "Polls"], Math.min(tasks, TASKS));
  const rest = tasks > TASKS ? el("p", { class: "ts-more" }, "\u00a0") : undefined;
  const draw = (state, event, touched) => {
    const shown = chosen(state, touched);
    const row = (number) => {
      const task = state.task(number);
      const isNew = touched.tasks.has(number);
      return el(
        "tr",
        { class: `ts-is-${task.is}${isNew ? " ts-new" : ""}` },
        el("th", { scope: "row", title: task.name }, task.name),
        el("td", { title: task.words }, el("span", { class: "ts-state" }, task.words)),
        el("td", { class: "ts-number" }, count(task.polls)),
      );
    };
    body.replaceChildren(...shown.map(row));
    const left = state.tasks.length - shown.length;
    if (rest) rest.textContent = left > 0 ? `${more(left)}: ${census(state, shown)}` : "\u00a0";
  };
  return { node: panel("Tasks", "tasks", list, rest), draw };
}

export function timersPanel(replay) {
  const { timers } = replay.most;
  if (timers === 0) return undefined;
  const { node: list, body } = table("Timers", ["Due at", "Whose", "Timer"], Math.min(timers, TIMERS + 1));
  const rest = timers > TIMERS ? el("p", { class: "ts-more" }, "\u00a0") : undefined;
  const row = (state, timer, touched) => {
    const { due, of, word } = state.timer(timer);
    const isNew = touched.timers.has(timer) ? " ts-new" : "";
    return el(
      "tr",
      { class: `${word === "dead" ? "ts-is-dead" : ""}${isNew}` },
      el("th", { scope: "row", class: "ts-number" }, due),
      el("td", { title: of }, of),
      el("td", {}, word ? `${timer}, ${word}` : String(timer)),
    );
  };
  const draw = (state, event, touched) => {
    // One that fires is shown once more, above the others.
    const shown = state.timers.slice(0, TIMERS + (event.kind === "timer-fired" ? 1 : 0));
    const rows = shown.map(([timer]) => row(state, timer, touched));
    if (rows.length === 0) rows.push(el("tr", {}, el("td", { colspan: 3, class: "ts-nobody" }, "none")));
    body.replaceChildren(...rows);
    if (rest) rest.textContent = more(state.timers.length - shown.length) || "\u00a0";
  };
  return { node: panel("Timers, earliest first", "timers", list, rest), draw };
}

export function socketsPanel(replay) {
  const { sockets } = replay.most;
  if (sockets === 0) return undefined;
  const { node: list, body } = table("Sockets", ["Socket", "Ready to", "Last try"], Math.min(sockets, SOCKETS));
  const rest = sockets > SOCKETS ? el("p", { class: "ts-more" }, "\u00a0") : undefined;
  const draw = (state, event, touched) => {
    const all = state.sockets.map((_, index) => index + 1);
    // The last are the interesting ones: those that are open, and those of this step.
    const isOpen = (number) => state.sockets[number - 1][1] || touched.sockets.has(number);
    const shown = all.length <= SOCKETS ? all : all.filter(isOpen).slice(-SOCKETS);
    const row = (number) => {
      const [name, open, ready, last] = state.sockets[number - 1];
      return el(
        "tr",
        { class: `${open ? "" : "ts-is-over"}${touched.sockets.has(number) ? " ts-new" : ""}` },
        el("th", { scope: "row", title: name }, name),
        el("td", { title: ready }, ready || "nothing"),
        el("td", { title: last }, last || "–"),
      );
    };
    body.replaceChildren(...shown.map(row));
    if (rest) rest.textContent = more(all.length - shown.length) || "\u00a0";
  };
  return { node: panel("Sockets", "sockets", list, rest), draw };
}

// The hosts of a simulated network: who runs, and what each says of itself.
export function hostsPanel(replay) {
  const { hosts } = replay.most;
  if (hosts === 0) return undefined;
  const { node: list, body } = table("Hosts", ["Host", "Is"], hosts);
  const draw = (state, event, touched) => {
    const row = ([name, runs, is, leads], index) => {
      const classes = [!runs && "ts-is-over", leads && "ts-is-running", touched.hosts.has(index + 1) && "ts-new"];
      return el(
        "tr",
        { class: classes.filter(Boolean).join(" ") },
        el("th", { scope: "row", title: name }, name),
        el("td", { title: is }, is),
      );
    };
    body.replaceChildren(...state.hosts.map(row));
  };
  return { node: panel("Hosts", "hosts", list), draw };
}

// What has been sent and has not arrived.
export function messagesPanel(replay) {
  const { messages } = replay.most;
  if (messages === 0) return undefined;
  const heads = ["From", "To", "Message"];
  const { node: list, body } = table("Under way", heads, Math.min(messages, MESSAGES));
  const rest = messages > MESSAGES ? el("p", { class: "ts-more" }, "\u00a0") : undefined;
  const draw = (state, event, touched) => {
    const row = ([number, from, to, about]) =>
      el(
        "tr",
        { class: touched.messages.has(number) ? "ts-new" : "" },
        el("td", { title: from }, from),
        el("td", { title: to }, to),
        el("td", { title: about }, about),
      );
    // The last are the interesting ones.
    const rows = state.messages.slice(-MESSAGES).map(row);
    if (rows.length === 0) rows.push(el("tr", {}, el("td", { colspan: 3, class: "ts-nobody" }, "nothing")));
    body.replaceChildren(...rows);
    if (rest) rest.textContent = more(state.messages.length - MESSAGES) || "\u00a0";
  };
  return { node: panel("Messages under way", "messages", list, rest), draw };
}

export function outputPanel(replay) {
  if (replay.most.output === 0) return undefined;
  const lines = Math.min(LINES_SEEN, replay.most.output);
  const box = el("div", {
    class: "ts-screen",
    style: `--rows: ${lines}`,
    tabindex: 0,
    role: "region",
    "aria-label": "What has been printed",
  });
  const draw = (state, event) => {
    const first = Math.max(0, state.output.length - LINES);
    const shown = state.output.slice(first);
    const isNew = (index) => event.kind === "printed" && index === shown.length - 1;
    const line = (text, index) => el("div", { class: isNew(index) ? "ts-new" : "" }, text || "\u00a0");
    const before = first > 0 ? [el("div", { class: "ts-gap" }, `… ${several(first, "line")} before`)] : [];
    box.replaceChildren(...before, ...shown.map(line));
    box.scrollTop = box.scrollHeight;
  };
  return { node: panel("Output so far", "output", box), draw };
}
