//! What chapter 10 promises.

use sync as _;

#[test]
fn _to_come() {}
