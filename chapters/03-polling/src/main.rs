//! Chapter 3's programs: `cargo run -p ch03-polling -- --list` names them.
#![forbid(unsafe_code)]

chapter::main! {
    programs: as_coroutine, by_hand, busy, leaf, always_ready, not_awaited, iterator_ends;
    steps: guessing;
    broken: awaits_anew, polled_after_the_end, moved, nobody_asks_again;
    solutions: chain_counted, both;
}
