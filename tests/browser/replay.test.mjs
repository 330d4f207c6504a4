// The stepper's replay, without a browser: recorded runs, and documents that are not right.
//
//     node --test tests/browser/replay.test.mjs

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { Damaged, parse } from "../../book/src/stepper/document.mjs";
import { question } from "../../book/src/stepper/predict.mjs";
import { Replay, isTask } from "../../book/src/stepper/replay.mjs";
import { target } from "../../book/src/stepper/stepper.mjs";
import { time } from "../../book/src/stepper/words.mjs";
import { long } from "./long.mjs";

const FOLDER = new URL("traces/", import.meta.url);
const SNAPSHOTS = new URL("../snapshots/", import.meta.url);
const NAMES = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));

const read = (name) => readFileSync(new URL(name, FOLDER), "utf8");
const recorded = (name) => parse(read(name));

// What a program prints, as its transcript has it: a snapshot without its header.
function transcript(doc) {
  const path = `${doc.chapter.replace("ch", "")}/${doc.program}.snap`;
  const text = readFileSync(new URL(path, SNAPSHOTS), "utf8").replaceAll("\r\n", "\n");
  return text.split("---\n").slice(2).join("---\n").trimEnd();
}

// Each live task is in exactly one place, and says so.
function checkInvariants(state) {
  const queued = new Set(state.queue);
  assert.equal(queued.size, state.queue.length, "somebody is in the queue twice");
  for (let task = 1; task < state.tasks.length; task++) {
    const { state: said, queued: marked } = state.tasks[task];
    const running = state.running.includes(task);
    const is = running ? "running" : queued.has(task) ? "ready" : "waiting";
    assert.equal(marked, queued.has(task), `step ${state.step}: task ${task} in the queue`);
    if (said === "over") assert.equal(is, "waiting", `step ${state.step}: task ${task} is over`);
    else assert.equal(said, is, `step ${state.step}: task ${task}`);
  }
}

// All that a state holds, to be compared.
const frozen = (state) => JSON.stringify({ ...state, timers: [...state.timers], dead: [...state.dead] });

test("where one future is driven there is a flag, and no queue", () => {
  const flags = NAMES.filter((name) => new Replay(recorded(name)).flag);
  assert.deepEqual(flags, ["04-two-calls.json", "05-timeout.json"]);
  const { events } = recorded("04-two-calls.json");
  const wakes = events.filter((event) => event.kind === "woken").map((event) => event.says.split(": ")[1]);
  assert.ok(wakes.includes("the flag goes up") && wakes.includes("the flag is up already"), wakes.join());
});

for (const name of NAMES) {
  test(`${name}: what is printed is the transcript, and every task is in one place`, () => {
    const doc = recorded(name);
    const replay = new Replay(doc);
    assert.equal(replay.printed.join("\n").trimEnd(), transcript(doc), "record it anew: cargo run -- trace");
    let printed = 0;
    for (let step = 0; step <= replay.last; step++) {
      const state = replay.at(step);
      checkInvariants(state);
      if (doc.events[step].kind === "printed") printed += 1;
      assert.equal(state.lines, printed);
    }
  });

  test(`${name}: a step is the same from wherever one comes`, () => {
    const replay = new Replay(recorded(name));
    const forwards = Array.from({ length: replay.last + 1 }, (_, step) => frozen(replay.at(step)));
    for (let step = replay.last; step >= 0; step--) assert.equal(frozen(replay.at(step)), forwards[step]);
    for (let step = 0; step <= replay.last; step += 7) {
      assert.equal(frozen(replay.at((step * 31) % (replay.last + 1))), forwards[(step * 31) % (replay.last + 1)]);
    }
  });

  test(`${name}: a question has one true answer among others`, () => {
    const replay = new Replay(recorded(name));
    let asked = 0;
    for (let step = 0; step <= replay.last; step++) {
      const found = question(replay, step);
      if (!found) continue;
      asked += 1;
      assert.ok(found.options.length >= 2 && found.options.length <= 4, JSON.stringify(found));
      assert.equal(new Set(found.options).size, found.options.length, JSON.stringify(found));
      assert.ok(found.at > step && found.why.length > 10);
      const event = replay.events[found.at];
      const state = replay.at(found.at);
      const entry = state.running.at(-1);
      const truth = found.lines ? event.text.trim() : isTask(entry) ? state.tasks[entry].name : `callback ${-entry}`;
      assert.equal(found.options[found.answer], truth || "(an empty line)");
    }
    assert.ok(asked > 0, "nothing is asked");
  });
}

