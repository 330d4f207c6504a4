//! Chapter 6's programs: `cargo run -p ch06-tasks -- --list` names them.
#![forbid(unsafe_code)]

chapter::main! {
    programs: first_come, two_tasks, hello_world, turns, duplicates, callback, task_states, run_forever, closed, background, taxi;
    steps: two_lists, toy;
    broken: rescan, lifo, queued_twice, early_stop, stop_after, knot, loop_in_loop;
    solutions: patient, airport;
}
