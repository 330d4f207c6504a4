//! Transports and protocols, flow control, TLS.
#![forbid(unsafe_code)]

mod calls;
mod drive;
mod flow;
mod protocol;
mod scratch;
mod transport;

pub use drive::{Drive, drive};
pub use protocol::Protocol;
pub use transport::Transport;
