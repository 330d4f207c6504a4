// The time heap as a tree: the array of a binary heap, where the children of the key at `i` are at `2i + 1` and `2i + 2`.

import { svg } from "./dom.mjs";
import { panel } from "./panels.mjs";
import { count } from "./words.mjs";

// The size of a key, and of the space around it.
const WIDTH = 68;
const HEIGHT = 36;
const ACROSS = 6;
const DOWN = 22;

// So many rows of the tree are shown, and one less where there is little room.
const ROWS = 4;
const NARROW = 560;

const rowsOf = (keys) => Math.ceil(Math.log2(keys + 1));
const rowOf = (index) => Math.floor(Math.log2(index + 1));

// Where the middle of the key at `index` is, in a tree of `rows` rows.
function middle(index, rows) {
  const row = rowOf(index);
  const inRow = index + 1 - 2 ** row;
  const share = (2 ** (rows - 1) * (WIDTH + ACROSS)) / 2 ** row;
  return { x: (inRow + 0.5) * share, y: row * (HEIGHT + DOWN) + HEIGHT / 2 + 2 };
}

function key(state, touched, index, rows) {
  const timer = state.heap[index];
  const { x, y } = middle(index, rows);
  const { due, of, word } = state.timer(timer);
  const dead = word === "dead";
  const classes = ["ts-key", dead && "ts-is-dead", touched.timers.has(timer) && "ts-new"].filter(Boolean);
  const box = { x: x - WIDTH / 2, y: y - HEIGHT / 2, width: WIDTH, height: HEIGHT, rx: 5 };
  const label = dead ? "dead" : of.length > 10 ? `${of.slice(0, 9)}…` : of;
  return svg(
    "g",
    { class: classes.join(" ") },
    svg("title", {}, `timer ${timer} of ${of}, due at ${due}${dead ? ", dead" : ""}`),
    svg("rect", box),
    svg("text", { x, y: y - 3, class: "ts-due" }, due),
    svg("text", { x, y: y + 12 }, label),
  );
}

function edge(index, rows) {
  const from = middle((index - 1) >> 1, rows);
  const to = middle(index, rows);
  return svg("line", { x1: from.x, y1: from.y + HEIGHT / 2, x2: to.x, y2: to.y - HEIGHT / 2 });
}

// A single 0 stands for more keys than were recorded.
const keysOf = (state) => (state.heap[0] === 0 ? [] : state.heap);

function describe(state) {
  if (state.heap[0] === 0) return "More keys than can be drawn.";
  if (state.heap.length === 0) return "The heap is empty.";
  const dead = state.heap.filter((timer) => state.timer(timer).word === "dead").length;
  return `The heap has ${count(state.heap.length)} keys${dead > 0 ? `, ${count(dead)} of them dead` : ""}.`;
}

// The panel, or undefined if the run has no heap that could be drawn.
export function heapPanel(replay) {
  if (replay.most.heap === 0) return undefined;
  const picture = svg("svg", { role: "img", "aria-label": "" });
  const note = document.createElement("p");
  note.className = "ts-more";
  const node = panel("Time heap, as a tree", "heap", picture, note);
  if (replay.most.heap > 7) node.classList.add("ts-wide");
  const draw = (state, event, touched) => {
    const rows = Math.min(rowsOf(replay.most.heap), node.clientWidth < NARROW ? ROWS - 1 : ROWS);
    const width = 2 ** (rows - 1) * (WIDTH + ACROSS);
    const height = rows * (HEIGHT + DOWN) - DOWN + 4;
    picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
    picture.style.maxWidth = `${width}px`;
    picture.setAttribute("aria-label", describe(state));
    const keys = keysOf(state).slice(0, 2 ** rows - 1);
    picture.replaceChildren(
      ...keys.slice(1).map((_, index) => edge(index + 1, rows)),
      ...keys.map((_, index) => key(state, touched, index, rows)),
    );
    if (keys.length === 0) picture.append(svg("text", { x: 0, y: 14, class: "ts-none" }, describe(state)));
    const left = keysOf(state).length - keys.length;
    note.textContent = left > 0 ? `and ${count(left)} more below` : "\u00a0";
  };
  return { node, draw };
}
