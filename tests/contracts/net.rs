//! What chapter 12 promises.

use net as _;

#[test]
fn _to_come() {}
