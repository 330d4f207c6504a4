//! Chapter 22's programs: `cargo run -p ch22-performance -- --list` names them.
#![forbid(unsafe_code)]

chapter::main! {
    programs: fair, four_tasks, ten_wakes, heap_and_wheel, budget, ticker, advice, decide, baton;
    broken: one_after_the_other, never_polled, unlike_work, mean_hides;
    solutions: three_runs, where_it_pays;
}
