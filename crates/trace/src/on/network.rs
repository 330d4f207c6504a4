//! What passes between simulated hosts.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::ops::Range;

use timeline::What;

use crate::record::{MAIN, Recorder, record_anywhere};

thread_local! {
    /// The simulated host that runs on this thread, counted from 1.
    static HOST: Cell<Option<u32>> = const { Cell::new(None) };
    /// What it sends next, and whether that is a heartbeat.
    static ABOUT: RefCell<Option<(String, bool)>> = const { RefCell::new(None) };
}

/// The simulated host that runs.
pub(super) fn current() -> Option<u32> {
    HOST.try_with(Cell::get).ok().flatten()
}

/// A host is counted from 0 by its network, and from 1 here.
fn number(host: usize) -> u32 {
    u32::try_from(host + 1).unwrap_or(u32::MAX)
}

#[derive(Debug, Default)]
pub struct Network {
    recorded: bool,
}

impl Network {
    pub fn new() -> Network {
        let first = |r: &mut Recorder| !std::mem::replace(&mut r.has_network, true);
        Network {
            recorded: MAIN.get() && record_anywhere(first),
        }
    }

    fn record<T: Default>(&self, f: impl FnOnce(&mut Recorder) -> T) -> T {
        match self.recorded {
            true => record_anywhere(f),
            false => T::default(),
        }
    }

    pub fn clock(&self, nanos: u64) {
        self.record(|r| r.network_clock(nanos));
    }

    pub fn started(&self, host: usize, name: &str) {
        let (host, name) = (number(host), name.to_string());
        self.record(|r| r.host_started(host, name));
    }

    pub fn stopped(&self, host: usize, power: bool) {
        let host = number(host);
        self.record(|r| r.host_stopped(host, power));
    }

    pub fn ended(&self, host: usize) {
        let host = number(host);
        self.record(|r| r.push(What::HostEnded { host }));
    }

    pub fn runs(&self, host: usize) -> HostRuns {
        let host = self.recorded.then(|| number(host));
        HostRuns(HOST.replace(host))
    }

    pub fn sent<D: fmt::Display>(
        &self,
        (from, to): (usize, usize),
        copies: usize,
        carries: impl FnOnce() -> D,
    ) -> Message {
        let about = ABOUT.take();
        // Formatting is foreign code, so it is done before the recorder is locked.
        let (about, again) = match about {
            _ if !self.recorded => return Message(0),
            Some(about) => about,
            None => (carries().to_string(), false),
        };
        let way = (number(from), number(to));
        Message(self.record(|r| r.sent(way, copies, about, again)))
    }

    pub fn began<'f>(
        &self,
        fault: &dyn fmt::Display,
        hosts: impl FnOnce() -> Vec<&'f str>,
        cuts: bool,
    ) {
        if self.recorded {
            let (what, hosts) = (fault.to_string(), hosts());
            self.record(|r| r.fault_began(what, &hosts, cuts));
        }
    }

    pub fn healed(&self) {
        self.record(Recorder::healed);
    }

    pub fn over(&self, fault: &dyn fmt::Display) {
        if self.recorded {
            let what = fault.to_string();
            self.record(|r| r.fault_over(&what));
        }
    }
}

/// Who ran before.
#[must_use = "the host runs until this is dropped"]
pub struct HostRuns(Option<u32>);

impl Drop for HostRuns {
    fn drop(&mut self) {
        HOST.set(self.0);
    }
}

/// Its number; 0 if it is not recorded.
#[derive(Debug, Clone, Copy, Default)]
pub struct Message(u32);

impl Message {
    pub fn arrived(self) {
        let message = self.0;
        if message > 0 {
            record_anywhere(|r| r.push(What::Arrived { message }));
        }
    }

    pub fn lost(self) {
        let message = self.0;
        if message > 0 {
            record_anywhere(|r| r.push(What::Lost { message }));
        }
    }
}

fn say(what: fmt::Arguments<'_>, again: bool) {
    if HOST.get().is_some() {
        let what = what.to_string();
        ABOUT.set(Some((what, again)));
    }
}

pub fn about(what: fmt::Arguments<'_>) {
    say(what, false);
}

pub fn heartbeat(what: fmt::Arguments<'_>) {
    say(what, true);
}

pub fn host_is(what: fmt::Arguments<'_>, leads: bool) {
    if let Some(host) = HOST.get() {
        let what = what.to_string();
        record_anywhere(|r| r.host_is(host, what, leads));
    }
}

pub fn network_between(from: u64, to: u64) {
    let nanos = |millis: u64| millis.saturating_mul(1_000_000);
    let within: Range<u64> = nanos(from)..nanos(to);
    record_anywhere(|r| r.between.within = Some(within));
}
