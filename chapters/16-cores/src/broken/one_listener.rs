//! Two sockets at one address, without the option that allows it.
//!
//! twin: none, Python says `OSError: [Errno 98] Address already in use`

use std::net::{SocketAddr, TcpListener};

use chapter::{Args, BadInput};
use trace::say;

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let failed = |error: std::io::Error| BadInput::new(error.to_string());
    let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
    let first = TcpListener::bind(anywhere).map_err(failed)?;
    match TcpListener::bind(first.local_addr().map_err(failed)?) {
        Ok(_) => say!("two listeners at one address"),
        Err(error) => say!("the second one: {:?}", error.kind()),
    }
    Ok(())
}
// ANCHOR_END: main
