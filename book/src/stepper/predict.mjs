// Predict mode: what the reader is asked before a step is shown, and why the answer is what it is.

import { isTask } from "./replay.mjs";
import { time } from "./words.mjs";

// A question has at most this many answers to choose from.
const CHOICES = 4;

// How far ahead the answer may lie, in events, and how far ahead other lines are looked for.
const HORIZON = 2_000;
const LINES_AHEAD = 400;

// After these nobody runs, and the loop chooses who is next.
const STOPS = ["pending", "finished", "cancelled", "panicked", "callback-returned", "loop-started"];
const RUNS = ["polled", "callback-called"];

// Where one of these comes first, it is not asked who runs next.
const UNFORESEEN = ["loop-ended", "loop-started", "printed", "dropping"];

const entryOf = (event) => event.task ?? -event.callback;
const nameOf = (state, entry) => (isTask(entry) ? state.tasks[entry].name : `callback ${-entry}`);

// What to ask before the step after `step`, or undefined: { ask, options, answer, why, at }, where `answer` is an index in
// `options`, and `at` the step that shows it.
export function question(replay, step) {
  if (step >= replay.last) return undefined;
  const state = replay.at(step);
  const next = replay.events[step + 1];
  if (next.kind === "printed" && replay.events[step].kind !== "printed") return aboutLine(replay, state, step + 1);
  if (STOPS.includes(replay.events[step].kind) && state.running.length === 0) return aboutTask(replay, state, step);
  return undefined;
}

// Who runs next, if that is for the loop to decide, and there are several it might be.
function aboutTask(replay, state, step) {
  const { events } = replay;
  const ahead = [];
  let at = step + 1;
  for (; at <= replay.last && at <= step + HORIZON; at++) {
    const { kind } = events[at];
    if (RUNS.includes(kind)) break;
    if (UNFORESEEN.includes(kind)) return undefined;
    ahead.push(events[at]);
  }
  if (at > replay.last || !RUNS.includes(events[at].kind)) return undefined;
  const answer = entryOf(events[at]);
  if (isTask(answer) ? !state.tasks[answer] : !state.queue.includes(answer)) return undefined;
  const others = rivals(state, answer);
  if (others.length === 0) return undefined;
  const entries = [answer, ...others].sort((a, b) => order(a) - order(b));
  return {
    ask: "Who runs next?",
    options: labels(state, entries),
    answer: entries.indexOf(answer),
    why: whyTask(replay, state, answer, ahead),
    at,
  };
}

// Their names, with their numbers where two have the same.
function labels(state, entries) {
  const names = entries.map((entry) => nameOf(state, entry));
  const twice = (name) => names.indexOf(name) !== names.lastIndexOf(name);
  return names.map((name, index) => (twice(name) ? `${name} (task ${entries[index]})` : name));
}

// Callbacks come after the tasks.
const order = (entry) => (isTask(entry) ? entry : 1e9 - entry);

// Whom the reader might take for the answer: first who else is ready, then who waits.
function rivals(state, answer) {
  const found = [];
  const add = (entry) => {
    if (entry !== answer && !found.includes(entry)) found.push(entry);
  };
  for (const entry of state.queue.slice(0, CHOICES)) add(entry);
  for (let task = 1; task < state.tasks.length && found.length < CHOICES - 1; task++) {
    if (state.tasks[task].state !== "over") add(task);
  }
  return found.slice(0, CHOICES - 1);
}

