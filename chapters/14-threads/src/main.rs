//! Chapter 14's programs: `cargo run -p ch14-threads -- --list` names them.
#![forbid(unsafe_code)]

chapter::main! {
    programs: to_thread, run_in_executor, under_the_clock, dropped_job, left_at_the_end, bad_report, pool_grows, last_jobs, queue_limit, cancel_before, files, long_ledger, at_the_keyboard, by_name, call_soon_threadsafe, from_outside, three_ends, before_start, loop_in_a_thread, costs;
    steps: a_thread_each;
    broken: blocking, pool_of_one, wrong_thread, own_thread, shared_counter, typed_on_the_loop;
    solutions: receipts, bank;
}
