//! Does a history keep the promise? A search for an order that explains it.
//!
//! Clients ask at the same time, answers come late or never, so a history alone does not say in which order things were
//! done. It is *linearizable* if there is such an order: each call has its effect at one instant between its question and
//! its answer, and one after another, in that order, a single desk would have answered the same (Herlihy and Wing, 1990).
//!
//! To find it is a search with backtracking (Wing and Gong, 1993): whatever had not been asked for when another answer
//! came, cannot be before that one; of the rest, try each. Lowe (2016) added the memory: the same calls done, in another
//! order, with the same outcome, need not be tried twice. Without it the search takes exponential time on simple histories.

use std::collections::HashSet;
use std::fmt;
use std::hash::Hash;

/// How long a history may be.
const MOST: usize = 2_000;

/// What a service promises to one who does one thing after another.
///
/// ```
/// use simulation::dispatch::Model;
///
/// /// A page that one may write on, and read.
/// #[derive(Clone, PartialEq, Eq, Hash)]
/// struct Page(u32);
///
/// impl Model for Page {
///     type Op = Option<u32>;
///     type Reply = u32;
///     fn apply(&mut self, op: &Option<u32>) -> u32 {
///         self.0 = op.unwrap_or(self.0);
///         self.0
///     }
/// }
///
/// let mut page = Page(0);
/// assert_eq!((page.apply(&Some(3)), page.apply(&None)), (3, 3));
/// ```
// ANCHOR: model
pub trait Model: Clone + Eq + Hash {
    /// What can be asked for.
    type Op;
    /// What can be answered.
    type Reply: PartialEq;
    /// Does it.
    fn apply(&mut self, op: &Self::Op) -> Self::Reply;
}
// ANCHOR_END: model

/// Who asked for what, when, and what was answered. Moments are numbers of any kind that grow: only their order counts.
///
/// ```
/// use simulation::dispatch::{Call, Op, Reply};
///
/// let call = Call { who: "Ann".into(), op: Op::order("Ann"), asked: 1, answered: Some((2, Reply::Taxi(1))) };
/// assert_eq!(call.to_string(), "Ann: a taxi for Ann -> taxi 1");
/// ```
// ANCHOR: call
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call<Op, Reply> {
    /// Who asked.
    pub who: String,
    /// For what.
    pub op: Op,
    /// When.
    pub asked: u64,
    /// When the answer came, and what it was. `None`: it never came, so this was done
    /// at any later moment, or not at all.
    pub answered: Option<(u64, Reply)>,
}
// ANCHOR_END: call

impl<Op: fmt::Display, Reply: fmt::Display> fmt::Display for Call<Op, Reply> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} -> ", self.who, self.op)?;
        match &self.answered {
            Some((_, reply)) => write!(f, "{reply}"),
            None => write!(f, "no answer"),
        }
    }
}

/// What was found out about a history; made by [`check`]. Calls are named by where they stand in it.
// ANCHOR: verdict
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// In this order it is what one desk would have answered. Who is not in it was
    /// never done.
    Fits(Vec<usize>),
    /// There is no such order.
    Breaks {
        /// The longest beginning of one that was found.
        placed: Vec<usize>,
        /// Those of which one would have to be next, and none can.
        stuck: Vec<usize>,
    },
    /// Neither was found within the budget.
    TooLong,
}
// ANCHOR_END: verdict

/// Looks for an order of `history` that begins at `start` and explains every answer.
///
/// It tries at most `budget` states, and no history of more than 2,000 calls, since it goes a call deeper with each.
///
/// ```
/// use simulation::dispatch::{Call, Desk, Op, Reply, Verdict, check};
///
/// let order = |who: &str, asked, answered, taxi| Call {
///     who: who.into(),
///     op: Op::order(who),
///     asked,
///     answered: Some((answered, Reply::Taxi(taxi))),
/// };
/// // Both ask before either is answered: Ben was first.
/// let history = [order("Ann", 1, 3, 2), order("Ben", 2, 4, 1)];
/// assert_eq!(check(Desk::new(5), &history, 1_000), Verdict::Fits(vec![1, 0]));
/// // The same taxi twice: nothing explains that.
/// let history = [order("Ann", 1, 3, 1), order("Ben", 2, 4, 1)];
/// assert!(matches!(check(Desk::new(5), &history, 1_000), Verdict::Breaks { .. }));
/// ```
pub fn check<M: Model>(
    start: M,
    history: &[Call<M::Op, M::Reply>],
    budget: usize,
) -> Verdict {
    if history.len() > MOST {
        return Verdict::TooLong;
    }
    let mut search = Search {
        history,
        done: vec![false; history.len()],
        order: Vec::new(),
        seen: HashSet::new(),
        budget,
        placed: Vec::new(),
        stuck: Vec::new(),
    };
    match search.from(&start) {
        Some(true) => Verdict::Fits(search.order),
        Some(false) => Verdict::Breaks {
            placed: search.placed,
            stuck: search.stuck,
        },
        None => Verdict::TooLong,
    }
}

// ANCHOR: search
struct Search<'a, M: Model> {
    history: &'a [Call<M::Op, M::Reply>],
    /// Which calls are in `order`.
    done: Vec<bool>,
    order: Vec<usize>,
    /// What led nowhere, or is being tried: these calls done, and the desk as it then
    /// was.
    seen: HashSet<(Vec<bool>, M)>,
    budget: usize,
    placed: Vec<usize>,
    stuck: Vec<usize>,
}
// ANCHOR_END: search

impl<M: Model> Search<'_, M> {
    // ANCHOR: from
    /// Can what is not done yet be done from `state`? `None`: the budget is spent.
    fn from(&mut self, state: &M) -> Option<bool> {
        let all = 0..self.history.len();
        let left: Vec<usize> = all.filter(|it| !self.done[*it]).collect();
        let ends = left
            .iter()
            .filter_map(|it| self.history[*it].answered.as_ref());
        let Some(first_end) = ends.map(|it| it.0).min() else {
            return Some(true);
        };
        if !self.seen.insert((self.done.clone(), state.clone())) {
            return Some(false);
        }
        self.budget = self.budget.checked_sub(1)?;
        // hole: next — of those that were asked for before the first answer, try each that the desk answers as it was answered
        // tried by: orders
        // also: dispatch
        for &at in &left {
            let call = &self.history[at];
            let mut next = state.clone();
            let reply = next.apply(&call.op);
            let fits = call.answered.as_ref().is_none_or(|it| it.1 == reply);
            if call.asked < first_end && fits && self.with(at, &next)? {
                return Some(true);
            }
        }
        self.remember(&left, first_end);
        Some(false)
        // end hole
    }
    // ANCHOR_END: from

    /// The longest beginning so far, and who would have to be next.
    fn remember(&mut self, left: &[usize], first_end: u64) {
        if self.order.len() < self.placed.len() {
            return;
        }
        self.placed.clone_from(&self.order);
        let begun = |it: &&usize| {
            let call = &self.history[**it];
            call.asked < first_end && call.answered.is_some()
        };
        self.stuck = left.iter().filter(begun).copied().collect();
    }

    // ANCHOR: with
    /// Can the rest be done from `next`, if `call` comes now?
    fn with(&mut self, call: usize, next: &M) -> Option<bool> {
        self.done[call] = true;
        self.order.push(call);
        if self.from(next)? {
            return Some(true);
        }
        self.order.pop();
        self.done[call] = false;
        Some(false)
    }
    // ANCHOR_END: with
}
