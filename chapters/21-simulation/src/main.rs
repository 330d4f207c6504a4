//! Chapter 21's programs: `cargo run -p ch21-simulation -- --list` names them.
#![forbid(unsafe_code)]

chapter::main! {
    programs: echo, both_worlds, same_seed, datagrams, retransmission, slow_link, partition, one_way, crash, disk, drift, sweep;
    broken: own_chance, no_timeout;
    solutions: heartbeat, two_parts;
}
