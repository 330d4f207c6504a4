//! Chapter 13's programs: `cargo run -p ch13-protocols -- --list` names them.
#![forbid(unsafe_code)]

chapter::main! {
    programs: echo_callbacks, echo_protocol, life, half_open, key_value, close_or_abort, last_word, flow_control, at_the_marks, echo_streams, datagrams, tls_echo, tls_refused, plain_text, tls_cut, which_loop, three_words;
    steps: reader;
    broken: short_write, one_message, blocks, closed_first, no_pause, cut_is_an_end;
    solutions: frames, forward;
}
