// Replays a trace: from its document to the state of the loop after each step.
//
// A state is built by applying events to the state before. To go back, or far ahead, there are copies of the state on
// the way (keyframes), about every 250 steps; where the state is large they are further apart, so that all of them
// together take room in proportion to the number of events.

import { Damaged } from "./document.mjs";

const KEYFRAME = 250;

// In the queue and on the stack of what runs, a task is its number, and a callback its number negated.
export const isTask = (entry) => entry > 0;

class State {
  step = -1;
  now = 0;
  clock = "none";
  // Tasks and callbacks that are ready, the front first.
  queue = [];
  // What runs, the innermost last.
  running = [];
  // By number: { name, state, polls, queued, place, why, spawned }. Records are replaced, never changed.
  tasks = [];
  // Numbers of timers that will fire.
  timers = new Set();
  // Numbers of timers that were cancelled.
  dead = new Set();
  // The array of the heap that changed last; null if the trace does not have it.
  heap = [];
  // By number: { name, open, read, write, last }. Records are replaced, never changed.
  sockets = [];
  // What lies in inboxes, the oldest first: { what, task }.
  inbox = [];
  // What the step before took out of an inbox.
  delivered = undefined;
  // How many lines have been printed.
  lines = 0;
  // How much was running when each loop that runs began.
  loops = [];
  parked = false;

  copy() {
    const copy = Object.assign(new State(), this);
    for (const list of ["queue", "running", "tasks", "sockets", "inbox", "loops"]) copy[list] = this[list].slice();
    copy.timers = new Set(this.timers);
    copy.dead = new Set(this.dead);
    return copy;
  }

  get size() {
    return this.tasks.length + this.queue.length + this.timers.size + this.dead.size;
  }
}

// How many events may lie between a keyframe and the next.
const spacing = (state) => Math.max(KEYFRAME, Math.floor(state.size / 2));

export class Replay {
  // Applies all events once, so that every impossible one is found now. Throws `Damaged`.
  constructor(doc) {
    this.doc = doc;
    this.events = doc.events;
    this.last = doc.events.length - 1;
    // All that is ever known of a timer: { deadline, by }.
    this.timers = [];
    this.printed = [];
    this.keyframes = [];
    // The most that there ever is of each: panels keep room for it.
    this.most = { queue: 0, timers: 0, heap: 0, running: 0, sockets: 0, inbox: 0, lines: 0, tasks: 0 };
    // Where each loop drives one future there is no queue: a wake raises a flag.
    const loops = doc.events.filter((event) => event.kind === "loop-started");
    this.flag = loops.length > 0 && loops.every((event) => event.of_one);
    this.files = doc.sources.map((source) => source.file);
    const state = new State();
    let since = Infinity;
    for (let step = 0; step <= this.last; step++) {
      this.#apply(state, true);
      this.#measure(state);
      if (++since >= spacing(state)) {
        this.keyframes.push(state.copy());
        since = 0;
      }
    }
    this.most.tasks = Math.max(0, state.tasks.length - 1);
    this.most.lines = state.lines;
    this.most.sockets = Math.max(0, state.sockets.length - 1);
    this.cursor = this.keyframes[0].copy();
  }

  // The state after `step`. It is valid until the next call.
  at(step) {
    const target = Math.min(this.last, Math.max(0, step));
    const near = this.#keyframe(target);
    if (this.cursor.step > target || this.cursor.step < near.step) this.cursor = near.copy();
    while (this.cursor.step < target) this.#apply(this.cursor, false);
    return this.cursor;
  }

  // The step of the next (or previous) event after `from` of which `wanted` is true; undefined if there is none.
  find(from, wanted, direction = 1) {
    for (let step = from + direction; step >= 0 && step <= this.last; step += direction) {
      if (wanted(this.events[step])) return step;
    }
    return undefined;
  }

  #keyframe(step) {
    let low = 0;
    let high = this.keyframes.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.keyframes[middle].step <= step) low = middle;
      else high = middle - 1;
    }
    return this.keyframes[low];
  }

  #measure(state) {
    const most = this.most;
    most.queue = Math.max(most.queue, state.queue.length);
    most.inbox = Math.max(most.inbox, state.inbox.length);
    most.running = Math.max(most.running, state.running.length);
    most.timers = Math.max(most.timers, state.timers.size);
    most.heap = Math.max(most.heap, state.heap?.length ?? 0);
  }

  #apply(state, first) {
    const event = this.events[++state.step];
    const damaged = (why) => Damaged.at(state.step, why);
    if (state.now > event.at && event.kind !== "loop-started") {
      throw damaged("time goes back");
    }
    state.now = event.at;
    if (event.by === "mail" && !asks(state.delivered, event)) throw damaged("no mail that was just read asks for it");
    state.delivered = undefined;
    EFFECTS[event.kind](state, event, damaged, first ? this : undefined);
  }
}

