//! What chapter 13 promises.

use protocols as _;

#[test]
fn _to_come() {}
