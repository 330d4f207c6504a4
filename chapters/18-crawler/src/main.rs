//! Chapter 18's programs, and its tool: `cargo run -p ch18-crawler -- --list` names them.
#![forbid(unsafe_code)]

mod tool;

use tool::CHECK;

chapter::main! {
    tool = CHECK;
    programs: one_by_one, fifteen, waves, threads, links, frontier, politeness, robots, retries, bad_sites, check, #[cfg(unix)] decision;
    broken: no_memory, no_limit, no_pause;
    solutions: five_at_once, depths;
}
