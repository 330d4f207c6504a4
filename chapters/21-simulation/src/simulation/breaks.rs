//! What goes wrong: faults begin and end, hosts stop and start.

use super::{Simulation, known};
use crate::event::What;
use crate::fault::Fault;
use crate::host::{Running, stop};
use crate::network::{Due, HostId, Life, Network, Order};

impl Simulation {
    /// Does what was asked for, now that nobody runs.
    pub(super) fn obey(&mut self) {
        loop {
            let order = self.network.orders.borrow_mut().pop_front();
            match order {
                None => return,
                Some(Order::Begin(fault)) => self.begin(&fault),
                Some(Order::For(fault, lasts)) => {
                    self.happen(Due::Begins(fault, lasts));
                }
                Some(Order::Heal) => {
                    self.network.traced.healed();
                    self.network.mend_all();
                }
                Some(Order::Restart(host)) => self.start(known(&self.network, &host)),
            }
        }
    }

    pub(super) fn happen(&mut self, due: Due) {
        let network = &self.network;
        network.traced.clock(network.now.get().as_nanos());
        match due {
            Due::Packet(packet) => network.arrive(packet),
            Due::Again(stream, side, part) => stream.again(network, side, part),
            Due::RoomAgain(stream, side, tries) => {
                stream.room_again(network, side, tries);
            }
            Due::Begins(fault, lasts) => {
                self.begin(&fault);
                self.network.schedule_in(lasts, Due::Over(fault));
            }
            Due::Over(fault) => self.end(&fault),
        }
    }

    fn begin(&mut self, fault: &Fault) {
        self.network.tell(What::Began(fault.clone()));
        let traced = &self.network.traced;
        traced.began(fault, || fault.hosts(), fault.cuts());
        match fault {
            Fault::Crash(host) => self.crash(host),
            Fault::Kill(host) => self.kill(host),
            Fault::Drift { host, ppm } => self.network.drift(host, *ppm),
            Fault::Cut { .. } | Fault::Partition(_) => {
                self.network.each_cut(fault, Network::cut);
            }
        }
    }

    fn end(&mut self, fault: &Fault) {
        self.network.tell(What::Over(fault.clone()));
        self.network.traced.over(fault);
        match fault {
            Fault::Crash(host) | Fault::Kill(host) => {
                self.start(known(&self.network, host));
            }
            Fault::Drift { host, .. } => self.network.drift(host, 0),
            Fault::Cut { .. } | Fault::Partition(_) => {
                self.network.each_cut(fault, Network::mend);
            }
        }
    }

    // ANCHOR: crash
    /// The power goes: nobody is told, and the disk has what it has.
    fn crash(&mut self, host: &str) {
        let host = known(&self.network, host);
        self.network.with(host, |it| {
            it.up = false;
            it.disk.crash(&mut it.disk_dice);
        });
        self.end_tasks(host);
        self.network.traced.stopped(host, true);
    }

    /// The operating system ends the program: it resets its streams, and has all that
    /// was written.
    fn kill(&mut self, host: &str) {
        let host = known(&self.network, host);
        self.network.with(host, |it| it.killed = true);
        self.end_tasks(host);
        self.network.traced.stopped(host, false);
        self.network
            .with(host, |it| (it.killed, it.life) = (false, it.life + 1));
    }

    pub(super) fn end_tasks(&mut self, host: HostId) {
        let running = self.hosts[host].running.take();
        stop(running);
        let ports = self.network.with(host, |it| {
            let mailboxes = std::mem::take(&mut it.mailboxes);
            (std::mem::take(&mut it.ports), mailboxes)
        });
        drop(ports);
    }
    // ANCHOR_END: crash

    // ANCHOR: start
    pub(super) fn start(&mut self, host: HostId) {
        if self.hosts[host].running.is_some() {
            return;
        }
        let number = self.network.with(host, |it| {
            it.up = true;
            it.life += 1;
            it.life
        });
        let name = self.network.name(host);
        self.network.traced.started(host, &name);
        self.network.tell(What::Started { host: name });
        let life = Life { host, number };
        let machine = &mut self.hosts[host];
        machine.running = Some(Running::start(
            &self.network,
            life,
            &machine.program,
            &self.ready,
        ));
    }
    // ANCHOR_END: start
}
