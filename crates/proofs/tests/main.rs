//! What others have written for any runtime, on ours: hyper, rustls, tungstenite, and what speaks to PostgreSQL.
//!
//! None of it knows taxi. Each brings its own idea of when to read, write, wake and wait, and so finds what tests of our
//! own might not. A package of its own, so that no other has to build it.

mod hyper;

use workbook_tests::limits::watch_over_all;

/// Its name puts it first.
#[test]
fn _a_test_that_hangs_is_ended() {
    watch_over_all();
}
