//! Being called, on simulated hosts.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::rc::Rc;
use std::time::Duration;

use taxi::net::located;
use taxi::sync::Notify;

use crate::network::{HostId, Life, Load, Network};
use crate::stream::{Connection, Side, SimulatedStream};
use crate::world::Listener;

/// How many callers wait to be accepted at most; who calls then is not heard, and calls again.
const MOST_WAITING: usize = 128;
/// How long a caller waits before it calls again, the first time; then twice as long, and so on: as on Linux.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// How often it calls: for 127 s in all.
const CALLS: u32 = 7;

/// Where a program is called: whoever has called and was not accepted yet.
#[derive(Debug, Default)]
pub(crate) struct Port {
    waiting: RefCell<VecDeque<Rc<Connection>>>,
    any: Notify,
}

/// A port that nobody has: `wanted`, or, for 0, any.
pub(crate) fn free_port<T>(wanted: u16, taken: &BTreeMap<u16, T>) -> io::Result<u16> {
    let free = |port: &u16| !taken.contains_key(port);
    let found = match wanted {
        0 => (49_152..=u16::MAX).find(free),
        port => Some(port).filter(free),
    };
    found.ok_or_else(|| io::ErrorKind::AddrInUse.into())
}

/// Listens on a simulated host; made by [`Simulation::host`](crate::Simulation::host).
#[derive(Debug)]
pub struct SimulatedListener {
    network: Rc<Network>,
    life: Life,
    number: u16,
    port: Rc<Port>,
}

impl SimulatedListener {
    pub(crate) fn bind(
        network: &Rc<Network>,
        life: Life,
        number: u16,
    ) -> io::Result<SimulatedListener> {
        let port = Rc::new(Port::default());
        let number = network.with(life.host, |host| {
            let number = free_port(number, &host.ports)?;
            host.ports.insert(number, Rc::clone(&port));
            io::Result::Ok(number)
        })?;
        Ok(SimulatedListener {
            network: Rc::clone(network),
            life,
            number,
            port,
        })
    }
}

impl Listener for SimulatedListener {
    type Stream = SimulatedStream;

    #[track_caller]
    fn accept(&self) -> impl Future<Output = io::Result<SimulatedStream>> {
        located("accept", async {
            loop {
                let next = self.port.waiting.borrow_mut().pop_front();
                if let Some(connection) = next {
                    let network = Rc::clone(&self.network);
                    return Ok(SimulatedStream::new(network, connection, Side::Called));
                }
                self.port.any.notified().await;
            }
        })
    }
}

impl Drop for SimulatedListener {
    fn drop(&mut self) {
        if !self.network.lives(self.life) {
            return;
        }
        let number = self.number;
        let port = self
            .network
            .with(self.life.host, |it| it.ports.remove(&number));
        drop(port);
        // Nobody will accept them.
        for connection in self.port.waiting.take() {
            connection.send_reset(&self.network, Side::Called);
        }
    }
}

/// One attempt to get a stream.
pub(crate) struct Call {
    caller: Life,
    port: u16,
    /// What the called host has made of it, so that a second packet makes no second stream.
    made: RefCell<Option<Rc<Connection>>>,
    answer: RefCell<Option<io::Result<Rc<Connection>>>>,
    /// The caller has its stream, or an error.
    done: Cell<bool>,
    /// The caller waits no more, and has nothing.
    given_up: Cell<bool>,
    answered: Notify,
}

impl Call {
    // ANCHOR: connect
    /// Calls, again and again, until there is an answer.
    pub(crate) async fn connect(
        network: Rc<Network>,
        caller: Life,
        host: HostId,
        port: u16,
    ) -> io::Result<SimulatedStream> {
        let call = Rc::new(Call {
            caller,
            port,
            made: RefCell::default(),
            answer: RefCell::default(),
            done: Cell::new(false),
            given_up: Cell::new(false),
            answered: Notify::new(),
        });
        let _given_up = GivesUp(Rc::clone(&call), Rc::clone(&network));
        for attempt in 0..CALLS {
            network.send(caller.host, host, 0, Load::Call(Rc::clone(&call)));
            let wait = FIRST_WAIT * (1 << attempt);
            if taxi::time::timeout(wait, call.answered.notified())
                .await
                .is_ok()
            {
                let answer = call.answer.borrow_mut().take();
                call.done.set(true);
                let connection = answer.expect("it was notified of one")?;
                return Ok(SimulatedStream::new(network, connection, Side::Caller));
            }
        }
        Err(io::ErrorKind::TimedOut.into())
    }
    // ANCHOR_END: connect

    /// It arrives at the host that is called.
    pub(crate) fn arrive(self: &Rc<Call>, network: &Rc<Network>, called: HostId) {
        let port = network.with(called, |it| it.ports.get(&self.port).cloned());
        let made = self.made.borrow().clone();
        // Not what the host made before it crashed.
        let made = made.filter(|it| network.lives(it.life(Side::Called)));
        let connection = match (made, port) {
            (Some(connection), _) => Some(connection),
            (None, None) => None,
            (None, Some(port)) => {
                if port.waiting.borrow().len() >= MOST_WAITING {
                    return;
                }
                let number = network.with(called, |it| it.life);
                let called = Life {
                    host: called,
                    number,
                };
                let connection = Rc::new(Connection::new(self.caller, called));
                self.made.replace(Some(Rc::clone(&connection)));
                port.waiting.borrow_mut().push_back(Rc::clone(&connection));
                port.any.notify_one();
                Some(connection)
            }
        };
        let answer = Load::Answer(Rc::clone(self), connection);
        network.send(called, self.caller.host, 0, answer);
    }

    /// The answer has come back.
    pub(crate) fn answered(
        &self,
        network: &Rc<Network>,
        connection: Option<Rc<Connection>>,
    ) {
        if self.done.get() {
            return;
        }
        if self.given_up.get() || !network.lives(self.caller) {
            if let Some(connection) = connection {
                connection.send_reset(network, Side::Caller);
            }
            return;
        }
        let mut answer = self.answer.borrow_mut();
        if answer.is_none() {
            let refused = || io::ErrorKind::ConnectionRefused.into();
            *answer = Some(connection.ok_or_else(refused));
            drop(answer);
            self.answered.notify_one();
        }
    }
}

/// Whoever called waits no more.
struct GivesUp(Rc<Call>, Rc<Network>);

impl Drop for GivesUp {
    fn drop(&mut self) {
        let GivesUp(call, network) = self;
        if !call.done.get() {
            call.given_up.set(true);
            let answer = call.answer.borrow_mut().take();
            if let Some(Ok(connection)) = answer {
                connection.send_reset(network, Side::Caller);
            }
        }
    }
}
