//! TCP, UDP and Unix sockets.
#![forbid(unsafe_code)]
