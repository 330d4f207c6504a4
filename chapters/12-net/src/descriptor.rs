//! The descriptors of sockets, for what only the operating system's own calls can do.

use std::os::fd::{AsFd, AsRawFd, BorrowedFd, RawFd};

use crate::async_fd::AsyncFd;
use crate::connection::{Connection, Socket};
use crate::listener::{Listener, Listens};
use crate::udp::UdpSocket;
use crate::unix::UnixDatagram;

macro_rules! descriptor {
    ([$($generics:tt)*] $type:ty, $it:ident => $inner:expr) => {
        impl<$($generics)*> AsFd for $type {
            fn as_fd(&self) -> BorrowedFd<'_> {
                let $it = self;
                $inner.as_fd()
            }
        }

        impl<$($generics)*> AsRawFd for $type {
            fn as_raw_fd(&self) -> RawFd {
                self.as_fd().as_raw_fd()
            }
        }
    };
}

descriptor!([S: Socket + AsFd] Connection<S>, it => it.io.get_ref());
descriptor!([L: Listens + AsFd] Listener<L>, it => it.io.get_ref());
descriptor!([T: AsFd + 'static] AsyncFd<T>, it => it.get_ref());
descriptor!([] UdpSocket, it => it.io.get_ref());
descriptor!([] UnixDatagram, it => it.io.get_ref());
