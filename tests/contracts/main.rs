//! What the chapters' libraries promise, tested at their public interface against models too plain to be wrong.

mod event_loop;
mod generators;
mod sleeper;
mod taxi;
mod time_heap;

use proptest::test_runner::Config;

/// `cases` random cases. A failure prints the input that was shrunk to; no file is left in the tree.
fn cases(cases: u32) -> Config {
    Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    }
}
