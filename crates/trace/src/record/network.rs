//! What is noted of a simulated network.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use timeline::What;

use super::Recorder;

/// What was noted between simulated hosts.
#[derive(Default)]
pub(crate) struct Between {
    /// When it is noted what happens, but for hosts that start and stop; `None`: always.
    pub within: Option<Range<u64>>,
    /// That has begun.
    open: bool,
    messages: u32,
    /// The hosts' names.
    names: Vec<String>,
    /// The last heartbeat of each way, and how many of it got through.
    heartbeats: HashMap<(u32, u32), (String, usize)>,
    /// What each host has said of itself.
    said: BTreeMap<u32, (String, bool)>,
    /// How many faults have begun, and how many of them are noted.
    begun: u32,
    faults: u32,
    /// Those that last.
    lasting: Vec<Lasting>,
    /// The fault that has stopped each host that does not run.
    stopped_by: HashMap<u32, u32>,
}

/// A fault that lasts.
struct Lasting {
    /// In the order in which they began.
    order: u32,
    /// Its number, if it is noted.
    fault: Option<u32>,
    what: String,
    hosts: Vec<u32>,
    /// It cuts what is between hosts.
    cuts: bool,
}

impl Recorder {
    /// The clock of the network. It shows nothing in the events, but the time of those that follow.
    pub(crate) fn network_clock(&mut self, nanos: u64) {
        self.started = None;
        self.now = nanos;
        let starts = |it: &Range<u64>| nanos >= it.start;
        if !self.between.open && self.between.within.as_ref().is_none_or(starts) {
            self.between.open = true;
            self.open();
        }
    }

    /// What there is as it begins to be noted.
    fn open(&mut self) {
        let lasting = std::mem::take(&mut self.between.lasting);
        for mut it in lasting {
            it.fault = Some(self.new_fault(it.what.clone(), it.hosts.clone()));
            self.between.lasting.push(it);
        }
        for (host, (what, leads)) in self.between.said.clone() {
            self.push(What::HostIs { host, what, leads });
        }
    }

    fn new_fault(&mut self, what: String, hosts: Vec<u32>) -> u32 {
        self.between.faults += 1;
        let fault = self.between.faults;
        self.push(What::FaultBegan { fault, hosts, what });
        fault
    }

    /// The number of a message; 0 if it is not noted.
    pub(crate) fn sent(
        &mut self,
        (from, to): (u32, u32),
        copies: usize,
        about: String,
        again: bool,
    ) -> u32 {
        let now = self.now;
        let between = &mut self.between;
        if between.within.as_ref().is_some_and(|it| !it.contains(&now)) {
            return 0;
        }
        if again {
            let beat = (about.clone(), copies.min(1));
            let before = between.heartbeats.insert((from, to), beat.clone());
            if before == Some(beat) {
                return 0;
            }
        }
        between.messages += 1;
        let (message, twice) = (between.messages, copies > 1);
        self.push(What::Sent {
            message,
            from,
            to,
            about,
            twice,
        });
        message
    }

    pub(crate) fn host_is(&mut self, host: u32, what: String, leads: bool) {
        let said = (what.clone(), leads);
        let before = self.between.said.insert(host, said.clone());
        if before != Some(said) && self.between.open {
            self.push(What::HostIs { host, what, leads });
        }
    }

    pub(crate) fn host_started(&mut self, host: u32, name: String) {
        // Whoever starts a host by hand ends what has stopped it.
        if let Some(by) = self.between.stopped_by.remove(&host) {
            self.faults_over(|it| it.order == by);
        }
        if host as usize > self.between.names.len() {
            self.between.names.push(name.clone());
        }
        // Without a time to wait for, from the first host on.
        self.between.open |= self.between.within.is_none();
        self.push(What::HostStarted { host, name });
    }

    pub(crate) fn host_stopped(&mut self, host: u32, power: bool) {
        let fault = self.between.begun;
        self.between.stopped_by.insert(host, fault);
        self.between.said.remove(&host);
        self.push(What::HostStopped { host, power });
    }

    pub(crate) fn fault_began(&mut self, what: String, hosts: &[&str], cuts: bool) {
        let names = (1..).zip(&self.between.names);
        let about = names.filter(|(_, name)| hosts.contains(&&***name));
        let hosts: Vec<u32> = about.map(|(host, _)| host).collect();
        self.between.begun += 1;
        let order = self.between.begun;
        let noted = self.between.open.then(|| (what.clone(), hosts.clone()));
        let fault = noted.map(|(what, hosts)| self.new_fault(what, hosts));
        self.between.lasting.push(Lasting {
            order,
            fault,
            what,
            hosts,
            cuts,
        });
    }

    /// The oldest fault of these words is over.
    pub(crate) fn fault_over(&mut self, what: &str) {
        let mut lasting = self.between.lasting.iter();
        if let Some(order) = lasting.find(|it| it.what == what).map(|it| it.order) {
            self.faults_over(|it| it.order == order);
        }
    }

    /// All that cut something are over.
    pub(crate) fn healed(&mut self) {
        self.faults_over(|it| it.cuts);
    }

    fn faults_over(&mut self, is_over: impl Fn(&Lasting) -> bool) {
        let lasting = std::mem::take(&mut self.between.lasting);
        let (over, lasting) = lasting.into_iter().partition(is_over);
        self.between.lasting = lasting;
        let over: Vec<Lasting> = over;
        for fault in over.into_iter().filter_map(|it| it.fault) {
            self.push(What::FaultOver { fault });
        }
    }
}
