// Reads the document of a trace: what crates/timeline/src/doc.rs describes.

export const FORMAT = "from-yield-to-await trace";

// The newest version that this code reads.
export const VERSION = 2;

// Why a text cannot be shown as a trace, in a sentence for the reader.
export class Damaged extends Error {
  static at(step, why) {
    return new Damaged(`This trace is damaged at step ${step}: ${why}.`);
  }

  static newer(version) {
    return new Damaged(
      `This trace has version ${version}, and this page reads versions up to ${VERSION}: ` +
        "get the book anew, or record the run with the workbook that this page belongs to.",
    );
  }
}

const isNumber = (value) => Number.isInteger(value) && value >= 0;
const isId = (value) => isNumber(value) && value > 0;
const isText = (value) => typeof value === "string";
const isFlag = (value) => typeof value === "boolean";
const optional = (is) => (value) => value === null || value === undefined || is(value);
const oneOf =
  (...names) =>
  (value) =>
    names.includes(value);
const isWay = oneOf("read", "write");
const isMail = oneOf("wake", "drop", "call");
const isHeap = optional((value) => Array.isArray(value) && value.every(isId));

const BY = ["task", "callback", "timer", "socket"];
function isBy(value) {
  if (isText(value)) return ["loop", "mail", "thread", "program"].includes(value);
  const [key, ...more] = value === null || typeof value !== "object" ? [] : Object.keys(value);
  return more.length === 0 && BY.includes(key) && isNumber(value[key]);
}

// The fields of each kind of event, besides `at`, `kind` and `says`.
const KINDS = {
  "loop-started": { clock: oneOf("virtual", "real", "none"), of_one: optional(isFlag) },
  "loop-ended": {},
  spawned: { task: isId, name: isText, place: optional(isNumber) },
  named: { task: isId, name: isText },
  woken: { task: isId, by: isBy, again: isFlag },
  requeued: { task: isId },
  polled: { task: isId },
  pending: { task: isId, place: optional(isNumber), why: optional(isText) },
  finished: { task: isId },
  dropped: { task: isId },
  "cancel-asked": { task: isId, by: isBy },
  dropping: { task: isId },
  cancelled: { task: isId },
  panicked: { task: isId, message: isText },
  mailed: { what: isMail, task: optional(isId), by: isBy },
  "mail-read": { what: isMail, task: optional(isId) },
  "mail-refused": { what: isMail, task: optional(isId) },
  "callback-queued": { callback: isId, by: isBy },
  "callback-called": { callback: isId },
  "callback-returned": { callback: isId },
  "timer-set": { timer: isId, deadline: isNumber, by: isBy, heap: isHeap },
  "timer-fired": { timer: isId, heap: isHeap },
  "timer-cancelled": { timer: isId, heap: isHeap },
  jumped: { to: isNumber },
  parked: { until: optional(isNumber) },
  unparked: {},
  "socket-opened": { socket: isId, name: isText },
  tried: { socket: isId, way: isWay, outcome: oneOf("done", "would-block", "failed") },
  ready: { socket: isId, way: isWay, closed: isFlag },
  "socket-closed": { socket: isId },
  printed: { text: isText },
};

function checkEvent(event, step, places) {
  if (event === null || typeof event !== "object") throw Damaged.at(step, "it is no event");
  const fields = Object.hasOwn(KINDS, event.kind) ? KINDS[event.kind] : undefined;
  if (!fields) throw Damaged.at(step, `there is no kind of event ${JSON.stringify(event.kind)}`);
  if (!isNumber(event.at)) throw Damaged.at(step, "its time is missing");
  if (!isText(event.says)) throw Damaged.at(step, "its sentence is missing");
  for (const name in fields) {
    if (!fields[name](event[name])) {
      throw Damaged.at(step, `its field ${name} is ${JSON.stringify(event[name]) ?? "missing"}`);
    }
  }
  if (event.place !== null && event.place !== undefined && event.place >= places.length) {
    throw Damaged.at(step, `there is no place ${event.place}`);
  }
}

const HEAD = {
  chapter: isText,
  program: isText,
  args: (value) => Array.isArray(value) && value.every(isText),
  left_out: isNumber,
  places: (value) =>
    Array.isArray(value) && value.every((it) => isText(it?.file) && isNumber(it.line) && isText(it.text)),
  sources: (value) => Array.isArray(value) && value.every((it) => isText(it?.file) && isText(it.text)),
  events: Array.isArray,
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
  if (doc.version > VERSION) throw Damaged.newer(doc.version);
  for (const name in HEAD) {
    if (!HEAD[name](doc[name])) {
      throw new Damaged(`This trace is damaged: its field “${name}” is missing, or not what it should be.`);
    }
  }
  doc.events.forEach((event, step) => checkEvent(event, step, doc.places));
  if (doc.events.length === 0) throw new Damaged("This trace has no events: there is nothing to show.");
  return doc;
}
