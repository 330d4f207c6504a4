//! What the chapters' libraries promise, tested at their public interface against models too plain to be wrong.

mod event_loop;
mod generators;
mod sleeper;
mod taxi_program;
mod time_heap;

use proptest::test_runner::Config;
use workbook_tests::limits::quick_or_full;

/// `cases` random cases, or in the quick form a fifth of them. A failure prints the input that was
/// shrunk to; no file is left in the tree.
fn cases(cases: u32) -> Config {
    Config {
        cases: quick_or_full(cases / 5, cases),
        failure_persistence: None,
        ..Config::default()
    }
}

#[test]
fn _a_test_that_hangs_is_ended() {
    workbook_tests::limits::watch_over_all();
}
