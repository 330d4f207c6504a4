//! What a task came to. It belongs to the handle.

use std::marker::PhantomData;
use std::ops::Deref;

use wakers::contained;

use super::{HANDLE, OUTPUT, TaskRef};
use crate::{JoinError, TaskHandle};

/// Names a spawned task. Awaiting it gives the task's value, or why there is none. Dropping it lets the task run on.
///
/// It is a future: `handle.await` uses it up; `(&mut handle).await` lends it, in a `select!` for instance, to look at
/// it afterwards or to await it again if it was not ready. Awaiting a task that is over does not suspend.
///
/// ```
/// use event_loop::Clock;
/// use std::time::Duration;
/// use timers::{sleep, timeout};
///
/// task_cell::run(Clock::virtual_time(), async {
///     let mut ride = task_cell::spawn(async {
///         sleep(Duration::from_secs(8)).await;
///         "at the station"
///     });
///     // The timeout drops what it was lent: the ride goes on.
///     assert!(timeout(Duration::from_secs(5), &mut ride).await.is_err());
///     assert!(ride.result().is_none());
///     assert_eq!(ride.await.unwrap(), "at the station");
/// });
/// ```
#[must_use = "dropping the handle lets the task run on without anybody who knows its end"]
pub struct JoinHandle<T> {
    task: TaskHandle,
    output: PhantomData<T>,
}

impl<T> JoinHandle<T> {
    /// The one handle of `task`.
    ///
    /// # Safety
    ///
    /// It is the one, and a future of the task gives a `T`.
    pub(super) unsafe fn new(task: TaskRef) -> JoinHandle<T> {
        let (task, output) = (TaskHandle(task), PhantomData);
        JoinHandle { task, output }
    }

    /// The output, while it is there.
    pub(crate) fn value(&self) -> Option<&T> {
        // Before the task is over it may be there already, for `cloner` alone.
        let output = self.0.output().filter(|_| self.0.is_over())?;
        // SAFETY: OUTPUT is set, and this cell's future gives a `T`: `new` made the two together. The output belongs
        // to this side alone (rule 6), and it can be taken only through `&mut self`, after this borrow.
        Some(unsafe { output.cast::<T>().as_ref() })
    }

    /// Takes what the task came to. `None`: it is not over, or its output was taken before.
    #[inline]
    pub(crate) fn take(&mut self) -> Option<Result<T, JoinError>> {
        if !self.0.is_over() {
            // The output may be there, but is about to be cloned by `cloner`.
            return None;
        }
        let Some(output) = self.0.output() else {
            return self.0.error().map(Err);
        };
        self.0.state.clear(OUTPUT);
        // SAFETY: as above; OUTPUT is cleared, so it is moved out once, and dropped by whoever gets it.
        Some(Ok(unsafe { output.cast::<T>().read() }))
    }
}

impl<T> Deref for JoinHandle<T> {
    type Target = TaskHandle;

    fn deref(&self) -> &TaskHandle {
        &self.task
    }
}

impl<T: Clone + 'static> JoinHandle<T> {
    /// What clones the output for a callback, when there is one and before the task is over.
    pub(crate) fn cloner(&self) -> impl Fn(&TaskRef) -> Option<T> + use<T> {
        let own = (self.0.runtime, self.0.id);
        move |task| {
            assert_eq!((task.runtime, task.id), own, "each task has its own");
            assert!(!task.is_over(), "from then on the output may be taken");
            let output = task.output()?;
            // SAFETY: OUTPUT is set, and the task is the one of this `JoinHandle<T>`: runtimes and tasks have numbers
            // that none other has. `clone` is foreign code, and may have the handle; but the task is not over yet, so
            // `take` takes nothing, dropping the handle drops no output, and the loop, which would, is in this call.
            Some(unsafe { output.cast::<T>().as_ref() }.clone())
        }
    }
}

impl<T> Drop for JoinHandle<T> {
    /// Nobody will ask for anything of this again.
    fn drop(&mut self) {
        let task = &self.0;
        task.state.clear(HANDLE);
        if task.is_over() {
            task.discard();
        } else if let Some(joiner) = task.joiner.take() {
            contained("a waker", || drop(joiner));
        }
    }
}
