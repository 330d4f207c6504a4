//! A database on `taxi`: SQLite on the thread pool, PostgreSQL over its sockets.
#![forbid(unsafe_code)]