// Changes what is known of a task.
function change(state, number, what, damaged) {
  const task = state.tasks[number];
  if (!task) throw damaged(`there is no task ${number}`);
  state.tasks[number] = { ...task, ...what };
  return task;
}

function live(state, number, damaged) {
  const task = state.tasks[number];
  if (!task) throw damaged(`there is no task ${number}`);
  if (task.state === "over") throw damaged(`task ${number} is over`);
  return task;
}

function socket(state, number, what, damaged) {
  const known = state.sockets[number];
  if (!known) throw damaged(`there is no socket ${number}`);
  state.sockets[number] = { ...known, ...what };
}

// Takes `entry` from the front of the queue; false if it is not in the queue.
function take(state, entry, queued, damaged) {
  if (!queued) return false;
  if (state.queue[0] !== entry) throw damaged("what runs was not at the front of the queue");
  state.queue.shift();
  return true;
}

// Ends whatever runs from `entry` inwards. What it had called and has not said a word since (it panicked) waits.
function leave(state, entry) {
  const at = state.running.lastIndexOf(entry);
  if (at < 0) return false;
  for (const inner of state.running.splice(at)) {
    if (inner !== entry && isTask(inner) && state.tasks[inner].state === "running") rest(state, inner);
  }
  return true;
}

// A task that stops is ready, if it is in the queue already, or waits.
function rest(state, number) {
  const task = state.tasks[number];
  state.tasks[number] = { ...task, state: task.queued ? "ready" : "waiting" };
}

// A task is over, wherever it was.
function end(state, { task: number }, damaged, how) {
  const task = live(state, number, damaged);
  leave(state, number);
  if (task.queued) state.queue.splice(state.queue.indexOf(number), 1);
  change(state, number, { state: "over", how, queued: false, place: null, why: null }, damaged);
}

// A timer leaves those that will fire.
function disarm(state, event, damaged) {
  if (!state.timers.delete(event.timer)) throw damaged(`timer ${event.timer} is not set`);
}

function picture(state, event, replay, damaged) {
  state.heap = event.heap ?? null;
  if (state.dead.size > 0 && state.heap) {
    const kept = new Set(state.heap);
    for (const timer of state.dead) if (!kept.has(timer)) state.dead.delete(timer);
  }
  // Once is enough: the heap does not change when it is replayed again.
  if (!replay || !state.heap) return;
  for (const timer of state.heap) {
    if (!replay.timers[timer]) throw damaged(`timer ${timer} is on the heap, and was never set`);
  }
}

// Whether what was read just before asks for what `event` does.
function asks(letter, { kind, task }) {
  if (kind === "woken") return letter?.what === "wake" && letter.task === task;
  return kind === "callback-queued" && letter?.what === "call";
}

// Takes a letter out of the inbox. Those that are alike cannot be told apart.
function open(state, event, damaged) {
  const task = event.task ?? undefined;
  const at = state.inbox.findIndex((letter) => letter.what === event.what && letter.task === task);
  if (at < 0) throw damaged("no such mail is in the inbox");
  return state.inbox.splice(at, 1)[0];
}

