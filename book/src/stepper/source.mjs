// The program's source: who is suspended at which line, and where whoever runs goes on.

import { el } from "./dom.mjs";
import { count } from "./words.mjs";

// So many names stand at a line; the others are counted.
const NAMES = 3;

// Lines for the tools that read the source, which listings leave out: marks of regions and holes, calls of the recorder.
const MARKS = /^\s*\/\/ (ANCHOR|hole:|tried by:|also:|end hole)/;
const HOOKS = /\b_?traced\b|trace::/;
const isCode = (line) => !MARKS.test(line) && (/^\s*use trace::/.test(line) || !HOOKS.test(line));

// The lines of `text` with their numbers, coloured by the book's highlighter if there is one.
function linesOf(text) {
  const highlighter = globalThis.hljs;
  let state;
  const paint = (line) => {
    const code = el("code");
    if (!highlighter) {
      code.textContent = line;
      return code;
    }
    const painted = highlighter.highlight("rust", line, true, state);
    state = painted.top;
    code.innerHTML = painted.value;
    return code;
  };
  const lines = new Map();
  const all = text.trimEnd().split("\n");
  const header = all.findIndex((line) => line.trim() !== "" && !line.startsWith("//!"));
  all.forEach((line, index) => {
    if (index < header || !isCode(line)) return;
    const marks = el("span", { class: "ts-marks" });
    const number = el("span", { class: "ts-line-number", "aria-hidden": "true" }, String(index + 1));
    const code = paint(line);
    // What is wrapped goes on a little further in.
    code.style.setProperty("--indent", `${line.search(/\S|$/) + 4}ch`);
    const node = el("div", { class: "ts-line" }, number, el("div", { class: "ts-text" }, code, marks));
    lines.set(index + 1, { node, marks });
  });
  return lines;
}

// The tasks that are suspended half-way, by place.
function suspended(state) {
  const found = new Map();
  for (let number = 1; number <= state.tasks.length; number++) {
    const { place } = state.task(number);
    if (place === null) continue;
    if (!found.has(place)) found.set(place, []);
    found.get(place).push(number);
  }
  return found;
}

// A file's name, with its folder where two have the same.
function shortNames(files) {
  const last = (file) => file.split("/").at(-1);
  return files.map((file) => {
    const twice = files.filter((other) => last(other) === last(file)).length > 1;
    return twice ? file.split("/").slice(-2).join("/") : last(file);
  });
}

export function sourcePanel(replay) {
  const { places, sources } = replay.doc;
  // Of what happens between hosts, no line is the cause.
  const between = replay.most.hosts > 0 && replay.most.line === 0;
  if (sources.length === 0 || between) return undefined;
  const lines = sources.map(() => undefined);
  const names = shortNames(replay.files);
  const box = el("div", { class: "ts-code hljs", tabindex: 0, role: "region" });
  const tab = (name, file) =>
    el("button", { type: "button", class: "ts-tab", title: replay.files[file], click: () => open(file) }, name);
  const tabs = names.map(tab);
  const head = el("div", { class: "ts-tabs", role: "group", "aria-label": "Files" }, ...tabs);
  const node = el("section", { class: "ts-panel ts-source", "aria-label": "Source" }, head, box);
  let opened;
  let marked = [];

  function open(file) {
    if (opened === file) return;
    opened = file;
    lines[file] ??= linesOf(sources[file].text);
    box.replaceChildren(...[...lines[file].values()].map((line) => line.node));
    box.setAttribute("aria-label", `Source of ${names[file]}`);
    tabs.forEach((tab, index) => tab.setAttribute("aria-pressed", String(index === file)));
    box.scrollTop = 0;
  }

  // The line of a place, if its file is there.
  function lineAt(place) {
    const { file, line } = places[place];
    const at = replay.files.indexOf(file);
    if (at < 0) return undefined;
    lines[at] ??= linesOf(sources[at].text);
    return lines[at].get(line);
  }

  function mark(place, kind, chips) {
    const line = lineAt(place);
    if (!line) return;
    line.node.classList.add(kind);
    line.marks.append(...chips);
    marked.push(line);
  }

  function draw(state, event, touched) {
    for (const { node, marks } of marked) {
      node.className = "ts-line";
      marks.replaceChildren();
    }
    marked = [];
    for (const [place, tasks] of suspended(state)) mark(place, "ts-stopped", chips(state, tasks, touched));
    for (const [place, is, word] of state.line) {
      if (is) mark(place, `ts-focus-${is}`, word ? [el("span", { class: "ts-chip ts-running" }, word)] : []);
      const file = replay.files.indexOf(places[place].file);
      if (file < 0) continue;
      open(file);
      reveal(box, lineAt(place)?.node);
    }
  }

  open(0);
  return { node, draw };
}

function chips(state, tasks, touched) {
  const shown = tasks.filter((task) => touched.tasks.has(task)).slice(0, NAMES);
  for (const task of tasks) {
    if (shown.length >= NAMES) break;
    if (!shown.includes(task)) shown.push(task);
  }
  shown.sort((a, b) => a - b);
  const chip = (task) => {
    const isNew = touched.tasks.has(task) ? " ts-new" : "";
    const { name, is } = state.task(task);
    return el("span", { class: `ts-chip ts-${is}${isNew}`, title: `${name} is suspended at this line` }, name);
  };
  const rest = tasks.length - shown.length;
  const more = rest > 0 ? [el("span", { class: "ts-more" }, `and ${count(rest)} more`)] : [];
  return [...shown.map(chip), ...more];
}

// Scrolls the box, and nothing else, until the line is in it.
function reveal(box, line) {
  if (!line) return;
  const above = line.offsetTop - box.scrollTop;
  const room = box.clientHeight;
  if (above < 30 || above + line.offsetHeight > room - 30) box.scrollTop = line.offsetTop - room / 2;
}
