//! Who may call a protocol, and when: what streams and datagrams have in common.
//!
//! A protocol's methods may do anything to their own connection: write until it is to pause, close it, abort it. So none
//! is called while another is at work: the protocol is taken out of its place for each call. What was to be called
//! meanwhile is no list, but follows from how things are when the call ends.

use std::any::Any;
use std::cell::Cell;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Context;

use wakers::{WaiterKey, Waiters, contained, discard, panic_message, report};

use crate::flow::{Flow, Turn};
use crate::{DatagramProtocol, Protocol};

/// What every protocol can be told.
pub(crate) trait Base: Any {
    fn pause_writing(&mut self);
    fn resume_writing(&mut self);
    fn connection_lost(&mut self, error: Option<io::Error>);
}

impl Base for dyn Protocol {
    fn pause_writing(&mut self) {
        Protocol::pause_writing(self);
    }

    fn resume_writing(&mut self) {
        Protocol::resume_writing(self);
    }

    fn connection_lost(&mut self, error: Option<io::Error>) {
        Protocol::connection_lost(self, error);
    }
}

impl Base for dyn DatagramProtocol {
    fn pause_writing(&mut self) {
        DatagramProtocol::pause_writing(self);
    }

    fn resume_writing(&mut self) {
        DatagramProtocol::resume_writing(self);
    }

    fn connection_lost(&mut self, error: Option<io::Error>) {
        DatagramProtocol::connection_lost(self, error);
    }
}

// ANCHOR: calls
/// A protocol, and what is known of its connection.
pub(crate) struct Calls<P: ?Sized> {
    /// Out while it is called, and for good when the connection is lost.
    protocol: Cell<Option<Box<P>>>,
    /// `connection_made` was called.
    made: Cell<bool>,
    flow: Flow,
    /// How many bytes are written and not sent.
    pub(crate) buffered: Cell<usize>,
    /// Nothing is read or written any more; what is buffered is still sent.
    pub(crate) closing: Cell<bool>,
    /// Nothing is sent any more either, and `connection_lost` is to be called.
    pub(crate) ended: Cell<bool>,
    /// With this.
    reason: Cell<Option<io::Error>>,
    /// The connection's task is gone.
    adrift: Cell<bool>,
    /// Where the connection's task waits, and whether it has something to do.
    driver: Waiters,
    called: Cell<bool>,
}
// ANCHOR_END: calls

impl<P: Base + ?Sized> Calls<P> {
    pub(crate) fn new(protocol: Box<P>) -> Calls<P> {
        Calls {
            protocol: Cell::new(Some(protocol)),
            made: Cell::new(false),
            flow: Flow::default(),
            buffered: Cell::new(0),
            closing: Cell::new(false),
            ended: Cell::new(false),
            reason: Cell::new(None),
            adrift: Cell::new(false),
            driver: Waiters::new(),
            called: Cell::new(false),
        }
    }

    /// Calls `connection_made`, once.
    pub(crate) fn make(&self, made: impl FnOnce(&mut P)) {
        if !self.made.replace(true) {
            self.call(made);
        }
    }

    // ANCHOR: call
    /// Calls a method, and after it whatever it has made due. `None` if that is not
    /// possible, or panics.
    pub(crate) fn call<R>(&self, method: impl FnOnce(&mut P) -> R) -> Option<R> {
        let result = self.call_only(method);
        self.tell_flow();
        result
    }

    fn call_only<R>(&self, method: impl FnOnce(&mut P) -> R) -> Option<R> {
        let mut protocol = self.protocol.take()?;
        let result = catch_unwind(AssertUnwindSafe(|| method(&mut *protocol)));
        self.protocol.set(Some(protocol));
        let result = result.map_err(|payload| {
            let message = panic_message(&*payload).unwrap_or("no message");
            let why = format!("the protocol panicked: {message}");
            report("a protocol", payload);
            self.end(Some(io::Error::other(why)));
        });
        if self.adrift.get() {
            discard("a protocol", self.lose());
        }
        result.ok()
    }
    // ANCHOR_END: call

    /// # Panics
    ///
    /// If `low` is above `high`.
    #[track_caller]
    pub(crate) fn set_limits(&self, high: usize, low: usize) {
        self.flow.set_limits(high, low);
        self.tell_flow();
    }

    // ANCHOR: tell-flow
    /// Says that the writer is to pause or to resume, if one of them is due and it can be
    /// told now.
    pub(crate) fn tell_flow(&self) {
        while !self.ended.get() && self.is_at_hand() {
            match self.flow.turn(self.buffered.get()) {
                Some(Turn::Pause) => self.call_only(P::pause_writing),
                Some(Turn::Resume) => self.call_only(P::resume_writing),
                None => return,
            };
        }
    }
    // ANCHOR_END: tell-flow

    /// Whether no method of the protocol is at work.
    fn is_at_hand(&self) -> bool {
        let protocol = self.protocol.take();
        let is_at_hand = protocol.is_some();
        self.protocol.set(protocol);
        is_at_hand
    }

    // ANCHOR: end
    /// Closes: what is buffered is still sent.
    pub(crate) fn close(&self) {
        self.closing.set(true);
        self.wake();
    }

    /// Ends at once, and says why. What was said first holds.
    pub(crate) fn end(&self, reason: Option<io::Error>) {
        if !self.ended.replace(true) {
            self.reason.set(reason);
        }
        self.buffered.set(0);
        self.close();
    }

    /// Calls `connection_lost`, and gives the protocol back. `None` if that was done before,
    /// or a method is at work.
    pub(crate) fn lose(&self) -> Option<Box<P>> {
        let mut protocol = self.protocol.take()?;
        if self.made.get() {
            let reason = self.reason.take();
            contained("a protocol", || protocol.connection_lost(reason));
        }
        Some(protocol)
    }
    // ANCHOR_END: end

    // ANCHOR: cut-off
    /// The connection's task is gone, before or after its end.
    pub(crate) fn cut_off(&self) {
        self.adrift.set(true);
        self.end(Some(io::Error::new(
            io::ErrorKind::ConnectionAborted,
            "the task of the connection was cancelled",
        )));
        let protocol = self.lose();
        // Foreign code, which may hold the last handle of this very connection.
        discard("a protocol", protocol);
    }
    // ANCHOR_END: cut-off

    // ANCHOR: wake
    /// There is something to do for the connection's task.
    pub(crate) fn wake(&self) {
        self.called.set(true);
        self.driver.wake_all();
    }

    /// What the connection's task does before it looks what there is to do.
    pub(crate) fn answer(&self) {
        self.called.set(false);
    }

    /// Whether the connection's task may wait, having found nothing to do: it is woken then
    /// by [`wake`](Calls::wake).
    pub(crate) fn may_wait(&self, key: &mut WaiterKey, context: &Context<'_>) -> bool {
        self.driver.register(key, context.waker());
        // The clone of a waker is foreign code.
        !self.called.get()
    }
    // ANCHOR_END: wake

    pub(crate) fn forget(&self, key: &mut WaiterKey) {
        self.driver.cancel(key);
    }
}