function whyTask(replay, state, answer, ahead) {
  const who = nameOf(state, answer);
  if (state.queue[0] === answer && !ahead.some((event) => event.kind === "requeued")) {
    return replay.flag ? `The flag is up: ${who} was woken.` : `${who} is at the front of the queue.`;
  }
  if (state.queue.includes(answer)) {
    return `Those before ${who} in the queue go to its end: they were woken while the loop waited.`;
  }
  const nobody = replay.flag ? "The flag is down. " : "Nobody is in the queue. ";
  const empty = replay.most.queue > 0 ? nobody : "";
  const wake = ahead.find((event) => event.kind === "woken" && event.task === answer);
  const timer = timerOf(replay, answer, ahead, wake);
  if (timer !== undefined) {
    const { deadline } = replay.timers[timer];
    const tie = [...state.timers].some((other) => other !== timer && replay.timers[other].deadline === deadline);
    const first = tie ? ", and set before the others that are due then" : "";
    return `${empty}The earliest timer is that of ${who}: timer ${timer}, due at ${time(deadline)}${first}.`;
  }
  if (typeof wake?.by === "object" && wake.by.socket) {
    return `${empty}${state.sockets[wake.by.socket]?.name ?? "A socket"} becomes ready, and ${who} waits for it.`;
  }
  if (wake?.by === "mail") return `${empty}The loop reads its mail: a wake for ${who}.`;
  if (wake?.by === "thread") return `${empty}Another thread wakes ${who}.`;
  if (wake) return `${empty}${capital(wake.says)}.`;
  return `Nobody has to wake ${who}: it is polled in its turn.`;
}

// The timer that fires on the way and lets `answer` run.
function timerOf(replay, answer, ahead, wake) {
  if (wake && typeof wake.by === "object" && wake.by.timer) return wake.by.timer;
  const own = (event) => event.kind === "timer-fired" && replay.timers[event.timer].by?.task === answer;
  const fired = ahead.find(own);
  return fired?.timer;
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

// Which line is printed next, if there are others to come that it might be.
function aboutLine(replay, state, at) {
  const line = replay.events[at].text;
  const runner = state.running.at(-1);
  const lines = [line, ...otherLines(replay, at, runner)];
  if (lines.length < 2) return undefined;
  const options = shuffled(lines, at);
  const who = runner === undefined ? undefined : nameOf(state, runner);
  return {
    ask: "What is printed next?",
    options: options.map((text) => text.trim() || "(an empty line)"),
    lines: true,
    answer: options.indexOf(line),
    why: whyLine(replay, state, runner),
    at,
  };
}

function whyLine(replay, state, runner) {
  if (runner === undefined) return "Nobody runs: the program prints it by itself.";
  const who = nameOf(state, runner);
  if (isTask(runner) && state.tasks[runner].dropping) return `The future of ${who} is dropped: its destructors run.`;
  const place = isTask(runner) ? replay.doc.places[state.tasks[runner].place] : undefined;
  if (!place) return `${who} runs: the line is its own.`;
  const file = place.file.split("/").at(-1);
  return `${who} runs. It goes on where it stopped, at line ${place.line} of ${file}, and this is what it prints next.`;
}

// Lines that are printed later: the next of the same task, then those of others.
function otherLines(replay, at, runner) {
  const truth = replay.events[at].text.trim();
  const own = [];
  const others = [];
  let who = runner;
  const stack = [];
  const fits = (text) => text.trim() !== "" && text.trim() !== truth;
  for (let step = at + 1; step <= replay.last && step <= at + LINES_AHEAD; step++) {
    const event = replay.events[step];
    if (RUNS.includes(event.kind) || event.kind === "dropping") {
      stack.push(who);
      who = entryOf(event);
    } else if (STOPS.includes(event.kind)) {
      who = stack.pop();
    } else if (event.kind === "printed" && fits(event.text)) {
      (who === runner ? own : others).push(event.text);
    }
  }
  return [...new Set([own[0], others[0], own[1], others[1], own[2]])]
    .filter((text) => text !== undefined)
    .slice(0, CHOICES - 1);
}

// In an order that is the same every time, and gives nothing away.
function shuffled(lines, seed) {
  const rank = (text) => {
    let hash = (2166136261 ^ seed) >>> 0;
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 16777619) >>> 0;
    return hash;
  };
  return [...lines].sort((a, b) => rank(a) - rank(b));
}
