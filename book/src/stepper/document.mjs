// Reads the document that a player is given: a trace with its steps, as crates/timeline writes it.

export const FORMAT = "from-yield-to-await trace";

// The version that this code plays.
export const VERSION = 4;

const AGAIN = "record the run again: cargo run -- trace, with a chapter, a program and -o";

// Why a text cannot be played, in a sentence for the reader.
export class Damaged extends Error {
  static at(step, why) {
    return new Damaged(`This trace is damaged at step ${step}: ${why}.`);
  }

  static version(version) {
    const so = `This trace has version ${version}, and this page plays version ${VERSION}: `;
    return new Damaged(so + (version > VERSION ? "get the book anew, or " : "") + `${AGAIN}.`);
  }
}

const isNumber = (value) => Number.isInteger(value) && value >= 0;
const isText = (value) => typeof value === "string";
const isBoolean = (value) => typeof value === "boolean";
const isRow = (...columns) => (value) =>
  Array.isArray(value) && value.length === columns.length && columns.every((is, index) => is(value[index]));
const listOf = (is) => (value) => Array.isArray(value) && value.every(is);
const either = (...kinds) => (value) => kinds.some((is) => is(value));
const isNull = (value) => value === null;

// What the rows of each list are. A task is its number, and a callback its number negated.
const ROWS = {
  clock: isText,
  queue: Number.isInteger,
  // Who runs, innermost; or in words why nobody does.
  runs: either(Number.isInteger, isText),
  // Its name, where it is, the same in words, its polls, the place at which it is suspended.
  tasks: isRow(isText, isText, isText, isNumber, either(isNull, isNumber)),
  // Its number, when it is due, whose it is, what has become of it; the earliest first.
  timers: isRow(isNumber, isText, either(isNumber, isText), isText),
  // The numbers of timers; a single 0 if there are too many.
  heap: isNumber,
  // Its name, whether it is open, what it is ready for, its last try.
  sockets: isRow(isText, isBoolean, isText, isText),
  inbox: isText,
  // A simulated host's name, whether it runs, what it is, whether it leads.
  hosts: isRow(isText, isBoolean, isText, isBoolean),
  // A message under way: its number, who has sent it, to whom, what it says.
  messages: isRow(isNumber, isText, isText, isText),
  output: isText,
  // A place, what it is to the step, a word on whoever runs there.
  line: isRow(isNumber, isText, isText),
};
export const PANES = Object.keys(ROWS);

const isChange = ([pane, at, removed, ...rows]) =>
  Object.hasOwn(ROWS, pane) && isNumber(at) && isNumber(removed) && rows.every(ROWS[pane]);

const isQuestion = (ask) =>
  isText(ask?.ask) && isText(ask.why) && listOf(isText)(ask.options) && isNumber(ask.answer) && ask.answer < ask.options.length;

function checkStep(step, event, doc) {
  if (doc.steps[step] === null || typeof doc.steps[step] !== "object") throw Damaged.at(step, "it is no step");
  const { changes = [], ask } = doc.steps[step];
  if (!isNumber(event?.at) || !isText(event.kind) || !isText(event.says)) throw Damaged.at(step, "it is no event");
  if (!listOf(Array.isArray)(changes) || !changes.every(isChange)) throw Damaged.at(step, "it changes what is not there");
  if (ask !== undefined && !isQuestion(ask)) throw Damaged.at(step, "its question is none");
  const places = changes.flatMap(([pane, , , ...rows]) =>
    pane === "line" ? rows.map((row) => row[0]) : pane === "tasks" ? rows.map((row) => row[4] ?? 0) : [],
  );
  if (places.some((place) => place > 0 && place >= doc.places.length)) throw Damaged.at(step, "there is no such place");
}

const HEAD = {
  chapter: isText,
  program: isText,
  args: listOf(isText),
  left_out: isNumber,
  places: listOf((it) => isText(it?.file) && isNumber(it.line) && isText(it.text)),
  sources: listOf((it) => isText(it?.file) && isText(it.text)),
  events: Array.isArray,
  flag: isBoolean,
  steps: (value, { events }) => Array.isArray(value) && value.length === events.length,
};

// Reads the text of a document. Throws `Damaged`, with what to tell the reader.
export function parse(text) {
  let doc;
  try {
    doc = JSON.parse(text);
  } catch (error) {
    throw new Damaged(`This is no trace: it is not JSON (${error.message}).`);
  }
  if (doc?.format !== FORMAT) {
    throw new Damaged(`This is no trace: its field “format” is not “${FORMAT}”.`);
  }
  if (!isNumber(doc.version)) throw new Damaged("This is no trace: it has no version.");
  if (doc.version !== VERSION) throw Damaged.version(doc.version);
  for (const name in HEAD) {
    if (!HEAD[name](doc[name], doc)) {
      throw new Damaged(`This trace is damaged: its field “${name}” is missing, or not what it should be.`);
    }
  }
  doc.events.forEach((event, step) => checkStep(step, event, doc));
  if (doc.events.length === 0) throw new Damaged("This trace has no events: there is nothing to show.");
  return doc;
}
