//! Simulated hosts, and what is between them.

use crate::What;
use crate::apply::{ensure, index, is_next};

/// What is known of a simulated host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host<'t> {
    /// What it is called.
    pub name: &'t str,
    /// It has power: what is sent to it arrives.
    pub up: bool,
    /// Its program runs, or has come to its end.
    pub runs: bool,
    /// Its program has ended, since it started last.
    pub ended: bool,
    /// What it says of itself; empty at first, and after a stop.
    pub what: &'t str,
    /// It leads the others.
    pub leads: bool,
}

/// What is known of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message<'t> {
    /// Who has sent it: the number of a host.
    pub from: u32,
    /// To whom.
    pub to: u32,
    /// What it says.
    pub about: &'t str,
    /// When, in nanoseconds.
    pub sent: u64,
    /// So many of it are under way.
    pub under_way: u32,
    /// So many have arrived.
    pub arrived: u32,
    /// So many were lost.
    pub lost: u32,
}

/// A simulated network between two steps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Network<'t> {
    hosts: Vec<Host<'t>>,
    messages: Vec<Message<'t>>,
    /// Of each fault the hosts that it is about, and whether it lasts.
    faults: Vec<(&'t [u32], bool)>,
}

impl<'t> Network<'t> {
    /// All hosts; host 1 comes first.
    pub fn hosts(&self) -> &[Host<'t>] {
        &self.hosts
    }

    /// All messages so far; message 1 comes first.
    pub fn messages(&self) -> &[Message<'t>] {
        &self.messages
    }

    /// Whether a fault that lasts is about this host.
    pub fn is_at_fault(&self, host: u32) -> bool {
        let mut faults = self.faults.iter();
        faults.any(|(hosts, lasts)| *lasts && hosts.contains(&host))
    }

    /// The hosts that a fault is about, which is there.
    pub(crate) fn hosts_of(&self, fault: u32) -> &'t [u32] {
        self.faults[fault as usize - 1].0
    }

    /// The index of a host that is there.
    pub(crate) fn host(&self, host: u32) -> Result<usize, String> {
        index(host, self.hosts.len(), "host")
    }

    fn message(&mut self, message: u32) -> Result<&mut Message<'t>, String> {
        let index = index(message, self.messages.len(), "message")?;
        let message = &mut self.messages[index];
        ensure(message.under_way > 0, || {
            "nothing of this message is under way".into()
        })?;
        message.under_way -= 1;
        Ok(message)
    }

    /// Changes it as an event says that happens at `at`, or says why that cannot have happened.
    pub(crate) fn apply(&mut self, what: &'t What, at: u64) -> Result<(), String> {
        match what {
            What::Sent {
                message,
                from,
                to,
                about,
                twice,
            } => {
                is_next(*message, self.messages.len(), "message")?;
                let sender = self.host(*from)?;
                self.host(*to)?;
                let up = self.hosts[sender].up;
                ensure(up, || format!("host {from} sends, and has no power"))?;
                self.messages.push(Message {
                    from: *from,
                    to: *to,
                    about,
                    sent: at,
                    under_way: 1 + u32::from(*twice),
                    arrived: 0,
                    lost: 0,
                });
            }
            What::Arrived { message } => {
                let to = self.message(*message)?.to;
                let up = self.hosts[to as usize - 1].up;
                ensure(up, || {
                    format!("it arrives at host {to}, which has no power")
                })?;
                self.messages[*message as usize - 1].arrived += 1;
            }
            What::Lost { message } => self.message(*message)?.lost += 1,
            What::FaultBegan { fault, hosts, .. } => {
                is_next(*fault, self.faults.len(), "fault")?;
                hosts.iter().try_for_each(|it| self.host(*it).map(|_| ()))?;
                self.faults.push((hosts, true));
            }
            What::FaultOver { fault } => {
                let fault = index(*fault, self.faults.len(), "fault")?;
                let lasted = std::mem::replace(&mut self.faults[fault].1, false);
                ensure(lasted, || "this fault is over already".into())?;
            }
            _ => return self.apply_to_host(what),
        }
        Ok(())
    }

    fn apply_to_host(&mut self, what: &'t What) -> Result<(), String> {
        match what {
            What::HostStarted { host, name } => {
                if *host as usize > self.hosts.len() {
                    is_next(*host, self.hosts.len(), "host")?;
                    self.hosts.push(Host {
                        name,
                        up: false,
                        runs: false,
                        ended: false,
                        what: "",
                        leads: false,
                    });
                }
                let index = self.host(*host)?;
                let known = &mut self.hosts[index];
                ensure(!known.runs, || format!("host {host} runs already"))?;
                (known.up, known.runs, known.ended) = (true, true, false);
            }
            What::HostStopped { host, power } => {
                let index = self.host(*host)?;
                let known = &mut self.hosts[index];
                // A program that was ended may lose its power, too.
                (known.up, known.runs) = (known.up && !power, false);
                (known.what, known.leads) = ("", false);
            }
            What::HostEnded { host } => self.running(*host)?.ended = true,
            What::HostIs { host, what, leads } => {
                let known = self.running(*host)?;
                (known.what, known.leads) = (what, *leads);
            }
            _ => {}
        }
        Ok(())
    }

    /// A host that runs.
    fn running(&mut self, host: u32) -> Result<&mut Host<'t>, String> {
        let index = self.host(host)?;
        let known = &mut self.hosts[index];
        ensure(known.runs, || format!("host {host} does not run"))?;
        Ok(known)
    }
}