// What each kind of event does to the state. `replay` is given when an event is applied for the first time.
const EFFECTS = {
  "loop-started"(state, event) {
    state.loops.push(state.running.length);
    state.clock = event.clock;
    state.parked = false;
  },
  "loop-ended"(state, event, damaged) {
    const depth = state.loops.pop();
    if (depth === undefined) throw damaged("no loop runs");
    for (const entry of state.running.splice(depth)) if (isTask(entry)) rest(state, entry);
    state.parked = false;
  },
  spawned(state, event, damaged) {
    if (state.tasks[event.task]) throw damaged(`task ${event.task} was there already`);
    if (event.task > 1 && !state.tasks[event.task - 1]) throw damaged("tasks are not numbered in order");
    const { name, place } = event;
    const fresh = { state: "waiting", polls: 0, queued: false, how: null, why: null };
    state.tasks[event.task] = { ...fresh, name, place: null, spawned: place ?? null };
  },
  named(state, event, damaged) {
    change(state, event.task, { name: event.name }, damaged);
  },
  woken(state, event, damaged) {
    const task = state.tasks[event.task];
    if (!task) throw damaged(`there is no task ${event.task}`);
    if (event.again || task.state === "over") return;
    if (task.queued) throw damaged(`task ${event.task} is in the queue already`);
    state.queue.push(event.task);
    const running = task.state === "running";
    state.tasks[event.task] = { ...task, queued: true, state: running ? "running" : "ready" };
  },
  requeued(state, event, damaged) {
    if (state.queue[0] !== event.task) throw damaged(`task ${event.task} is not at the front of the queue`);
    state.queue.push(state.queue.shift());
  },
  polled(state, event, damaged) {
    // One that is over may be polled again: some programs show that mistake.
    const task = state.tasks[event.task];
    if (!task) throw damaged(`there is no task ${event.task}`);
    if (task.state === "running") throw damaged(`task ${event.task} runs already`);
    take(state, event.task, task.queued, damaged);
    state.running.push(event.task);
    state.tasks[event.task] = { ...task, state: "running", queued: false, polls: task.polls + 1 };
  },
  pending(state, event, damaged) {
    if (!leave(state, event.task)) throw damaged(`task ${event.task} does not run`);
    change(state, event.task, { place: event.place ?? null, why: event.why ?? null }, damaged);
    rest(state, event.task);
  },
  finished(state, event, damaged) {
    if (!state.running.includes(event.task)) throw damaged(`task ${event.task} does not run`);
    end(state, event, damaged, "finished");
  },
  dropped: (state, event, damaged) => end(state, event, damaged, "dropped"),
  cancelled: (state, event, damaged) => end(state, event, damaged, "cancelled"),
  panicked: (state, event, damaged) => end(state, event, damaged, "panicked"),
  "cancel-asked": (state, event, damaged) => change(state, event.task, {}, damaged),
  dropping(state, event, damaged) {
    const task = live(state, event.task, damaged);
    if (task.state === "running") throw damaged(`task ${event.task} runs, and cannot be dropped`);
    if (task.queued) state.queue.splice(state.queue.indexOf(event.task), 1);
    state.running.push(event.task);
    state.tasks[event.task] = { ...task, state: "running", queued: false, dropping: true };
  },
  mailed(state, event, damaged) {
    const task = event.task ?? undefined;
    if (task === undefined && event.what !== "call") throw damaged("it is about no task");
    if (task !== undefined && !state.tasks[task]) throw damaged(`there is no task ${task}`);
    state.inbox.push({ what: event.what, task });
  },
  "mail-read"(state, event, damaged) {
    if (state.parked) throw damaged("mail is read while the loop waits");
    state.delivered = open(state, event, damaged);
  },
  "mail-refused"(state, event, damaged) {
    open(state, event, damaged);
  },
  "callback-queued"(state, event, damaged) {
    if (state.queue.includes(-event.callback)) throw damaged(`callback ${event.callback} is in the queue already`);
    state.queue.push(-event.callback);
  },
  "callback-called"(state, event, damaged) {
    take(state, -event.callback, state.queue.includes(-event.callback), damaged);
    state.running.push(-event.callback);
  },
  "callback-returned"(state, event, damaged) {
    if (!leave(state, -event.callback)) throw damaged(`callback ${event.callback} does not run`);
  },
  "timer-set"(state, event, damaged, replay) {
    if (replay?.timers[event.timer]) throw damaged(`timer ${event.timer} was set already`);
    if (replay) replay.timers[event.timer] = { deadline: event.deadline, by: event.by };
    state.timers.add(event.timer);
    picture(state, event, replay, damaged);
  },
  "timer-fired"(state, event, damaged, replay) {
    disarm(state, event, damaged);
    picture(state, event, replay, damaged);
  },
  "timer-cancelled"(state, event, damaged, replay) {
    disarm(state, event, damaged);
    state.dead.add(event.timer);
    picture(state, event, replay, damaged);
  },
  jumped(state, event, damaged) {
    if (event.to < event.at) throw damaged("the clock jumps back");
    state.now = event.to;
  },
  parked(state) {
    state.parked = true;
  },
  unparked(state) {
    state.parked = false;
  },
  "socket-opened"(state, event, damaged) {
    if (state.sockets[event.socket]) throw damaged(`socket ${event.socket} was there already`);
    const name = `${event.name} ${event.socket}`;
    state.sockets[event.socket] = { name, open: true, ready: [], last: null };
  },
  tried(state, event, damaged) {
    const ready = (state.sockets[event.socket]?.ready ?? []).filter(
      (way) => event.outcome !== "would-block" || way !== event.way,
    );
    socket(state, event.socket, { ready, last: `${event.way}: ${OUTCOMES[event.outcome]}` }, damaged);
  },
  ready(state, event, damaged) {
    const others = (state.sockets[event.socket]?.ready ?? []).filter((way) => way !== event.way);
    socket(state, event.socket, { ready: [...others, event.way].sort() }, damaged);
  },
  "socket-closed": (state, event, damaged) => socket(state, event.socket, { open: false, ready: [] }, damaged),
  printed(state, event, damaged, replay) {
    replay?.printed.push(event.text);
    state.lines += 1;
  },
};

const OUTCOMES = { done: "done", "would-block": "would block", failed: "failed" };
