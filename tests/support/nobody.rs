//! An address at which nobody listens, for as long as a test needs that.
//!
//! A port that was taken from the operating system and given back is free for everybody: for the next test, and for
//! any other process. One that is bound and does not listen refuses, and is taken.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use socket2::{Domain, Socket, Type};

/// Whoever connects to its address is refused while it lives.
pub struct Nobody {
    address: SocketAddr,
    _bound: Socket,
}

impl Nobody {
    /// Somewhere on this machine.
    ///
    /// # Panics
    ///
    /// If the operating system has no port left.
    pub fn new() -> Nobody {
        Nobody::at((Ipv4Addr::LOCALHOST, 0).into()).unwrap()
    }

    /// At `address`, whose port may be 0.
    ///
    /// # Errors
    ///
    /// If the operating system has no such address, or it is taken.
    pub fn at(address: SocketAddr) -> io::Result<Nobody> {
        let bound = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
        bound.bind(&address.into())?;
        let address = bound.local_addr()?.as_socket().expect("it was one");
        Ok(Nobody {
            address,
            _bound: bound,
        })
    }

    /// Its address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Default for Nobody {
    fn default() -> Nobody {
        Nobody::new()
    }
}
