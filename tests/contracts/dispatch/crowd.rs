//! Replicas without a network: chance alone says what happens next, and it has no mercy. A letter may come late, twice,
//! after a later one, or never; anybody may lose patience at any moment, or fall and stand up with what its disk has. After
//! every step, what Raft promises must hold.

use std::collections::BTreeMap;
use std::time::Duration;

use fastrand::Rng;
use simulation::dispatch::{
    Action, Answer, Commit, Entry, Event, Message, Op, Record, Replica, Request, Saved,
    Settings,
};
use workbook_tests::limits::quick_or_full;

struct Crowd {
    rng: Rng,
    settings: Settings,
    now: Duration,
    replicas: Vec<Replica>,
    /// What each has written to its disk.
    disks: Vec<Vec<Record>>,
    letters: Vec<(u32, u32, Message)>,
    /// Who led in which term.
    leaders: BTreeMap<u64, u32>,
    /// What was committed, by anybody.
    committed: Vec<Entry>,
    /// How many steps there were, and answers.
    steps: usize,
    done: usize,
    asked: u64,
}

impl Crowd {
    fn new(seed: u64, replicas: u32, commit: Commit) -> Crowd {
        let settings = Settings {
            replicas,
            commit,
            batch: 3,
            ..Settings::default()
        };
        let now = Duration::ZERO;
        let replica =
            |id| Replica::new(id, settings.clone(), Saved::default(), now, u64::from(id));
        Crowd {
            rng: Rng::with_seed(seed),
            now,
            replicas: (1..=replicas).map(replica).collect(),
            disks: vec![Vec::new(); replicas as usize],
            settings,
            letters: Vec::new(),
            leaders: BTreeMap::new(),
            committed: Vec::new(),
            steps: 0,
            done: 0,
            asked: 0,
        }
    }

    fn tell(&mut self, id: u32, event: Event) {
        let at = id as usize - 1;
        for action in self.replicas[at].on(self.now, event) {
            match action {
                Action::Save(records) => self.disks[at].extend(records),
                Action::Send(to, message) => self.letters.push((id, to, message)),
                Action::Answer { answer, .. } => {
                    self.done += usize::from(matches!(answer, Answer::Done(_)));
                }
            }
        }
    }

    fn step(&mut self) {
        self.steps += 1;
        self.now += Duration::from_micros(self.rng.u64(..2_000));
        let id = self.rng.u32(1..=self.settings.replicas);
        match self.rng.u32(..100) {
            // Its patience is over, whatever the clock says.
            0..2 => {
                self.now = self.now.max(self.replicas[id as usize - 1].due());
                self.tell(id, Event::Tick);
            }
            2..12 if self.replicas[id as usize - 1].leads() => {
                self.now = self.now.max(self.replicas[id as usize - 1].due());
                self.tell(id, Event::Tick);
            }
            12..20 => {
                self.asked += 1;
                let (client, number) = (self.rng.u64(..4), self.asked);
                let op = Op::order("Ann");
                let request = Request { client, number, op };
                self.tell(id, Event::Asked(request));
            }
            20..21 => {
                let mut saved = Saved::default();
                for record in self.disks[id as usize - 1].clone() {
                    saved.keep(record);
                }
                let (settings, seed) = (self.settings.clone(), self.rng.u64(..));
                self.replicas[id as usize - 1] =
                    Replica::new(id, settings, saved, self.now, seed);
            }
            // Some hosts cannot reach one another for a while.
            21..22 => self
                .letters
                .retain(|(from, to, _)| *from != id && *to != id),
            _ if !self.letters.is_empty() => {
                let which = self.rng.usize(..self.letters.len());
                let (from, to, message) = match self.rng.u32(..20) {
                    0 => self.letters[which].clone(),
                    _ => self.letters.swap_remove(which),
                };
                if self.rng.u32(..20) > 0 {
                    self.tell(to, Event::Heard(from, message));
                }
            }
            _ => {}
        }
        self.letters.truncate(60);
    }

    /// What is wrong, if anything is.
    fn wrong(&mut self) -> Option<String> {
        for replica in &self.replicas {
            let (id, term) = (replica.id(), replica.term());
            if replica.leads() && *self.leaders.entry(term).or_insert(id) != id {
                return Some(format!("two lead in term {term}"));
            }
            let log = replica.saved().entries();
            let Some(done) = log.get(..replica.committed() as usize) else {
                return Some(format!("{id} has committed what it does not have"));
            };
            let both = done.len().min(self.committed.len());
            if done[..both] != self.committed[..both] {
                return Some("what was committed is another now".into());
            }
            self.committed.extend_from_slice(&done[both..]);
        }
        // Which takes longer to look at.
        let logs = if self.steps.is_multiple_of(40) {
            &self.replicas[..]
        } else {
            &[]
        };
        for (at, one) in logs.iter().enumerate() {
            for other in &self.replicas[..at] {
                let (one, other) = (one.saved().entries(), other.saved().entries());
                let terms = one.iter().zip(other).map(|(a, b)| a.term == b.term);
                let same = terms.enumerate().rfind(|it| it.1);
                let upto = same.map_or(0, |it| it.0 + 1);
                if one[..upto] != other[..upto] {
                    return Some("one mark, two logs".into());
                }
            }
        }
        None
    }

    /// So many steps, or until something is wrong.
    fn run(&mut self, steps: usize) -> Option<String> {
        (0..steps).find_map(|_| {
            self.step();
            self.wrong()
        })
    }
}

#[test]
fn whatever_happens_there_is_one_log() {
    let (mut done, mut terms) = (0, 0);
    for seed in 0..quick_or_full(60, 3_000) {
        let mut crowd = Crowd::new(seed, 3 + 2 * (seed % 2) as u32, Commit::OwnTerm);
        assert_eq!(crowd.run(2_000), None, "seed {seed}");
        done += crowd.done;
        terms += crowd.leaders.len();
    }
    // It was not idle.
    assert!(
        done > 60 * 5 && terms > 60 * 5,
        "{done} answers, {terms} leaders"
    );
}

#[test]
fn an_entry_that_is_only_counted_can_be_lost() {
    let found = (0..quick_or_full(3_000, 20_000)).find(|seed| {
        let mut crowd = Crowd::new(*seed, 3 + 2 * (seed % 2) as u32, Commit::Counted);
        crowd.run(2_000).is_some()
    });
    assert!(found.is_some());
}