test("the reason given for who runs next is the queue's front, or the earliest timer", () => {
  const whys = (name) => {
    const replay = new Replay(recorded(name));
    const all = replay.events.map((_, step) => question(replay, step)).filter((it) => it && !it.lines);
    return all.map((it) => it.why);
  };
  const taxi = whys("02-taxi.json");
  assert.ok(taxi.length > 15);
  for (const why of taxi) assert.match(why, /^The earliest timer is that of taxi [ABC]: timer \d+, due at \d+ s(, and set before .*)?\.$/);
  assert.ok(taxi.some((why) => why.includes("set before")), "a tie");
  const tasks = whys("06-two-tasks.json");
  assert.ok(tasks.some((why) => why.endsWith("is at the front of the queue.")), tasks.join("\n"));
});

test("two tasks of one name make no question", () => {
  const doc = recorded("06-two-tasks.json");
  for (const event of doc.events) if (event.name) event.name = "twin";
  const replay = new Replay(doc);
  for (let step = 0; step <= replay.last; step++) {
    const found = question(replay, step);
    if (found) assert.equal(new Set(found.options).size, found.options.length, JSON.stringify(found));
  }
});

function refuses(what, message) {
  assert.throws(
    () => new Replay(parse(typeof what === "string" ? what : JSON.stringify(what))),
    (error) => error instanceof Damaged && message.test(error.message),
    `${message}`,
  );
}

test("what is no trace is refused, with the reason", () => {
  refuses("", /not JSON/);
  refuses("{", /not JSON/);
  refuses("null", /“format”/);
  refuses("[]", /“format”/);
  refuses({ ...recorded("02-taxi.json"), version: 3 }, /has version 3, and this page reads versions up to 2/);
  refuses({ ...recorded("02-taxi.json"), version: "1" }, /has no version/);
  refuses({ ...recorded("02-taxi.json"), places: undefined }, /“places”/);
  refuses({ ...recorded("02-taxi.json"), events: [] }, /no events/);
  refuses(read("02-taxi.json").slice(0, 9_000), /not JSON/);
});

test("an event that cannot be is refused, with its step", () => {
  const broken = (step, what) => {
    const doc = recorded("06-two-tasks.json");
    doc.events[step] = { ...doc.events[step], ...what };
    return doc;
  };
  const doc = recorded("06-two-tasks.json");
  const step = (kind) => doc.events.findIndex((event) => event.kind === kind);
  const polled = step("polled");
  refuses(broken(polled, { kind: "toasted" }), new RegExp(`step ${polled}: there is no kind of event "toasted"`));
  refuses(broken(polled, { kind: "constructor" }), /no kind of event "constructor"/);
  refuses(broken(polled, { task: 99 }), new RegExp(`step ${polled}: there is no task 99`));
  refuses(broken(polled, { task: "1" }), /its field task is "1"/);
  refuses(broken(polled, { task: 3 }), /not at the front of the queue/);
  refuses(broken(polled, { at: undefined }), /its time is missing/);
  refuses(broken(polled, { says: 3 }), /its sentence is missing/);
  refuses(broken(step("spawned"), { place: 1000 }), /there is no place 1000/);
  refuses(broken(step("timer-set"), { heap: [1, 2] }), /timer 2 is on the heap, and was never set/);
  refuses(broken(step("timer-fired"), { timer: 7 }), /timer 7 is not set/);
  refuses(broken(step("pending"), { task: 2 }), /does not run/);
  refuses(broken(step("woken"), { by: { wind: 1 } }), /its field by/);
  refuses(broken(step("loop-started") + 3, { kind: "loop-ended" }), /damaged at step/);
  refuses(broken(doc.events.length - 1, { at: 0 }), /time goes back/);
});

test("mail lies in the inbox from when it is sent until it is read", () => {
  const replay = new Replay(recorded("08-letters.json"));
  const first = replay.find(-1, (event) => event.kind === "mailed");
  const seen = replay.events.map((_, step) => replay.at(step).inbox.map(({ what, task }) => `${what} ${task ?? "-"}`));
  const all = ["wake 2", "call -", "drop 1"];
  assert.deepEqual(seen.slice(first - 1, first + 3), [[], all.slice(0, 1), all.slice(0, 2), all]);
  for (const [step, event] of replay.events.entries()) {
    const sent = replay.events.slice(0, step + 1).filter(({ kind }) => kind === "mailed").length;
    const read = replay.events.slice(0, step + 1).filter(({ kind }) => kind === "mail-read").length;
    assert.deepEqual(seen[step], all.slice(read, sent), `step ${step}: ${event.says}`);
  }
  assert.deepEqual(seen.at(-1), []);
});

