//! A stream between simulated hosts: what is lost is sent again, and what comes early waits for what is before it.

use std::cell::{Ref, RefCell, RefMut};
use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::rc::Rc;
use std::task::Waker;
use std::time::Duration;

use crate::network::{Due, Life, Load, Network};

mod halves;

pub use halves::{SimulatedReads, SimulatedStream, SimulatedWrites};

/// How much a packet carries, as over Ethernet.
const MOST_IN_A_PART: usize = 1460;
/// How many bytes may be on their way and unread, in one direction.
const WINDOW: usize = 64 * 1024;
/// After so many bytes that were read, the sender is told that there is room.
const ROOM_TO_TELL: usize = WINDOW / 4;
/// How long after a round trip a part that was not seen to arrive is sent again; then after twice as long, and so on.
const FIRST_WAIT: Duration = Duration::from_millis(200);
/// But never after more than this.
const LONGEST_WAIT: Duration = Duration::from_secs(120);
/// How often it is sent again before the stream is given up, some 15 minutes in all: these figures are Linux's.
const RETRIES: u32 = 15;

/// One of the two sides of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Caller,
    Called,
}

impl Side {
    pub(crate) fn other(self) -> Side {
        match self {
            Side::Caller => Side::Called,
            Side::Called => Side::Caller,
        }
    }
}

// ANCHOR: connection
/// Both sides of a stream.
pub(crate) struct Connection {
    lives: [Life; 2],
    ends: [RefCell<End>; 2],
}
// ANCHOR_END: connection

// ANCHOR: end
/// What one side knows.
#[derive(Default)]
struct End {
    /// What was sent, and not seen to arrive.
    unseen: BTreeMap<u64, Part>,
    /// How many parts were sent.
    sent: u64,
    /// How many bytes are on their way, or have not been read by the other side.
    on_way: usize,
    /// Nothing more is sent.
    shut: bool,
    /// What came before its time.
    early: BTreeMap<u64, Part>,
    /// The number of the part that is next.
    next: u64,
    /// What can be read.
    unread: VecDeque<u8>,
    /// What was read, and not told to the other side.
    taken: usize,
    /// Nothing more comes.
    ended: bool,
    /// The stream is broken.
    broken: Option<io::ErrorKind>,
    /// The program has let go of its halves.
    gone: bool,
    reader: Option<Waker>,
    writer: Option<Waker>,
}
// ANCHOR_END: end

// ANCHOR: part
/// A piece of what is sent, or, if it is empty, the end.
#[derive(Clone)]
struct Part {
    bytes: Rc<[u8]>,
    tries: u32,
}
// ANCHOR_END: part

fn wake(waker: Option<Waker>) {
    if let Some(waker) = waker {
        waker.wake();
    }
}

impl Connection {
    pub(crate) fn new(caller: Life, called: Life) -> Connection {
        Connection {
            lives: [caller, called],
            ends: Default::default(),
        }
    }

    pub(crate) fn life(&self, side: Side) -> Life {
        self.lives[side as usize]
    }

