//! A night of the company: three replicas, three customers, and whatever goes wrong.

use std::cell::RefCell;
use std::fmt;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use fastrand::Rng;
use taxi::Time;

use super::check::{Call, Verdict, check};
use super::client::Client;
use super::desk::{Desk, Op, Reply};
use super::replica::{Ahead, Settings};
use super::server::{host, serve};
use crate::{Failure, Fault, Link, Outcome, Planned, Simulation, World};

/// When the last fault is over.
const CALM: Duration = Duration::from_secs(6);

/// After this much time every wish must have been answered.
const LIMIT: Duration = Duration::from_secs(60);

/// How many states the check may try: a hundred times what the hardest nights took.
const BUDGET: usize = 1_000_000;

/// What clients have asked, and what they were answered, in the order in which it happened.
///
/// ```
/// use simulation::dispatch::{Client, History, Op, Settings, serve};
/// use simulation::Simulation;
/// use std::rc::Rc;
///
/// let history = Rc::new(History::default());
/// let mut simulation = Simulation::new(7);
/// let alone = Settings { replicas: 1, ..Settings::default() };
/// simulation.host("desk-1", move |world| serve(world, 1, alone.clone()));
/// let book = Rc::clone(&history);
/// simulation.client("Ann", move |world| {
///     let book = Rc::clone(&book);
///     async move {
///         let mut client = Client::new(world, 1, 1).await?;
///         book.ask(&mut client, "Ann", Op::order("Ann")).await?;
///         Ok(())
///     }
/// });
/// simulation.run()?;
/// assert_eq!(history.calls()[0].to_string(), "Ann: a taxi for Ann -> taxi 1");
/// # Ok::<(), simulation::Failure>(())
/// ```
// ANCHOR: history
#[derive(Debug, Default)]
pub struct History {
    calls: RefCell<Vec<Call<Op, Reply>>>,
    moment: std::cell::Cell<u64>,
}
// ANCHOR_END: history

impl History {
    // ANCHOR: ask
    /// Asks for `op` by this client, and writes down when, and when it was answered.
    ///
    /// # Errors
    ///
    /// Those of [`Client::ask`].
    pub async fn ask<W: World>(
        &self,
        client: &mut Client<W>,
        who: &str,
        op: Op,
    ) -> io::Result<Reply> {
        let (call, asked) = (self.calls.borrow().len(), self.next());
        self.calls.borrow_mut().push(Call {
            who: who.to_string(),
            op: op.clone(),
            asked,
            answered: None,
        });
        let reply = client.ask(op).await?;
        let answered = Some((self.next(), reply.clone()));
        self.calls.borrow_mut()[call].answered = answered;
        Ok(reply)
    }
    // ANCHOR_END: ask

    fn next(&self) -> u64 {
        self.moment.set(self.moment.get() + 1);
        self.moment.get()
    }

    /// All calls, in the order in which they were made.
    pub fn calls(&self) -> Vec<Call<Op, Reply>> {
        self.calls.borrow().clone()
    }
}

/// A night that is to be simulated: everything about it is from its seed, but may be changed before it begins.
///
/// ```
/// use simulation::dispatch::Night;
///
/// let night = Night::new(7);
/// assert_eq!(night.run().problem(), None);
/// assert_eq!(night.run().fingerprint, night.run().fingerprint);
/// // With fewer faults it is another night.
/// let calm = Night { plan: Vec::new(), ..night.clone() };
/// assert_ne!(calm.run().fingerprint, night.run().fingerprint);
/// ```
// ANCHOR: night
#[derive(Debug, Clone, PartialEq)]
pub struct Night {
    /// Where all chance begins.
    pub seed: u64,
    /// What goes wrong, and when.
    pub plan: Vec<Planned>,
    /// What the replicas agree on.
    pub settings: Settings,
    /// How many wishes each customer has.
    pub wishes: u32,
}
// ANCHOR_END: night

/// What came of a [`Night`]; made by [`Night::run`].
// ANCHOR: morning
#[derive(Debug, Clone, PartialEq)]
pub struct Morning {
    /// What was asked and answered.
    pub history: Vec<Call<Op, Reply>>,
    /// Why it broke off, if it did.
    pub failure: Option<Failure>,
    /// What the check says of the history.
    pub verdict: Verdict,
    /// The same for the same run.
    pub fingerprint: u64,
    /// How long it was, in the simulation's time.
    pub took: Duration,
}
// ANCHOR_END: morning

/// The customers' names.
const NAMES: [&str; 3] = ["Ann", "Ben", "Cora"];

impl Night {
    /// The night of that seed.
    pub fn new(seed: u64) -> Night {
        let settings = Settings {
            taxis: 2,
            ..Settings::default()
        };
        Night {
            seed,
            plan: plan(seed, settings.replicas),
            settings,
            wishes: 10,
        }
    }

    /// The same night with the planted bug: replicas vote for whose log is longer.
    pub fn planted(mut self) -> Night {
        self.settings.ahead = Ahead::Length;
        self
    }

