// A trace of any length, for tests.

// A queue as large as the run: `tasks` tasks that wake themselves until there are `length` steps.
export function long(length, tasks) {
  const events = [{ at: 0, kind: "loop-started", clock: "none", says: "a loop starts" }];
  const steps = [{ changes: [["clock", 0, 0, "0 s"], ["runs", 0, 0, "nobody"]] }];
  const say = (kind, task, changes) => {
    events.push({ at: 0, kind, task, says: `${kind} task ${task}` });
    steps.push({ changes });
  };
  const row = (task, is, polls) => [`task ${task}`, is, is, polls, polls > 0 && is !== "running" ? 0 : null];
  for (let task = 1; task <= tasks; task++) {
    say("spawned", task, [["tasks", task - 1, 0, row(task, "waiting", 0)]]);
    say("woken", task, [["tasks", task - 1, 1, row(task, "ready", 0)], ["queue", task - 1, 0, task]]);
  }
  for (let turn = 0; events.length < length; turn++) {
    const task = (turn % tasks) + 1;
    const polls = Math.floor(turn / tasks) + 1;
    const is = (word) => ["tasks", task - 1, 1, row(task, word, polls)];
    say("polled", task, [["queue", 0, 1], is("running"), ["runs", 0, 1, task]]);
    say("woken", task, [["queue", tasks - 1, 0, task]]);
    say("pending", task, [is("ready"), ["runs", 0, 1, "nobody"], ["line", 0, turn > 0 ? 1 : 0, [0, "stopped", ""]]]);
  }
  const file = "src/long.rs";
  return {
    format: "from-yield-to-await trace",
    version: 4,
    chapter: "ch06-tasks",
    program: "long",
    args: [],
    left_out: 0,
    places: [{ file, line: 2, text: "yield_now().await;" }],
    sources: [{ file, text: "loop {\n    yield_now().await;\n}\n" }],
    events: events.slice(0, length),
    flag: false,
    steps: steps.slice(0, length),
  };
}
