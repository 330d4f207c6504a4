//! Whether all sides of each row come to the same, in a small size. Each is a process of its own: one that does not end
//! is named, and the rows after it are tried.

use std::path::PathBuf;

use bench::counts::Counters;
use bench::rounds::round_by;
use bench::row::rows;

#[test]
fn all_sides_of_a_row_do_the_same_work() {
    let counters = Counters::of(PathBuf::from(env!("CARGO_BIN_EXE_bench")));
    let mut wrong = Vec::new();
    for row in rows().unwrap() {
        let work = &row.work;
        if work.is_memory() {
            continue;
        }
        let same = round_by(work, work.small(), |side, size| {
            counters.apart(work, side, size)
        });
        wrong.extend(same.err().map(|error| format!("{error:#}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