    // ANCHOR: run
    /// Simulates it.
    pub fn run(&self) -> Morning {
        let mut simulation = Simulation::new(self.seed);
        let link = Link::new(Duration::from_millis(2)).jitter(Duration::from_millis(8));
        simulation.links(link.loss(0.01).duplication(0.01).reordering(0.01));
        simulation.limit(LIMIT);
        for id in 1..=self.settings.replicas {
            let settings = self.settings.clone();
            simulation.host(&host(id), move |it| serve(it, id, settings.clone()));
        }
        let history = Rc::new(History::default());
        for (name, id) in NAMES.into_iter().zip(1..) {
            let (history, replicas) = (Rc::clone(&history), self.settings.replicas);
            let wishes = self.wishes;
            simulation.client(name, move |world| {
                customer(world, id, replicas, wishes, Rc::clone(&history))
            });
        }
        simulation.plan(&self.plan);
        let failure = simulation.run().err();
        let history = history.calls();
        Morning {
            verdict: check(Desk::new(self.settings.taxis), &history, BUDGET),
            history,
            failure,
            fingerprint: simulation.fingerprint(),
            took: simulation.now() - Time::ZERO,
        }
    }
    // ANCHOR_END: run
}

// ANCHOR: customer
/// Orders a taxi, lets it go, orders another, and sometimes asks who has which. Once it is calm, asks a last time.
async fn customer<W: World>(
    world: W,
    id: u64,
    replicas: u32,
    wishes: u32,
    history: Rc<History>,
) -> Outcome {
    let name = world.name().to_string();
    let mut client = Client::new(world.clone(), id, replicas).await?;
    let mut taxi = None;
    for _ in 0..wishes {
        let pause = Duration::from_millis(world.random() % 600);
        world.sleep(pause).await;
        let op = match taxi {
            _ if world.random().is_multiple_of(4) => Op::Ask,
            None => Op::order(&name),
            Some(taxi) => Op::Release {
                taxi,
                customer: name.clone(),
            },
        };
        match history.ask(&mut client, &name, op).await? {
            Reply::Taxi(number) => taxi = Some(number),
            Reply::Released | Reply::NotTheirs => taxi = None,
            Reply::NoneFree | Reply::Taken(_) => {}
        }
    }
    world
        .sleep(CALM.saturating_sub(super::server::clock(&world)))
        .await;
    history.ask(&mut client, &name, Op::Ask).await?;
    Ok(())
}
// ANCHOR_END: customer

// ANCHOR: plan
/// What goes wrong: again and again one replica is cut off, with some of the customers;
/// and now and then something else. All of it is over when it is [`CALM`].
fn plan(seed: u64, replicas: u32) -> Vec<Planned> {
    // Another stream of numbers than the one that the simulation takes from this seed.
    let mut rng = Rng::with_seed(seed ^ 0x7e57_ab1e);
    let mut plan = Vec::new();
    let mut at = Duration::from_millis(rng.u64(300..1_000));
    while at < CALM {
        let lasts = Duration::from_millis(rng.u64(300..900)).min(CALM - at);
        let side = cut_off(&mut rng, replicas);
        let (begins, fault) = (Time::ZERO.saturating_add(at), Fault::Partition(side));
        plan.push(Planned {
            at: begins,
            lasts,
            fault,
        });
        if rng.u32(..4) == 0 {
            let fault = another(&mut rng, replicas);
            plan.push(Planned {
                at: begins,
                lasts,
                fault,
            });
        }
        // The next comes at once, or nearly.
        let quiet = if rng.bool() { 0 } else { rng.u64(..50) };
        at += lasts + Duration::from_millis(quiet);
    }
    plan
}
// ANCHOR_END: plan

// ANCHOR: another
/// One of the replicas, and whoever chance puts on its side.
fn cut_off(rng: &mut Rng, replicas: u32) -> Vec<String> {
    let one = host(rng.u32(1..=replicas));
    let with = NAMES.into_iter().filter(|_| rng.bool()).map(str::to_string);
    std::iter::once(one).chain(with).collect()
}

fn another(rng: &mut Rng, replicas: u32) -> Fault {
    let one = rng.u32(1..=replicas);
    let other = (one + rng.u32(..2)) % replicas + 1;
    match rng.u32(..4) {
        0 => Fault::Cut {
            from: host(one),
            to: host(other),
        },
        1 => Fault::Crash(host(one)),
        2 => Fault::Kill(host(one)),
        _ => Fault::Drift {
            host: host(one),
            ppm: rng.i32(-300_000..300_000),
        },
    }
}
// ANCHOR_END: another

impl Morning {
    /// What is wrong, if anything is.
    pub fn problem(&self) -> Option<String> {
        if let Some(failure) = &self.failure {
            return Some(failure.to_string());
        }
        match &self.verdict {
            Verdict::Fits(_) => None,
            Verdict::TooLong => Some("the history is too long to be checked".into()),
            Verdict::Breaks { placed, stuck } => {
                let calls = stuck.iter().map(|it| self.history[*it].to_string());
                let calls: Vec<String> = calls.collect();
                Some(format!(
                    "no order explains this history: after {} of {} calls, none of these can be next: {}",
                    placed.len(),
                    self.history.len(),
                    calls.join("; "),
                ))
            }
        }
    }
}

impl fmt::Display for Morning {
    /// The history, a line each.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.history.iter().try_for_each(|it| writeln!(f, "{it}"))
    }
}
