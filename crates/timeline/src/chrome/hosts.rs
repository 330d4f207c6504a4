//! Simulated hosts: what they do, and the messages between them.

use serde_json::json;

use crate::{Event, Network, What};

use super::flow::Flow;
use super::{Chrome, HOSTS};

impl Chrome {
    /// Names the third process and its threads, where there are hosts.
    pub(super) fn name_hosts(&mut self, network: &Network<'_>) {
        if !network.hosts().is_empty() {
            self.metadata("process_name", (HOSTS, 0), json!({ "name": "hosts" }));
        }
        for (host, number) in network.hosts().iter().zip(1..) {
            self.metadata("thread_name", (HOSTS, number), json!({ "name": host.name }));
        }
    }

    pub(super) fn see_host(
        &mut self,
        (step, event): (usize, &Event),
        network: &Network<'_>,
    ) {
        let (cat, hosts) = match &event.what {
            What::Sent { from, .. } => {
                self.sent.push(self.now);
                return self.moment((HOSTS, *from), &event.says, step);
            }
            What::Arrived { message } => {
                let to = network.messages()[*message as usize - 1].to;
                self.moment((HOSTS, to), &event.says, step);
                return self.arrow(*message, network);
            }
            // It comes to nobody: it is told where it should have come to.
            What::Lost { message } => {
                let to = network.messages()[*message as usize - 1].to;
                ("lost", vec![to])
            }
            What::HostStarted { host, .. }
            | What::HostStopped { host, .. }
            | What::HostEnded { host }
            | What::HostIs { host, .. } => ("host", vec![*host]),
            What::FaultBegan { hosts, .. } => ("fault", hosts.clone()),
            What::FaultOver { fault } => ("fault", network.hosts_of(*fault).to_vec()),
            _ => return,
        };
        for host in hosts {
            self.instant((cat, &event.says), (HOSTS, host), step);
        }
    }

    /// From where a message was sent to where it arrives now. One that comes twice has two.
    fn arrow(&mut self, message: u32, network: &Network<'_>) {
        let known = &network.messages()[message as usize - 1];
        self.last_flow += 1;
        let flow = Flow {
            name: "message",
            id: self.last_flow,
            since: self.sent[message as usize - 1],
            thread: (HOSTS, known.from),
        };
        self.bind(flow, (HOSTS, known.to));
    }
}
