//! Chapter 9's programs: `cargo run -p ch09-combinators -- --list` names them.
#![forbid(unsafe_code)]

chapter::main! {
    programs: gather, errors, wait, as_completed, three_ways, group, tree, bounded, lent, called_off, shield, wait_for, in_place, one_of_a_thousand, race, kept_read, beside_futures;
    steps: one_by_one, counting, waker_each;
    broken: asks_all, lost_read, forgets, unheld, deaf;
    solutions: two_failures, two_offers;
}
