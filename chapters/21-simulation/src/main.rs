//! Chapter 21's programs: `cargo run -p ch21-simulation -- --list` names them.
#![forbid(unsafe_code)]

chapter::main! {
    programs: echo, both_worlds, same_seed, datagrams, lost_line, retransmission, slow_link, partition, one_way, crash, disk, drift, sweep, orders, earlier_term, lost_answer, night, nights, forgotten, #[cfg(unix)] three_machines;
    broken: own_chance, no_timeout, second_order, wall_clock_lease;
    solutions: heartbeat, two_parts;
}
