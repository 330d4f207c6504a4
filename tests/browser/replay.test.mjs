// The player's document and its steps, without a browser: recorded runs, and documents that are not right. What a step
// does is worked out, and tried, in crates/timeline.
//
//     node --test tests/browser/replay.test.mjs

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { Damaged, PANES, parse } from "../../book/src/stepper/document.mjs";
import { Replay } from "../../book/src/stepper/replay.mjs";
import { target } from "../../book/src/stepper/stepper.mjs";
import { long } from "./long.mjs";

const FOLDER = new URL("traces/", import.meta.url);
const NAMES = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));

const read = (name) => readFileSync(new URL(name, FOLDER), "utf8");
const recorded = (name) => parse(read(name));

const size = (state) => PANES.reduce((sum, pane) => sum + state[pane].length, 0);

for (const name of NAMES) {
  test(`${name}: a step is the same from wherever one comes`, () => {
    const replay = new Replay(recorded(name));
    const frozen = (step) => JSON.stringify(replay.at(step));
    const forwards = Array.from({ length: replay.last + 1 }, (_, step) => frozen(step));
    assert.ok(new Set(forwards).size > replay.last / 2, "the steps change nothing");
    for (let step = replay.last; step >= 0; step--) assert.equal(frozen(step), forwards[step]);
    for (let step = 0; step <= replay.last; step += 7) {
      const to = (step * 31) % (replay.last + 1);
      assert.equal(frozen(to), forwards[to]);
    }
  });
}

function refuses(what, message) {
  assert.throws(
    () => new Replay(parse(typeof what === "string" ? what : JSON.stringify(what))),
    (error) => error instanceof Damaged && message.test(error.message),
    `${message}`,
  );
}

test("what is no trace is refused, with the reason", () => {
  const taxi = (what) => ({ ...recorded("02-taxi.json"), ...what });
  refuses("", /not JSON/);
  refuses("{", /not JSON/);
  refuses("null", /“format”/);
  refuses("[]", /“format”/);
  refuses(taxi({ version: 5 }), /has version 5, and this page plays version 4: get the book anew, or record the run again: cargo run -- trace/);
  refuses(taxi({ version: 3 }), /has version 3, and this page plays version 4: record the run again: cargo run -- trace/);
  refuses(taxi({ version: "1" }), /has no version/);
  refuses(taxi({ places: undefined }), /“places”/);
  refuses(taxi({ steps: undefined }), /“steps”/);
  refuses(taxi({ steps: [] }), /“steps”/);
  refuses(taxi({ events: [], steps: [] }), /no events/);
  refuses(read("02-taxi.json").slice(0, 9_000), /not JSON/);
});

test("a step that is none is refused, with its number", () => {
  const step = (changes, more) => {
    const doc = recorded("06-two-tasks.json");
    doc.steps[9] = { ...doc.steps[9], ...(changes && { changes }), ...more };
    return doc;
  };
  for (const changes of [7, [7], [["wind", 0, 0]], [["constructor", 0, 0]], [["queue", -1, 0]], [["queue", 0, "1"]]]) {
    refuses(step(changes), /step 9: it changes what is not there/);
  }
  for (const change of [["queue", 0, 0, "1"], ["tasks", 0, 0, ["A"]], ["timers", 0, 0, [1, "3 s", null, ""]], ["line", 0, 0, 3]]) {
    refuses(step([change]), /step 9: it changes what is not there/);
  }
  refuses(step([["queue", 90, 1]]), /step 9: it changes more of “queue” than there is/);
  refuses(step([["line", 0, 1, [1000, "stopped", ""]]]), /step 9: there is no such place/);
  refuses(step([["tasks", 0, 1, ["A", "ready", "ready", 1, 1000]]]), /step 9: there is no such place/);
  const ask = { ask: "Who?", why: "since", options: ["A", "B"], answer: 1 };
  new Replay(step(undefined, { ask }));
  for (const wrong of [{ answer: 2 }, { options: "AB" }, { why: undefined }, { ask: 1 }]) {
    refuses(step(undefined, { ask: { ...ask, ...wrong } }), /step 9: its question is none/);
  }
  for (const none of [null, 3, "x"]) {
    const doc = recorded("06-two-tasks.json");
    doc.steps[9] = none;
    refuses(doc, /step 9: it is no step/);
  }
  const event = (what) => {
    const doc = recorded("06-two-tasks.json");
    Object.assign(doc.events[9], what);
    return doc;
  };
  for (const what of [{ at: undefined }, { says: 3 }, { kind: null }]) refuses(event(what), /step 9: it is no event/);
});

test("whatever is changed in a document, it is played or refused, and nothing else happens", () => {
  let seed = 1;
  const dice = (sides) => (seed = (seed * 48271) % 2147483647) % sides;
  const pick = (list) => list[dice(list.length)];
  for (const name of NAMES) {
    for (let round = 0; round < 300; round++) {
      const doc = recorded(name);
      const values = [null, -1, 0, 1, 2, 99, "x", [], {}, { task: 1 }, true, 1e300, ["queue", 0, 0, 1]];
      const all = pick([doc.events, doc.steps]);
      let at = pick(all);
      // Somewhere in it, however deep.
      while (dice(3) > 0 && at !== null && typeof at === "object") {
        const key = pick([...Object.keys(at), "ask"]);
        if (at[key] !== null && typeof at[key] === "object") at = at[key];
        else at[key] = structuredClone(pick(values));
      }
      if (round % 3 === 0) all.splice(dice(all.length), 1);
      try {
        const replay = new Replay(parse(JSON.stringify(doc)));
        for (let step = 0; step <= replay.last; step += 9) {
          const state = replay.at(step);
          for (const who of state.queue) assert.equal(typeof state.name(who), "string");
          for (const timer of state.heap) assert.equal(typeof state.timer(timer).of, "string");
        }
      } catch (error) {
        assert.ok(error instanceof Damaged, `${name}, round ${round}: ${error.stack}`);
      }
    }
  }
});

test("two tasks of one name are told apart by their numbers", () => {
  const doc = recorded("06-two-tasks.json");
  for (const { changes = [] } of doc.steps) {
    for (const [pane, , , row] of changes) if (pane === "tasks" && row && row[0] !== "main") row[0] = "twin";
  }
  const state = new Replay(doc).at(Infinity);
  assert.deepEqual([state.name(2), state.name(3), state.name(-3)], ["twin 2", "twin 3", "callback 3"]);
});

test("100,000 steps: keyframes are there, and take room in proportion", () => {
  const replay = new Replay(parse(JSON.stringify(long(100_000, 3_000))));
  const kept = replay.keyframes.reduce((sum, state) => sum + size(state), 0);
  assert.ok(kept < 4 * 100_000, `${kept} entries are kept`);
  const gaps = replay.keyframes.map((state, index, all) => (all[index + 1]?.step ?? replay.last) - state.step);
  assert.ok(Math.max(...gaps) < 5_000, `${Math.max(...gaps)} steps between keyframes`);
  for (const step of [replay.last, 54_321]) {
    const { queue, tasks, runs } = replay.at(step);
    assert.equal(new Set([...queue, ...runs.filter(Number.isInteger)]).size, tasks.length);
  }
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
