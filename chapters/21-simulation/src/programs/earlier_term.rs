//! Three replicas, no network: who hears what is written in the program. An entry of an earlier term is counted, and lost.
//!
//! twin: none, it needs no loop

use std::collections::VecDeque;
use std::time::Duration;

use chapter::{Args, BadInput};
use simulation::dispatch::{
    Action, Answer, Commit, Event, Op, Replica, Request, Saved, Settings,
};
use trace::say;

// ANCHOR: table
struct Table {
    now: Duration,
    replicas: Vec<Replica>,
}

impl Table {
    /// This happens to that replica, and whatever follows from it. Letters arrive among those of `connected`; others are lost.
    fn happens(&mut self, to: u32, event: Event, connected: &[u32]) {
        let mut letters = VecDeque::from([(to, event)]);
        while let Some((to, event)) = letters.pop_front() {
            let replica = &mut self.replicas[to as usize - 1];
            for action in replica.on(self.now, event) {
                match action {
                    Action::Send(peer, message) if connected.contains(&peer) => {
                        letters.push_back((peer, Event::Heard(to, message)));
                    }
                    Action::Answer {
                        client,
                        answer: Answer::Done(reply),
                        ..
                    } => {
                        say!("  {to} answers {}: {reply}", NAMES[client as usize]);
                    }
                    // There is no disk: nobody crashes.
                    Action::Save(_) | Action::Send(..) | Action::Answer { .. } => {}
                }
            }
        }
    }

    /// Its patience is over, or as a leader: it lets the others hear of it.
    fn tick(&mut self, which: u32, connected: &[u32]) {
        self.now = self.now.max(self.replicas[which as usize - 1].due());
        self.happens(which, Event::Tick, connected);
    }
}
// ANCHOR_END: table

const NAMES: [&str; 2] = ["Ann", "Ben"];

fn wish(client: usize) -> Event {
    let op = Op::order(NAMES[client]);
    Event::Asked(Request {
        client: client as u64,
        number: 1,
        op,
    })
}

// ANCHOR: script
fn script(commit: Commit) {
    say!("{commit:?}");
    let settings = Settings {
        commit,
        ..Settings::default()
    };
    let replica =
        |id| Replica::new(id, settings.clone(), Saved::default(), Duration::ZERO, 7);
    let mut table = Table {
        now: Duration::ZERO,
        replicas: (1..=3).map(replica).collect(),
    };
    table.tick(1, &[1, 2, 3]);
    table.happens(1, wish(0), &[1]);
    table.show("Ann asks 1, which nobody hears");
    table.tick(3, &[1, 2, 3]);
    table.happens(3, wish(1), &[3]);
    table.show("Ben asks 3, which nobody hears");
    table.tick(1, &[1, 2]);
    table.show("1 and 2 hear one another");
    table.happens(1, wish(0), &[1]);
    table.show("Ann asks 1 again, which nobody hears");
    table.tick(3, &[2, 3]);
    table.tick(3, &[2, 3]);
    table.show("2 and 3 hear one another");
    table.happens(3, wish(1), &[2, 3]);
    table.happens(3, wish(0), &[2, 3]);
    table.show("Ben and Ann ask 3 again");
}
// ANCHOR_END: script

impl Table {
    /// Each log: the entries' terms, those that are committed in brackets.
    fn show(&self, after: &str) {
        let log = |replica: &Replica| {
            let entries = replica.saved().entries().iter().enumerate();
            let entries = entries.map(|(at, entry)| {
                let who = NAMES[entry.request.client as usize];
                let (open, close) = match (at as u64) < replica.committed() {
                    true => ("[", "]"),
                    false => ("", ""),
                };
                format!("{open}{who} {}{close}", entry.term)
            });
            let star = if replica.leads() { "*" } else { "" };
            let entries = entries.collect::<Vec<_>>().join(" ");
            format!("{}{star}: {entries}", replica.id())
        };
        let logs: Vec<String> = self.replicas.iter().map(log).collect();
        say!("  {after}");
        say!("    {}", logs.join(" | "));
    }
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    script(Commit::OwnTerm);
    script(Commit::Counted);
    Ok(())
}
