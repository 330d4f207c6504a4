//! What chapter 9 promises.

use combinators as _;

#[test]
fn _to_come() {}
