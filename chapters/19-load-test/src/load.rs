//! The clients.

use std::cell::{Cell, Ref, RefCell};
use std::rc::Rc;
use std::time::Duration;

use taxi::Time;
use taxi::time::{now, sleep_until, timeout};

use crate::{Answer, Failure, Plan, Report, Tally};

// ANCHOR: load
/// A plan that is carried out. A clone is another handle of it, which can be asked how far
/// it is.
///
/// ```
/// use load_test::{Failure, Load, Plan};
///
/// taxi::test::run(async {
///     let mut plan = Plan::new(2);
///     plan.requests = Some(10);
///     let load = Load::new(plan);
///     load.run(async |_, number| match number {
///         7 => Err(Failure::Reset),
///         _ => Ok(load_test::Answer { status: 200, sent: 0, received: 0 }),
///     })
///     .await;
///     assert_eq!(load.ended(), 10);
///     assert_eq!(load.tally().failures[&Failure::Reset], 1);
///     assert_eq!(load.report().tally.answered(), 9);
/// });
/// ```
#[derive(Debug, Clone)]
pub struct Load {
    shared: Rc<Shared>,
}

#[derive(Debug)]
struct Shared {
    plan: Plan,
    /// The number of the next request.
    next: Cell<u64>,
    /// When the first is due, and when the last so far has ended.
    start: Cell<Time>,
    end: Cell<Time>,
    tally: RefCell<Tally>,
}
// ANCHOR_END: load

impl Load {
    /// One that has not begun.
    ///
    /// # Panics
    ///
    /// If there is no client, or no time between two requests: it would never end.
    #[track_caller]
    pub fn new(plan: Plan) -> Load {
        assert!(plan.clients > 0, "without a client nothing is ever sent");
        let every = plan.every.unwrap_or(Duration::MAX);
        assert!(!every.is_zero(), "there must be time between two requests");
        Load {
            shared: Rc::new(Shared {
                plan,
                next: Cell::new(0),
                start: Cell::new(now()),
                end: Cell::new(now()),
                tally: RefCell::default(),
            }),
        }
    }

    // ANCHOR: run
    /// Sends everything, and waits for the last answer. `send` sends one request for the
    /// client of that number, from 0; the second number is the request's.
    ///
    /// Dropping it stops the clients; what was measured can still be [asked
    /// for](Load::report).
    ///
    /// # Panics
    ///
    /// If `send` does.
    pub async fn run<S>(&self, send: S) -> Report
    where
        S: AsyncFn(usize, u64) -> Result<Answer, Failure> + 'static,
    {
        let send = Rc::new(send);
        self.warm_up(&send).await;
        self.shared.start.set(now());
        self.shared.end.set(now());
        self.shared.all_clients(&send).await;
        self.report()
    }
    // ANCHOR_END: run

    // ANCHOR: warm-up
    /// The same clients send what is not counted.
    async fn warm_up<S>(&self, send: &Rc<S>)
    where
        S: AsyncFn(usize, u64) -> Result<Answer, Failure> + 'static,
    {
        if self.shared.plan.warm_up == 0 {
            return;
        }
        let mut plan = self.shared.plan.clone();
        plan.requests = Some(plan.warm_up);
        plan.every = None;
        Load::new(plan).shared.all_clients(send).await;
    }
    // ANCHOR_END: warm-up

    /// How many requests have ended.
    pub fn ended(&self) -> u64 {
        let tally = self.tally();
        tally.answered() + tally.failed()
    }

    /// What is measured so far.
    pub fn tally(&self) -> Ref<'_, Tally> {
        self.shared.tally.borrow()
    }

    /// What is measured so far, to be told.
    pub fn report(&self) -> Report {
        Report {
            clients: self.shared.plan.clients,
            every: self.shared.plan.every,
            elapsed: self.shared.end.get() - self.shared.start.get(),
            tally: self.tally().clone(),
        }
    }
}

impl Shared {
    async fn all_clients<S>(self: &Rc<Self>, send: &Rc<S>)
    where
        S: AsyncFn(usize, u64) -> Result<Answer, Failure> + 'static,
    {
        let clients = (0..self.plan.clients)
            .map(|client| Rc::clone(self).client(client, Rc::clone(send)));
        if let Err(error) = taxi::gather(clients).await {
            panic!("a client did not come to its end: {error}");
        }
    }

    // ANCHOR: client
    /// One client: a request, its answer, the next.
    async fn client<S>(self: Rc<Self>, client: usize, send: Rc<S>)
    where
        S: AsyncFn(usize, u64) -> Result<Answer, Failure>,
    {
        trace::name(format_args!("client {}", client + 1));
        while let Some((number, due)) = self.next() {
            sleep_until(due).await;
            let sent = now();
            let answer = timeout(self.plan.timeout, send(client, number)).await;
            let outcome = answer.unwrap_or(Err(Failure::TimedOut));
            self.record(due, sent, outcome);
        }
    }
    // ANCHOR_END: client

    // ANCHOR: next
    /// The next request's number, and when it is due; `None` when there are no more.
    fn next(&self) -> Option<(u64, Time)> {
        let number = self.next.get();
        let due = self.due(number);
        let enough = self.plan.requests.is_some_and(|all| number >= all);
        let late = |limit| due - self.start.get() >= limit;
        if enough || self.plan.duration.is_some_and(late) {
            return None;
        }
        self.next.set(number + 1);
        Some((number, due))
    }

    fn due(&self, number: u64) -> Time {
        // hole: due — with time between two requests, when is this one due? Without, it is due now
        // tried by: omission, stalls, open-loop
        // also: load_test
        let Some(every) = self.plan.every else {
            return now();
        };
        let nanos = every.as_nanos().saturating_mul(u128::from(number));
        let wait = u64::try_from(nanos).unwrap_or(u64::MAX);
        self.start.get().saturating_add(Duration::from_nanos(wait))
        // end hole
    }
    // ANCHOR_END: next

    // ANCHOR: measure
    fn record(&self, due: Time, sent: Time, outcome: Result<Answer, Failure>) {
        // hole: measure — tell the tally how long it took since it was due and since it was sent
        // tried by: upload, omission
        // also: load_test
        let end = now();
        self.end.set(end);
        let mut tally = self.tally.borrow_mut();
        tally.record(end - due, end - sent, outcome);
        // end hole
    }
    // ANCHOR_END: measure
}
