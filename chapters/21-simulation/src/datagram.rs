//! Datagrams on simulated hosts.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io;
use std::rc::Rc;

use taxi::net::located;
use taxi::sync::Notify;

use crate::network::{Life, Load, Network};
use crate::world::Datagrams;

/// How many datagrams wait for a program at most.
const MOST_WAITING: usize = 256;
/// How long one may be, as with UDP over IPv4.
const LONGEST: usize = 65_507;

type Peer = (Rc<str>, u16);

/// What has arrived at a port.
#[derive(Debug, Default)]
pub(crate) struct Mailbox {
    waiting: RefCell<VecDeque<(Rc<[u8]>, Peer)>>,
    any: Notify,
}

impl Mailbox {
    pub(crate) fn put(&self, bytes: Rc<[u8]>, from: Peer) {
        let mut waiting = self.waiting.borrow_mut();
        if waiting.len() < MOST_WAITING {
            waiting.push_back((bytes, from));
            drop(waiting);
            self.any.notify_one();
        }
    }
}

/// A socket for datagrams on a simulated host; made by [`Simulation::host`](crate::Simulation::host).
#[derive(Debug)]
pub struct SimulatedDatagrams {
    network: Rc<Network>,
    life: Life,
    name: Rc<str>,
    port: u16,
    mailbox: Rc<Mailbox>,
}

impl SimulatedDatagrams {
    pub(crate) fn bind(
        network: &Rc<Network>,
        life: Life,
        port: u16,
    ) -> io::Result<SimulatedDatagrams> {
        let mailbox = Rc::new(Mailbox::default());
        let (name, port) = network.with(life.host, |host| {
            let port = crate::listener::free_port(port, &host.mailboxes)?;
            host.mailboxes.insert(port, Rc::clone(&mailbox));
            io::Result::Ok((Rc::clone(&host.name), port))
        })?;
        Ok(SimulatedDatagrams {
            network: Rc::clone(network),
            life,
            name,
            port,
            mailbox,
        })
    }
}

impl Datagrams for SimulatedDatagrams {
    type Peer = Peer;

    async fn peer(&self, host: &str, port: u16) -> io::Result<Peer> {
        let host = self.network.look_up(host)?;
        Ok((self.network.name(host), port))
    }

    async fn send_to(&self, bytes: &[u8], peer: &Peer) -> io::Result<()> {
        if bytes.len() > LONGEST {
            let why = format!("a datagram has {LONGEST} bytes at most");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
        }
        if !self.network.lives(self.life) {
            return Err(io::ErrorKind::NotConnected.into());
        }
        let to = self.network.look_up(&peer.0)?;
        let load = Load::Datagram {
            from: (Rc::clone(&self.name), self.port),
            port: peer.1,
            bytes: bytes.into(),
        };
        self.network.send(self.life.host, to, bytes.len(), load);
        Ok(())
    }

    #[track_caller]
    fn receive_from(
        &self,
        buffer: &mut [u8],
    ) -> impl Future<Output = io::Result<(usize, Peer)>> {
        located("receive_from", async move {
            loop {
                let next = self.mailbox.waiting.borrow_mut().pop_front();
                if let Some((bytes, from)) = next {
                    let count = bytes.len().min(buffer.len());
                    buffer[..count].copy_from_slice(&bytes[..count]);
                    return Ok((count, from));
                }
                self.mailbox.any.notified().await;
            }
        })
    }
}

impl Drop for SimulatedDatagrams {
    fn drop(&mut self) {
        if self.network.lives(self.life) {
            let port = self.port;
            let gone = |host: &mut crate::network::Host| host.mailboxes.remove(&port);
            drop(self.network.with(self.life.host, gone));
        }
    }
}
