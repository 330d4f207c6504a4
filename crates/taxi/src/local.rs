//! Values that belong to a task: what Python calls context variables.

use std::any::Any;
use std::cell::RefCell;
use std::marker::PhantomData;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

/// The name of a value that is there while a future runs: the number of a request, say, which every line of the log has.
///
/// A task does not inherit it from whoever spawns it, unless it is spawned as [`inherited`]. (asyncio's tasks do; tokio's
/// do not.)
///
/// ```
/// use taxi::local::{Local, inherited};
///
/// static REQUEST: Local<u32> = Local::new();
///
/// taxi::test::run(async {
///     let inner = REQUEST.scope(7, async {
///         taxi::yield_now().await;
///         let alone = taxi::spawn(async { REQUEST.get() });
///         let along = taxi::spawn(inherited(async { REQUEST.get() }));
///         (REQUEST.get(), alone.await.unwrap(), along.await.unwrap())
///     });
///     assert_eq!(inner.await, (Some(7), None, Some(7)));
///     assert_eq!(REQUEST.get(), None);
/// });
/// ```
#[derive(Debug)]
pub struct Local<T: 'static> {
    /// 0 until it is first used.
    id: AtomicUsize,
    value: PhantomData<fn() -> T>,
}

/// The values that are there, the innermost first.
type Values = Option<Rc<Value>>;

struct Value {
    id: usize,
    value: Rc<dyn Any>,
    outer: Values,
}

/// What a future finds beside its own.
#[derive(Clone)]
enum Adds {
    /// This one, in front of those that are there.
    One { id: usize, value: Rc<dyn Any> },
    /// These, and no others.
    All(Values),
}

impl Adds {
    /// The values for a poll, here and now.
    fn here(&self) -> Values {
        match self {
            Adds::One { id, value } => Some(Rc::new(Value {
                id: *id,
                value: Rc::clone(value),
                outer: present(),
            })),
            Adds::All(values) => values.clone(),
        }
    }
}

thread_local! {
    static VALUES: RefCell<Values> = const { RefCell::new(None) };
}

/// Puts `values` in the place of those that are there. None if the thread is ending.
fn replace(values: Values) -> Values {
    VALUES.try_with(|it| it.replace(values)).unwrap_or_default()
}

fn present() -> Values {
    VALUES
        .try_with(|it| it.borrow().clone())
        .unwrap_or_default()
}

impl<T: 'static> Local<T> {
    /// A name of its own, for a `static`.
    #[expect(clippy::new_without_default, reason = "it is for a `static`")]
    pub const fn new() -> Local<T> {
        Local {
            id: AtomicUsize::new(0),
            value: PhantomData,
        }
    }

    fn id(&self) -> usize {
        static NEXT: AtomicUsize = AtomicUsize::new(1);
        match self.id.load(Ordering::Relaxed) {
            0 => {
                let new = NEXT.fetch_add(1, Ordering::Relaxed);
                let set = self.id.compare_exchange(
                    0,
                    new,
                    Ordering::Relaxed,
                    Ordering::Relaxed,
                );
                // Whoever was first has named it.
                set.map_or_else(|first| first, |_zero| new)
            }
            id => id,
        }
    }

    /// Runs `future` with this value, and with those that are there where it is awaited.
    pub fn scope<F: Future>(&'static self, value: T, future: F) -> Scoped<F> {
        let (id, value) = (self.id(), Rc::new(value));
        let values = Adds::One { id, value };
        Scoped { future, values }
    }

    /// Calls `look` with the value, if there is one.
    ///
    /// ```
    /// use taxi::local::Local;
    ///
    /// static CALLER: Local<String> = Local::new();
    ///
    /// taxi::test::run(async {
    ///     let length = || CALLER.with(|it| it.map_or(0, String::len));
    ///     assert_eq!(CALLER.scope("Ann".into(), async { length() }).await, 3);
    ///     assert_eq!(length(), 0);
    /// });
    /// ```
    pub fn with<R>(&'static self, look: impl FnOnce(Option<&T>) -> R) -> R {
        let (id, mut next) = (self.id(), present());
        while let Some(value) = next {
            if value.id == id {
                return look(value.value.downcast_ref::<T>());
            }
            next = value.outer.clone();
        }
        look(None)
    }

    /// A copy of the value, if there is one.
    pub fn get(&'static self) -> Option<T>
    where
        T: Clone,
    {
        self.with(|value| value.cloned())
    }
}

/// `future`, with the values that are here now, wherever it runs: so that a task has those of whoever spawned it.
///
/// ```
/// use taxi::local::{Local, inherited};
///
/// static REQUEST: Local<u32> = Local::new();
///
/// taxi::test::run(REQUEST.scope(7, async {
///     let task = taxi::spawn(inherited(async { REQUEST.get() }));
///     assert_eq!(task.await.unwrap(), Some(7));
/// }));
/// ```
pub fn inherited<F: Future>(future: F) -> Scoped<F> {
    let values = Adds::All(present());
    Scoped { future, values }
}

pin_project! {
    /// A future with values; made by [`Local::scope`] and [`inherited`].
    #[must_use = "a future does nothing unless it is awaited"]
    pub struct Scoped<F> {
        #[pin]
        future: F,
        values: Adds,
    }
}

impl<F: Future> Future for Scoped<F> {
    type Output = F::Output;

    // Seen from here, the caller is the line of the `.await`.
    #[track_caller]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let _restored = Restored(replace(this.values.here()));
        this.future.poll(context)
    }
}

/// Puts back what was there, also on unwind.
struct Restored(Values);

impl Drop for Restored {
    fn drop(&mut self) {
        let inner = replace(self.0.take());
        // Foreign code, if it is the last: the cell is free again.
        drop(inner);
    }
}
