//! What wakes tasks: timers, sockets and mail.

use std::cell::Cell;
use std::io;
use std::num::NonZeroU64;

use timeline::{Mail, Outcome, Way, What};

use super::here;
use crate::record::{PICTURED, Recorder, record, record_anywhere};

#[derive(Debug, Default)]
pub struct Heap(Cell<u32>);

impl Heap {
    pub const fn new() -> Heap {
        Heap(Cell::new(0))
    }

    pub fn set(
        &self,
        sequence: NonZeroU64,
        deadline: u64,
        keys: impl Iterator<Item = NonZeroU64>,
    ) {
        record(|r| {
            if self.0.get() == 0 {
                self.0.set(r.new_heap());
            }
            let timer = r.new_timer((self.0.get(), sequence.get()), deadline);
            let heap = self.keys(r, keys);
            r.push(What::TimerSet {
                timer,
                deadline,
                by: here(),
                heap,
            });
        });
    }

    pub fn fired(&self, sequence: NonZeroU64, keys: impl Iterator<Item = NonZeroU64>) {
        record(|r| {
            let heap = self.keys(r, keys);
            r.fire((self.0.get(), sequence.get()), heap);
        });
    }

    pub fn cancelled(
        &self,
        sequence: NonZeroU64,
        keys: impl Iterator<Item = NonZeroU64>,
    ) {
        record(|r| {
            let timer = r.timer((self.0.get(), sequence.get()));
            let heap = self.keys(r, keys);
            r.push(What::TimerCancelled { timer, heap });
        });
    }

    fn keys(
        &self,
        r: &Recorder,
        keys: impl Iterator<Item = NonZeroU64>,
    ) -> Option<Vec<u32>> {
        let keys: Vec<NonZeroU64> = keys.take(PICTURED + 1).collect();
        let few = r.has_few_events() && keys.len() <= PICTURED;
        let timer = |key: NonZeroU64| r.timer((self.0.get(), key.get()));
        few.then(|| keys.into_iter().map(timer).collect())
    }
}

#[derive(Debug, Default)]
pub struct Socket(Cell<u32>);

impl Socket {
    pub fn opened<S>(&self) {
        // Of a descriptor in a wrapper, its own.
        let name = std::any::type_name::<S>().trim_end_matches('>');
        let name = match name.rsplit("::").next().unwrap_or(name) {
            "TcpListener" => "listener".to_string(),
            "TcpStream" => "stream".to_string(),
            other => other.to_string(),
        };
        record(|r| {
            let socket = r.new_socket();
            self.0.set(socket);
            r.push(What::SocketOpened { socket, name });
        });
    }

    pub fn tried<T>(&self, read: bool, result: &io::Result<T>) {
        let (socket, way) = (self.0.get(), way(read));
        let outcome = match result {
            Ok(_) => Outcome::Done,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                Outcome::WouldBlock
            }
            Err(_) => Outcome::Failed,
        };
        record(|r| {
            r.push(What::Tried {
                socket,
                way,
                outcome,
            })
        });
    }

    pub fn ready(&self, read: bool, closed: bool) {
        let (socket, way) = (self.0.get(), way(read));
        record(|r| {
            r.push(What::Ready {
                socket,
                way,
                closed,
            });
            r.told(socket);
        });
    }

    pub fn closed(&self) {
        record(|r| {
            r.push(What::SocketClosed {
                socket: self.0.get(),
            })
        });
    }
}

/// The number of an inbox of this process; 0 if its loop is not recorded.
#[derive(Debug, Default)]
pub struct Inbox(u32);

thread_local! {
    /// What this thread puts into an inbox next.
    static POSTED: Cell<Option<(Mail, u32)>> = const { Cell::new(None) };
}

pub(super) fn posted(what: Mail, task: u32) {
    POSTED.set(Some((what, task)));
}

impl Inbox {
    pub fn new() -> Inbox {
        Inbox(record(Recorder::new_inbox))
    }

    pub fn mailed(&self) {
        let (what, task) = match POSTED.take() {
            Some((what, task)) => (what, Some(task)),
            None => (Mail::Call, None),
        };
        let by = here();
        record_anywhere(|r| r.mailed(self.0, (what, task), by));
    }

    pub fn returned(&self) {
        POSTED.take();
    }

    pub fn read(&self) {
        record(|r| r.read(self.0));
    }

    pub fn closed(&self) {
        record(|r| r.close(self.0));
    }
}

fn way(read: bool) -> Way {
    if read { Way::Read } else { Way::Write }
}
