// What is on the screen after each step: lists, and what a step takes out of them and puts in.
//
// To go back, or far ahead, there are copies on the way (keyframes), about every 250 steps; where the lists are long
// they are further apart, so that all of them together take room in proportion to the number of steps.

import { Damaged, PANES } from "./document.mjs";

const KEYFRAME = 250;

// In the queue, a task is its number, and a callback its number negated.
export const isTask = (entry) => entry > 0;

class State {
  step = -1;

  // `twins`: names that several tasks have.
  constructor(twins) {
    this.twins = twins;
    for (const pane of PANES) this[pane] = [];
  }

  copy() {
    const copy = Object.assign(new State(this.twins), this);
    for (const pane of PANES) copy[pane] = this[pane].slice();
    return copy;
  }

  // What is known of task `number`.
  task(number) {
    const [name = `task ${number}`, is = "over", words = "", polls = 0, place = null] = this.tasks[number - 1] ?? [];
    return { name: this.twins.has(name) ? `${name} ${number}` : name, is, words, polls, place };
  }

  // What somebody who is ready, or runs, is called.
  name(entry) {
    return isTask(entry) ? this.task(entry).name : `callback ${-entry}`;
  }

  // What is known of a timer.
  timer(number) {
    const [, due = "", whose = "", word = ""] = this.timers.find(([timer]) => timer === number) ?? [];
    return { due, of: typeof whose === "number" ? this.name(whose) : whose, word };
  }
}

// The names that more than one task has, or has had.
function twinsIn({ steps }) {
  const tasks = new Map();
  const twins = new Set();
  for (const { changes = [] } of steps) {
    for (const [pane, at, , row] of changes) {
      if (pane !== "tasks" || row === undefined) continue;
      if (!tasks.has(row[0])) tasks.set(row[0], at);
      if (tasks.get(row[0]) !== at) twins.add(row[0]);
    }
  }
  return twins;
}

// How many steps may lie between a keyframe and the next.
const spacing = (state) => Math.max(KEYFRAME, PANES.reduce((sum, pane) => sum + state[pane].length, 0) / 2);

export class Replay {
  // Takes all steps once. Throws `Damaged`.
  constructor(doc) {
    this.doc = doc;
    this.events = doc.events;
    this.last = doc.events.length - 1;
    this.flag = doc.flag;
    this.files = doc.sources.map((source) => source.file);
    this.keyframes = [];
    // The most rows that each list ever has: panels keep room for them.
    this.most = Object.fromEntries(PANES.map((pane) => [pane, 0]));
    const state = new State(twinsIn(doc));
    let since = Infinity;
    for (let step = 0; step <= this.last; step++) {
      this.#apply(state);
      for (const pane of PANES) this.most[pane] = Math.max(this.most[pane], state[pane].length);
      if (++since >= spacing(state)) {
        this.keyframes.push(state.copy());
        since = 0;
      }
    }
    this.cursor = this.keyframes[0].copy();
  }

  // What there is after `step`. It is valid until the next call.
  at(step) {
    const target = Math.min(this.last, Math.max(0, step));
    const near = this.keyframes.findLast((state) => state.step <= target);
    if (this.cursor.step > target || this.cursor.step < near.step) this.cursor = near.copy();
    while (this.cursor.step < target) this.#apply(this.cursor);
    return this.cursor;
  }

  // What may be asked between `step` and the next, if anything.
  question(step) {
    return this.doc.steps[step].ask;
  }

  // The first step from `from` on, in this direction, of which `wanted` is true; undefined if there is none.
  find(from, wanted, direction = 1) {
    for (let step = from + direction; step >= 0 && step <= this.last; step += direction) {
      if (wanted(this.events[step], step)) return step;
    }
    return undefined;
  }

  #apply(state) {
    const { changes = [] } = this.doc.steps[++state.step];
    for (const [pane, at, removed, ...rows] of changes) {
      if (at + removed > state[pane].length) throw Damaged.at(state.step, `it changes more of “${pane}” than there is`);
      state[pane].splice(at, removed, ...rows);
    }
  }
}
