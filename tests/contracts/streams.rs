//! What chapter 11 promises.

use streams as _;

#[test]
fn _to_come() {}
