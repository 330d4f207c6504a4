// A trace of any length, for tests.

// A queue as large as the run: `tasks` tasks that wake themselves until there are `steps` events.
export function long(steps, tasks) {
  const events = [{ at: 0, kind: "loop-started", clock: "none", says: "a loop starts" }];
  const say = (kind, task, more) => events.push({ at: 0, kind, task, ...more, says: `${kind} task ${task}` });
  for (let task = 1; task <= tasks; task++) {
    say("spawned", task, { name: `task ${task}`, place: 0 });
    say("woken", task, { by: "program", again: false });
  }
  for (let turn = 0; events.length < steps; turn++) {
    const task = (turn % tasks) + 1;
    say("polled", task);
    say("woken", task, { by: { task }, again: false });
    say("pending", task, { place: 0, why: "yield" });
  }
  const file = "src/long.rs";
  return {
    format: "from-yield-to-await trace",
    version: 1,
    chapter: "ch06-tasks",
    program: "long",
    args: [],
    left_out: 0,
    places: [{ file, line: 2, text: "yield_now().await;" }],
    sources: [{ file, text: "loop {\n    yield_now().await;\n}\n" }],
    events: events.slice(0, steps),
  };
}
