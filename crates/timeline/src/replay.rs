//! Plays a trace again, and refuses what cannot have happened.
//!
//! The steps of a trace are taken one by one; each changes the [`State`] in the one way its kind says. Whatever does
//! not fit the state before it (a task that is polled although another is at the front, a timer that fires twice) is
//! no run of these loops, and the replay ends there with the step and the reason. So a picture that is drawn from a
//! replay is either true or not drawn.

use crate::state::State;
use crate::{Damaged, Event, Trace, What};

/// Up to this many tasks, all of them are counted at every step.
const FEW: usize = 16;

/// With more of them, at every step whose number this divides, and at the end.
const NOW_AND_THEN: usize = 4096;

/// A trace, and how far it has been played.
///
/// ```
/// use timeline::{Phase, Replay, Trace};
///
/// let json = r#"{"format": "from-yield-to-await trace", "version": 1, "chapter": "", "program": "",
///     "args": [], "places": [], "sources": [], "left_out": 0, "events": [
///     {"at": 0, "kind": "spawned", "task": 1, "name": "A", "place": null, "says": "A is spawned"},
///     {"at": 0, "kind": "polled", "task": 1, "says": "A runs"},
///     {"at": 0, "kind": "finished", "task": 2, "says": "B is over"}]}"#;
/// let trace = Trace::parse(json)?;
/// let mut replay = Replay::new(&trace);
/// replay.advance()?;
/// let state = replay.advance()?.expect("there are three steps");
/// assert_eq!(state.tasks()[0].phase(), Phase::Running);
/// let damaged = replay.advance().unwrap_err();
/// assert_eq!(damaged.to_string(), "this trace is damaged at step 2: there is no task 2");
/// # Ok::<(), timeline::Damaged>(())
/// ```
#[derive(Debug, Clone)]
pub struct Replay<'t> {
    trace: &'t Trace,
    state: State<'t>,
    /// How many steps were played.
    played: usize,
}

impl<'t> Replay<'t> {
    /// Before the first step of `trace`.
    pub fn new(trace: &'t Trace) -> Replay<'t> {
        Replay {
            trace,
            state: State {
                cut: trace.left_out > 0,
                ..State::default()
            },
            played: 0,
        }
    }

    /// What there is now.
    pub fn state(&self) -> &State<'t> {
        &self.state
    }

    /// How many steps were played: also the index of the next event.
    pub fn played(&self) -> usize {
        self.played
    }

    /// Plays the next step; `None` at the end.
    ///
    /// # Errors
    ///
    /// If the next event cannot have happened now.
    pub fn advance(&mut self) -> Result<Option<&State<'t>>, Damaged> {
        let trace = self.trace;
        let Some(event) = trace.events.get(self.played) else {
            return Ok(None);
        };
        self.apply(event)?;
        Ok(Some(&self.state))
    }

    /// Plays all that is left, and gives what there is at the end.
    ///
    /// # Errors
    ///
    /// If an event cannot have happened when it did.
    pub fn finish(mut self) -> Result<State<'t>, Damaged> {
        while self.advance()?.is_some() {}
        self.state.check().map_err(|why| self.damaged(why))?;
        Ok(self.state)
    }

    /// Plays `event` as the next step. After an error the state is not to be trusted any more.
    ///
    /// # Errors
    ///
    /// If it cannot have happened now.
    pub fn apply(&mut self, event: &'t Event) -> Result<(), Damaged> {
        let step = self.played;
        self.state.step = step;
        let checked = self
            .place_of(event)
            .and_then(|()| self.state.apply(event))
            .and_then(|()| {
                let few = self.state.tasks.len() <= FEW;
                match few || step.is_multiple_of(NOW_AND_THEN) {
                    true => self.state.check(),
                    false => Ok(()),
                }
            });
        checked.map_err(|why| self.damaged(why))?;
        self.played += 1;
        Ok(())
    }

    fn damaged(&self, why: String) -> Damaged {
        let step = self.played;
        Damaged::Impossible { step, why }
    }

    fn place_of(&self, event: &Event) -> Result<(), String> {
        match event.what {
            What::Spawned { place: Some(n), .. }
            | What::Pending { place: Some(n), .. } => self
                .trace
                .places
                .get(n)
                .map(|_| ())
                .ok_or_else(|| format!("there is no place {n}")),
            _ => Ok(()),
        }
    }
}
