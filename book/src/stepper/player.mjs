// The player: a reader opens a trace file of their own. The file is read here, and sent nowhere.

import { el } from "./dom.mjs";
import { count } from "./words.mjs";

// How much of a run its table shows.
const HEAD = 200;
const TAIL = 20;

// A file larger than this is no trace that a page could hold.
const LARGEST = 512 * 1024 * 1024;

// Turns `place` into a player. `mount` makes a stepper of a figure and the text of a trace.
export function player(place, mount) {
  const stage = el("div", { class: "ts-stage" });
  const input = el("input", { type: "file", accept: ".json,application/json" });
  const say = el("p", { class: "ts-player-said", role: "status" }, "No trace is open.");
  const open = async (file) => {
    stepper?.stop();
    stepper = undefined;
    stage.replaceChildren();
    say.textContent = `Reading ${file.name} …`;
    stepper = await show(file, stage, say, mount);
  };
  let stepper;
  input.addEventListener("change", () => input.files.length > 0 && open(input.files[0]));
  const drop = el(
    "div",
    { class: "ts-drop" },
    el("label", {}, el("span", {}, "Open a trace file"), input),
    el("p", {}, "or drop it here."),
  );
  accept(drop, open);
  place.replaceChildren(drop, say, stage);
}

function accept(drop, open) {
  const over = (is) => (event) => {
    event.preventDefault();
    drop.classList.toggle("ts-over", is);
  };
  drop.addEventListener("dragenter", over(true));
  drop.addEventListener("dragover", over(true));
  drop.addEventListener("dragleave", over(false));
  drop.addEventListener("drop", (event) => {
    over(false)(event);
    const [file] = event.dataTransfer?.files ?? [];
    if (file) open(file);
  });
}

async function show(file, stage, say, mount) {
  if (file.size > LARGEST) {
    say.textContent = `${file.name} has over ${LARGEST >> 20} MiB: a page cannot hold so long a trace.`;
    return undefined;
  }
  let text;
  try {
    text = await file.text();
  } catch (error) {
    say.textContent = `${file.name} cannot be read: ${error.message}`;
    return undefined;
  }
  performance.mark("trace-read");
  const caption = el("figcaption", {}, file.name);
  const figure = el("figure", { class: "trace-stepper" }, caption);
  stage.replaceChildren(figure);
  const stepper = mount(figure, text);
  if (!stepper) {
    say.textContent = `${file.name} cannot be played.`;
    return undefined;
  }
  const { doc } = stepper.replay;
  const flags = doc.args.length > 0 ? ` ${doc.args.join(" ")}` : "";
  caption.textContent = `${doc.program}${flags} of ${doc.chapter}`;
  say.textContent = `${file.name} is open: ${count(doc.events.length)} steps.`;
  figure.append(table(stepper.replay));
  performance.mark("trace-shown");
  return stepper;
}

function table(replay) {
  const { events } = replay;
  const row = (event, step) =>
    el("tr", {}, el("td", {}, String(step)), el("td", {}, replay.at(event.kind === "jumped" ? step - 1 : step).clock[0]), el("td", {}, event.says));
  const heads = ["Step", "Time", "What happens"].map((text) => el("th", { scope: "col" }, text));
  const body = el("tbody");
  const all = events.length <= HEAD + TAIL;
  body.append(...events.slice(0, all ? events.length : HEAD).map(row));
  if (!all) {
    const left = `… ${count(events.length - HEAD - TAIL)} steps are left out …`;
    body.append(el("tr", {}, el("td", { colspan: 3 }, left)));
    const first = events.length - TAIL;
    body.append(...events.slice(first).map((event, index) => row(event, first + index)));
  }
  const title = all ? "All steps as a table" : "The first and the last steps as a table";
  const box = { class: "ts-scroll", tabindex: 0, role: "region", "aria-label": title };
  return el(
    "details",
    { class: "ts-table" },
    el("summary", {}, title),
    el("div", box, el("table", {}, el("thead", {}, el("tr", {}, ...heads)), body)),
  );
}