    fn end(&self, side: Side) -> RefMut<'_, End> {
        self.ends[side as usize].borrow_mut()
    }

    fn look(&self, side: Side) -> Ref<'_, End> {
        self.ends[side as usize].borrow()
    }

    // ANCHOR: send-part
    /// `side` sends a part, for the first time or again.
    fn send_part(self: &Rc<Connection>, network: &Network, side: Side, number: u64) {
        let mut end = self.end(side);
        let Some(part) = end.unseen.get_mut(&number) else {
            return;
        };
        part.tries += 1;
        let size = part.bytes.len();
        drop(end);
        let [from, to] = [side, side.other()].map(|it| self.life(it).host);
        let load = Load::Part(Rc::clone(self), side.other(), number);
        if !network.send(from, to, size, load) {
            self.try_again(network, side, number);
        }
    }
    // ANCHOR_END: send-part

    // ANCHOR: try-again
    /// `side` will send a part again, since it has not seen it arrive.
    pub(crate) fn try_again(
        self: &Rc<Connection>,
        network: &Network,
        side: Side,
        number: u64,
    ) {
        let end = self.look(side);
        let Some(part) = end.unseen.get(&number) else {
            return;
        };
        let again = Due::Again(Rc::clone(self), side, number);
        network.schedule_in(self.wait(network, part.tries), again);
    }

    /// How long to wait before something is sent again that was sent so often.
    fn wait(&self, network: &Network, tries: u32) -> Duration {
        let [one, other] = self.lives.map(|it| it.host);
        let first = FIRST_WAIT + network.round_trip(one, other);
        let wait = first.saturating_mul(1 << (tries - 1).min(20));
        wait.min(LONGEST_WAIT)
    }
    // ANCHOR_END: try-again

    /// It is time to send a part again.
    pub(crate) fn again(self: &Rc<Connection>, network: &Network, side: Side, part: u64) {
        if !network.lives(self.life(side)) {
            return;
        }
        let tries = self.look(side).unseen.get(&part).map(|it| it.tries);
        match tries {
            None => {}
            Some(tries) if tries > RETRIES => {
                self.break_off(side, io::ErrorKind::TimedOut)
            }
            Some(_) => self.send_part(network, side, part),
        }
    }

    // ANCHOR: arrive
    /// A part arrives for `side`.
    pub(crate) fn arrive(
        self: &Rc<Connection>,
        network: &Network,
        side: Side,
        number: u64,
    ) {
        let (here, sender) = (self.life(side), side.other());
        let part = self.look(sender).unseen.get(&number).cloned();
        let is_data = part.as_ref().is_some_and(|it| !it.bytes.is_empty());
        let refused = {
            let end = self.look(side);
            (end.gone && is_data) || end.broken.is_some()
        };
        if !network.lives(here) || refused {
            // Nobody here knows this stream.
            self.send_reset(network, side);
            return self.try_again(network, sender, number);
        }
        let waker = part.and_then(|part| self.end(side).take_in(number, part));
        wake(waker);
        // The sender sees it only if there is a way back.
        if network.is_cut(here.host, self.life(sender).host) {
            self.try_again(network, sender, number);
        } else {
            self.end(sender).unseen.remove(&number);
        }
    }
    // ANCHOR_END: arrive

    /// `side` tells the other that the stream is over. Sent once: who misses it finds out when it sends.
    pub(crate) fn send_reset(self: &Rc<Connection>, network: &Network, side: Side) {
        let [from, to] = [side, side.other()].map(|it| self.life(it).host);
        let load = Load::Reset(Rc::clone(self), side.other());
        network.send(from, to, 0, load);
    }

    /// `side` is told that the stream is over.
    pub(crate) fn reset(&self, network: &Network, side: Side) {
        if network.lives(self.life(side)) {
            self.break_off(side, io::ErrorKind::ConnectionReset);
        }
    }

    fn break_off(&self, side: Side, why: io::ErrorKind) {
        let mut end = self.end(side);
        end.broken.get_or_insert(why);
        end.unseen.clear();
        let (reader, writer) = (end.reader.take(), end.writer.take());
        drop(end);
        wake(reader);
        wake(writer);
    }

    // ANCHOR: room
    /// `side` tells the other how much it has read. If that is lost, it is told again, or
    /// goes along with the next: the other one would wait for ever. (In TCP, who waits for
    /// room asks for it.)
    fn tell_room(self: &Rc<Connection>, network: &Network, side: Side, tries: u32) {
        let room = std::mem::take(&mut self.end(side).taken);
        let [from, to] = [side, side.other()].map(|it| self.life(it).host);
        let load = Load::Room(Rc::clone(self), side.other(), room);
        if network.send(from, to, 0, load) {
            return;
        }
        self.end(side).taken += room;
        if tries <= RETRIES {
            let again = Due::RoomAgain(Rc::clone(self), side, tries + 1);
            network.schedule_in(self.wait(network, tries), again);
        }
    }
    // ANCHOR_END: room

    /// It is time to tell again how much was read.
    pub(crate) fn room_again(
        self: &Rc<Connection>,
        network: &Network,
        side: Side,
        tries: u32,
    ) {
        let end = self.look(side);
        let open = end.broken.is_none() && !end.gone && !end.ended;
        let untold = end.taken >= ROOM_TO_TELL;
        drop(end);
        if open && untold && network.lives(self.life(side)) {
            self.tell_room(network, side, tries);
        }
    }

    /// The other side has read so much of what `side` has sent.
    pub(crate) fn room(&self, side: Side, bytes: usize) {
        let mut end = self.end(side);
        end.on_way = end.on_way.saturating_sub(bytes);
        let writer = end.writer.take();
        drop(end);
        wake(writer);
    }

    /// The program lets go of `side`: what it has sent is still delivered, and the end of it is told.
    fn let_go(self: &Rc<Connection>, network: &Network, side: Side) {
        let life = self.life(side);
        if !network.lives(life) {
            return;
        }
        let killed = network.with(life.host, |it| it.killed);
        let mut end = self.end(side);
        end.gone = true;
        let wakers = (end.reader.take(), end.writer.take());
        let (unread, broken) = (!end.unread.is_empty(), end.broken.is_some());
        if unread || killed {
            end.unseen.clear();
        }
        drop(end);
        drop(wakers);
        match broken {
            true => {}
            false if unread || killed => self.send_reset(network, side),
            false => self.shut(network, side),
        }
    }

    /// `side` sends nothing more.
    fn shut(self: &Rc<Connection>, network: &Network, side: Side) {
        if self.look(side).shut || self.look(side).broken.is_some() {
            return;
        }
        self.end(side).shut = true;
        self.send(network, side, &[]);
    }

    fn send(self: &Rc<Connection>, network: &Network, side: Side, bytes: &[u8]) {
        let mut end = self.end(side);
        let number = end.sent;
        end.sent += 1;
        end.on_way += bytes.len();
        let part = Part {
            bytes: bytes.into(),
            tries: 0,
        };
        end.unseen.insert(number, part);
        drop(end);
        self.send_part(network, side, number);
    }
}

impl End {
    // ANCHOR: take-in
    /// Takes in a part that has arrived. Whoever waits for bytes is to be woken.
    fn take_in(&mut self, number: u64, part: Part) -> Option<Waker> {
        // hole: in-order — a part that was here already changes nothing; one that is early waits for those before it
        // tried by: echo, retransmission
        // also: simulation
        if number >= self.next {
            self.early.insert(number, part);
        }
        while let Some(part) = self.early.remove(&self.next) {
            self.next += 1;
            self.unread.extend(&*part.bytes);
            self.ended |= part.bytes.is_empty();
        }
        let any = self.ended || !self.unread.is_empty();
        self.reader.take_if(|_| any)
        // end hole
    }
    // ANCHOR_END: take-in
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let lives = &self.lives;
        f.debug_struct("Connection").field("lives", lives).finish()
    }
}
