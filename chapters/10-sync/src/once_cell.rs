//! Made once, by whoever needs it first.

use std::cell::{Cell, OnceCell as Value};
use std::convert::Infallible;
use std::future::poll_fn;
use std::panic::Location;

use polling::suspended;

use crate::lines::held_word;
use crate::turns::{Place, Turns};

/// A value that the first who needs it makes, while the others wait.
///
/// ```
/// use event_loop::{Clock, Time};
/// use std::rc::Rc;
/// use std::time::Duration;
/// use sync::OnceCell;
/// use task_cell::spawn;
/// use timers::{now, sleep};
///
/// task_cell::run(Clock::virtual_time(), async {
///     let map = Rc::new(OnceCell::new());
///     let mut taxis = Vec::new();
///     for _ in 0..3 {
///         let map = Rc::clone(&map);
///         taxis.push(spawn(async move {
///             let draw = async || {
///                 sleep(Duration::from_secs(5)).await;
///                 "the city"
///             };
///             *map.get_or_init(draw).await
///         }));
///     }
///     for taxi in taxis {
///         assert_eq!(taxi.await.unwrap(), "the city");
///     }
///     assert_eq!(now(), Time::from_secs(5)); // drawn once
/// });
/// ```
#[derive(Debug)]
pub struct OnceCell<T> {
    value: Value<T>,
    /// Whose turn it is to make it.
    turn: Turns,
    /// The line that makes it, for whoever waits for ever.
    made_at: Cell<Option<&'static Location<'static>>>,
}

/// Somebody makes the value, until this is dropped.
struct Making<'a>(&'a Cell<Option<&'static Location<'static>>>);

impl Drop for Making<'_> {
    fn drop(&mut self) {
        self.0.set(None);
    }
}

impl<T> OnceCell<T> {
    /// Nothing has been made.
    pub const fn new() -> OnceCell<T> {
        OnceCell {
            value: Value::new(),
            turn: Turns::new(1),
            made_at: Cell::new(None),
        }
    }

    /// The value, if it has been made.
    pub fn get(&self) -> Option<&T> {
        self.value.get()
    }

    /// Puts `value` in. One that is being made meanwhile is dropped.
    ///
    /// # Errors
    ///
    /// If there is one: `value` comes back.
    ///
    /// ```
    /// let map = sync::OnceCell::new();
    /// assert_eq!(map.set("the city"), Ok(()));
    /// assert_eq!(map.set("the harbour"), Err("the harbour"));
    /// assert_eq!(map.into_inner(), Some("the city"));
    /// ```
    pub fn set(&self, value: T) -> Result<(), T> {
        self.value.set(value)?;
        // Nobody needs a turn any more.
        self.turn.wake_all();
        Ok(())
    }

    /// The value; if there is none, what `init` makes. If whoever makes it is cancelled or panics, it is the turn of the
    /// one who has waited longest.
    ///
    /// An `init` that asks for the same value waits for ever. Where nothing else can happen, the deadlock's message names
    /// both lines.
    #[track_caller]
    pub fn get_or_init(&self, init: impl AsyncFnOnce() -> T) -> impl Future<Output = &T> {
        let init = async || Ok::<T, Infallible>(init().await);
        let value = self.get_or_try_init(init);
        async {
            match value.await {
                Ok(value) => value,
                Err(never) => match never {},
            }
        }
    }

    /// The value; if there is none, what `init` makes. If that fails, it is the next one's turn.
    ///
    /// # Errors
    ///
    /// Those of this `init`.
    ///
    /// ```
    /// polling::spin_on(async {
    ///     let map = sync::OnceCell::new();
    ///     assert_eq!(map.get_or_try_init(async || Err("no paper")).await, Err("no paper"));
    ///     assert_eq!(map.get_or_try_init(async || Ok::<_, ()>("the city")).await, Ok(&"the city"));
    ///     assert_eq!(map.get(), Some(&"the city"));
    /// });
    /// ```
    #[track_caller]
    pub fn get_or_try_init<E>(
        &self,
        init: impl AsyncFnOnce() -> Result<T, E>,
    ) -> impl Future<Output = Result<&T, E>> {
        let location = Location::caller();
        async move {
            if let Some(value) = self.get() {
                return Ok(value);
            }
            let mut place = Place::new(&self.turn);
            let _turn = poll_fn(|context| {
                let turn = place.poll(context);
                if turn.is_pending() {
                    let word = ("once cell", "once cell in the making");
                    suspended(location, held_word(word, self.made_at.get(), location));
                }
                turn
            })
            .await;
            if self.get().is_none() {
                self.made_at.set(Some(location));
                let _making = Making(&self.made_at);
                // If somebody has set one meanwhile, it is that one.
                let _other = self.set(init().await?);
            }
            Ok(self.get().expect("it was set"))
        }
    }

    /// The value, if it was made.
    pub fn into_inner(self) -> Option<T> {
        self.value.into_inner()
    }
}

impl<T> Default for OnceCell<T> {
    fn default() -> OnceCell<T> {
        OnceCell::new()
    }
}
