//! Chapter 12's programs: `cargo run -p ch12-net -- --list` names them.
#![forbid(unsafe_code)]

chapter::main! {
    programs: echo, lines, frames, cut_anywhere, read_in_time, back_pressure, two_marks, at_the_mark, chat, slow_guest, half_close, both_ways, halves, reunited, reset, connect_in_time, several_addresses, options, #[cfg(unix)] no_room, #[cfg(target_os = "linux")] closed_door, shutdown, udp_echo, too_long, no_receiver, #[cfg(unix)] unix_echo, #[cfg(unix)] datagram_pair, #[cfg(unix)] any_descriptor;
    broken: one_read_a_line, one_task_for_all, no_limit, cancelled_read, no_drain, #[cfg(unix)] accept_gives_up;
    solutions: long_lines, relay;
}
