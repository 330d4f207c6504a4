//! Chapter 20's programs: `cargo run -p ch20-database -- --list` names them.
#![forbid(unsafe_code)]

chapter::main! {
    programs: rows, closed, transaction, five_ends, nested, given_up, readers, busy, stream, pages, #[cfg(unix)] postgres, #[cfg(unix)] at_the_server, #[cfg(unix)] restart, #[cfg(unix)] shared_crawl;
    broken: on_the_loop, left_open, lost_update, undone_by_half;
    solutions: paid_in;
}
