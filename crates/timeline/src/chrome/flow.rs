//! Flows: from who wakes to who is woken, and from who sends mail to the inbox.

use crate::chrome_entry::{Entry, NOTHING, micros};
use crate::{By, Event, Letter, Runnable, What};

use super::{CALLBACKS, Chrome, INBOX, OTHERS, OUTSIDE, SOCKETS, TASKS, TIMERS};

/// A flow that has begun. It is written when it ends: what is never answered is none.
pub(super) struct Flow {
    pub(super) name: &'static str,
    pub(super) id: u64,
    /// In nanoseconds.
    pub(super) since: u64,
    pub(super) thread: (u32, u32),
}

impl Chrome {
    pub(super) fn see_mail(&mut self, (step, event): (usize, &Event)) {
        match event.what {
            What::Mailed { what, task, by } => {
                let flow = self.begin(("mail", "sends mail"), by, step);
                self.mail.push((Letter { what, task }, flow));
            }
            What::MailRead { what, task } | What::MailRefused { what, task } => {
                self.moment((OTHERS, INBOX), &event.says, step);
                let place = self
                    .mail
                    .iter()
                    .position(|it| it.0 == Letter { what, task });
                let flow = place.and_then(|place| self.mail.remove(place).1);
                if let Some(flow) = flow {
                    self.bind(flow, (OTHERS, INBOX));
                }
            }
            _ => {}
        }
    }

    pub(super) fn flow(&mut self, by: By, to: Runnable, step: usize) {
        let flow = self.begin(("wake", "wakes"), by, step);
        self.flows.entry(to).or_default().extend(flow);
    }

    /// It starts where its sender runs. A flow starts inside an event: that of a timer, a socket or the inbox is over
    /// by now, so the flow starts when it began.
    fn begin(
        &mut self,
        (name, does): (&'static str, &str),
        by: By,
        step: usize,
    ) -> Option<Flow> {
        let thread = match by {
            By::Task(task) => (TASKS, task),
            By::Callback(_) => (OTHERS, CALLBACKS),
            By::Timer(_) => (OTHERS, TIMERS),
            By::Socket(_) => (OTHERS, SOCKETS),
            By::Mail => (OTHERS, INBOX),
            By::Loop => return None,
            By::Thread | By::Program => {
                self.moment((OTHERS, OUTSIDE), does, step);
                (OTHERS, OUTSIDE)
            }
        };
        self.last_flow += 1;
        let since = match thread {
            (OTHERS, TIMERS | SOCKETS | INBOX | OUTSIDE) => self.seen[thread.1 as usize],
            _ => None,
        };
        let (id, since) = (self.last_flow, since.unwrap_or(self.now));
        Some(Flow {
            name,
            id,
            since,
            thread,
        })
    }

    /// `flow` ends now, on the thread `to`.
    pub(super) fn bind(&mut self, flow: Flow, to: (u32, u32)) {
        let ends = [
            ("s", flow.since, flow.thread, None),
            ("f", self.now, to, Some("e")),
        ];
        for (ph, at, (pid, tid), bp) in ends {
            let (ts, id, name, cat) =
                (Some(micros(at)), Some(flow.id), flow.name, flow.name);
            self.push(&Entry {
                name,
                cat,
                ph,
                ts,
                pid,
                tid,
                id,
                bp,
                ..NOTHING
            });
        }
    }
}
