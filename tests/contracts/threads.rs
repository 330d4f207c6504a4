//! What chapter 14 promises.

use threads as _;

#[test]
fn _to_come() {}