test("mail that cannot be is refused, with its step", () => {
  const doc = () => recorded("08-letters.json");
  const at = (kind) => doc().events.findIndex((event) => event.kind === kind);
  const broken = (kind, what) => {
    const changed = doc();
    Object.assign(changed.events[at(kind)], what);
    return changed;
  };
  const without = (kind) => {
    const changed = doc();
    changed.events.splice(at(kind), 1);
    return changed;
  };
  const none = new RegExp(`step ${at("mail-read") - 1}: no such mail is in the inbox`);
  refuses(without("mailed"), none);
  refuses(without("mail-read"), /no mail that was just read asks for it/);
  refuses(broken("mail-read", { task: 1 }), /no such mail is in the inbox/);
  refuses(broken("mail-read", { what: "drop" }), /no such mail is in the inbox/);
  refuses(broken("mailed", { task: 9 }), new RegExp(`step ${at("mailed")}: there is no task 9`));
  refuses(broken("mailed", { task: null }), /it is about no task/);
  refuses(broken("mailed", { what: "parcel" }), /its field what is "parcel"/);
  refuses(broken("mailed", { by: undefined }), /its field by is missing/);
  refuses(broken("mailed", { by: "mail" }), /no mail that was just read asks for it/);
  refuses(broken("callback-queued", { kind: "timer-set", timer: 1, deadline: 1, heap: [1] }), /just read asks for it/);
  const waits = doc();
  const { at: time, says } = waits.events[at("mail-read")];
  waits.events.splice(at("mail-read"), 0, { at: time, says, kind: "parked", until: null });
  refuses(waits, /mail is read while the loop waits/);
});

test("a future that is dropped has left the queue, and its destructors run", () => {
  const doc = recorded("08-abort.json");
  const replay = new Replay(doc);
  const step = replay.find(-1, (event) => event.kind === "dropping");
  const { task } = doc.events[step];
  const polls = replay.at(step - 1).tasks[task].polls;
  const state = replay.at(step);
  assert.deepEqual([state.running, state.tasks[task].state, state.tasks[task].polls], [[task], "running", polls]);
  const line = replay.find(step, (event) => event.kind === "printed");
  assert.equal(question(replay, line - 1).why, `The future of Task-${task} is dropped: its destructors run.`);
  doc.events.splice(step, 0, doc.events[step]);
  refuses(doc, new RegExp(`step ${step + 1}: task ${task} runs, and cannot be dropped`));
});

test("whatever is changed in a trace, it is played or refused, and nothing else happens", () => {
  let seed = 1;
  const dice = (sides) => (seed = (seed * 48271) % 2147483647) % sides;
  for (const name of NAMES) {
    for (let round = 0; round < 300; round++) {
      const doc = recorded(name);
      const at = dice(doc.events.length);
      const event = doc.events[at];
      const keys = Object.keys(event);
      const values = [null, -1, 0, 1, 2, 99, "x", [], {}, { task: 1 }, true, 1e300, doc.events[dice(doc.events.length)].kind];
      event[keys[dice(keys.length)]] = values[dice(values.length)];
      if (round % 3 === 0) doc.events.splice(dice(doc.events.length), 1);
      try {
        const replay = new Replay(parse(JSON.stringify(doc)));
        for (let step = 0; step <= replay.last; step += 9) question(replay, step);
      } catch (error) {
        assert.ok(error instanceof Damaged, `${name}, round ${round}: ${error.stack}`);
      }
    }
  }
});

test("100,000 steps: keyframes are there, and take room in proportion", () => {
  const replay = new Replay(long(100_000, 3_000));
  const kept = replay.keyframes.reduce((sum, state) => sum + state.size, 0);
  assert.ok(kept < 4 * 100_000, `${kept} entries are kept`);
  const gaps = replay.keyframes.map((state, index, all) => (all[index + 1]?.step ?? replay.last) - state.step);
  assert.ok(Math.max(...gaps) < 5_000, `${Math.max(...gaps)} steps between keyframes`);
  checkInvariants(replay.at(replay.last));
  checkInvariants(replay.at(54_321));
});

test("a link names a step of a figure", () => {
  const ids = ["trace-taxi", "trace-late"];
  assert.deepEqual(target("#step=12", ids), { at: 0, step: 12 });
  assert.deepEqual(target("#trace-late:step=3", ids), { at: 1, step: 3 });
  assert.deepEqual(target("#trace-late%3Astep%3D3", ids), { at: 1, step: 3 });
  for (const hash of ["", "#step", "#step=", "#step=x", "#trace-gone:step=1", "#%", "#a-step=3"]) {
    assert.equal(target(hash, ids), undefined, hash);
  }
  assert.equal(target("#step=1", []), undefined);
});

test("times are written as in the sentences", () => {
  const cases = [[0, "0 s"], [3e9, "3 s"], [2.5e9, "2.5 s"], [25e7, "250 ms"], [17e3, "17 µs"], [999, "999 ns"], [1.0005e9, "1 s"]];
  for (const [nanos, words] of cases) assert.equal(time(nanos), words);
});
