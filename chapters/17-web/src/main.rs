//! Chapter 17's programs: `cargo run -p ch17-web -- --list` names them.
#![forbid(unsafe_code)]

mod serve;

use serve::SERVE;

chapter::main! {
    tool = SERVE;
    programs: hello, demo, outbound, fields, routes, upload, slow_clients, drain, gone,
        rides, https, live_tasks, folders, ranges, large_file;
    broken: by_hand, blocking_request, no_limit, no_timeout, joined_path,
        #[cfg(unix)] looked_first;
    solutions: at_most, ticker;
}
