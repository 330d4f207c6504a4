//! What a task came to. It belongs to the handle.

use std::marker::PhantomData;

use wakers::contained;

use super::TaskRef;
use super::state::{HANDLE, OUTPUT};
use crate::error::JoinError;
use crate::task_handle::TaskHandle;

/// What a task came to: the side of the handle. It knows the output's type.
pub(crate) struct Outcome<T> {
    pub(crate) task: TaskHandle,
    output: PhantomData<T>,
}

impl<T> Outcome<T> {
    /// The handle's side of `task`, a future of which gives a `T`.
    ///
    /// # Safety
    ///
    /// It does, and this is the one `Outcome` of the task.
    pub(crate) unsafe fn new(task: TaskRef) -> Outcome<T> {
        Outcome {
            task: TaskHandle(task),
            output: PhantomData,
        }
    }

    /// The output, while it is there.
    pub(crate) fn get(&self) -> Option<&T> {
        // Before the task is over it may be there already, for `cloner` alone.
        let output = self.task.0.output().filter(|_| self.task.0.is_over())?;
        // SAFETY: OUTPUT is set, and this cell's future gives a `T`: `new` made the two together. The output belongs
        // to this side alone (rule 6), and it can be taken only through `&mut self`, after this borrow.
        Some(unsafe { output.cast::<T>().as_ref() })
    }

    /// Takes what the task came to. `None`: it is not over, or its output was taken before.
    #[inline]
    pub(crate) fn end(&mut self) -> Option<Result<T, JoinError>> {
        if !self.task.0.is_over() {
            // The output may be there, but is about to be cloned by `cloner`.
            return None;
        }
        let Some(output) = self.task.0.output() else {
            return self.task.0.error().map(Err);
        };
        self.task.0.state.clear(OUTPUT);
        // SAFETY: as above; OUTPUT is cleared, so it is moved out once, and dropped by whoever gets it.
        Some(Ok(unsafe { output.cast::<T>().read() }))
    }
}

impl<T: Clone + 'static> Outcome<T> {
    /// What clones the output for a callback, when there is one and before the task is over.
    pub(crate) fn cloner(&self) -> impl Fn(&TaskRef) -> Option<T> + use<T> {
        let own = (self.task.0.runtime, self.task.0.id);
        move |task| {
            assert_eq!((task.runtime, task.id), own, "each task has its own");
            assert!(!task.is_over(), "from then on the output may be taken");
            let output = task.output()?;
            // SAFETY: OUTPUT is set, and the task is the one of this `Outcome<T>`: runtimes and tasks have numbers
            // that none other has. `clone` is foreign code, and may have the handle; but the task is not over yet, so
            // `end` takes nothing, dropping the handle drops no output, and the loop, which would, is in this call.
            Some(unsafe { output.cast::<T>().as_ref() }.clone())
        }
    }
}

impl<T> Drop for Outcome<T> {
    /// Nobody will ask for anything of this again.
    fn drop(&mut self) {
        let task = &self.task.0;
        task.state.clear(HANDLE);
        if task.is_over() {
            task.discard();
        } else if let Some(joiner) = task.joiner.take() {
            contained("a waker", || drop(joiner));
        }
    }
}
