//! Some handles together: a list of one type, or a tuple of different ones.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use task_cell::{JoinError, JoinHandle, TaskHandle};

use crate::TryError;

/// Some handles, each in its place.
pub trait Handles: 'static {
    /// How many there are.
    fn count(&self) -> usize;
    /// The task in a place.
    fn task(&self, place: usize) -> &TaskHandle;
}

/// Handles whose values come together.
pub trait Gathered: Handles {
    /// All values.
    type Values;
    /// The error of the task in this place, which is over; `None` if it gave a value.
    fn error(self, place: usize) -> Option<JoinError>;
    /// The values of tasks that are all over, or the first error by place.
    fn values(self) -> Result<Self::Values, JoinError>;
}

/// Handles of tasks that give a `Result`.
pub trait TryGathered: Handles {
    /// All values.
    type Values;
    /// What each of them may fail with.
    type Error: 'static;
    /// Whether the task in this place is over and gave an `Err`.
    fn has_failed(&self, place: usize) -> bool;
    /// The failure of the task in this place, which is over; `None` if it gave an `Ok`.
    fn failure(self, place: usize) -> Option<TryError<Self::Error>>;
    /// The values of tasks that are all over, or the first error by place.
    fn values(self) -> Result<Self::Values, TryError<Self::Error>>;
}

/// What a task that is over came to.
pub(crate) fn end_of<T: 'static>(handle: JoinHandle<T>) -> Result<T, JoinError> {
    match pin!(handle).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(end) => end,
        Poll::Pending => unreachable!("it is over"),
    }
}

fn try_end<T: 'static, E: 'static>(
    handle: JoinHandle<Result<T, E>>,
) -> Result<T, TryError<E>> {
    end_of(handle)?.map_err(TryError::Failed)
}

fn gave_err<T, E>(handle: &JoinHandle<Result<T, E>>) -> bool {
    matches!(handle.result(), Some(Ok(Err(_))))
}

impl<T: 'static> Handles for Vec<JoinHandle<T>> {
    fn count(&self) -> usize {
        self.len()
    }

    fn task(&self, place: usize) -> &TaskHandle {
        &self[place]
    }
}

impl<T: 'static> Gathered for Vec<JoinHandle<T>> {
    type Values = Vec<T>;

    fn error(mut self, place: usize) -> Option<JoinError> {
        end_of(self.swap_remove(place)).err()
    }

    fn values(self) -> Result<Vec<T>, JoinError> {
        self.into_iter().map(end_of).collect()
    }
}

impl<T: 'static, E: 'static> TryGathered for Vec<JoinHandle<Result<T, E>>> {
    type Values = Vec<T>;
    type Error = E;

    fn has_failed(&self, place: usize) -> bool {
        gave_err(&self[place])
    }

    fn failure(mut self, place: usize) -> Option<TryError<E>> {
        try_end(self.swap_remove(place)).err()
    }

    fn values(self) -> Result<Vec<T>, TryError<E>> {
        self.into_iter().map(try_end).collect()
    }
}

/// The same for a tuple.
macro_rules! tuple {
    ($($type:ident $place:tt),+) => {
        impl<$($type: 'static),+> Handles for ($(JoinHandle<$type>,)+) {
            fn count(&self) -> usize {
                [$($place),+].len()
            }

            fn task(&self, place: usize) -> &TaskHandle {
                match place {
                    $($place => &self.$place,)+
                    _ => unreachable!("a place of the tuple"),
                }
            }
        }

        impl<$($type: 'static),+> Gathered for ($(JoinHandle<$type>,)+) {
            type Values = ($($type,)+);

            fn error(self, place: usize) -> Option<JoinError> {
                match place {
                    $($place => end_of(self.$place).err(),)+
                    _ => unreachable!("a place of the tuple"),
                }
            }

            fn values(self) -> Result<Self::Values, JoinError> {
                Ok(($(end_of(self.$place)?,)+))
            }
        }

        impl<$($type: 'static,)+ Error: 'static> TryGathered
            for ($(JoinHandle<Result<$type, Error>>,)+)
        {
            type Values = ($($type,)+);
            type Error = Error;

            fn has_failed(&self, place: usize) -> bool {
                match place {
                    $($place => gave_err(&self.$place),)+
                    _ => unreachable!("a place of the tuple"),
                }
            }

            fn failure(self, place: usize) -> Option<TryError<Error>> {
                match place {
                    $($place => try_end(self.$place).err(),)+
                    _ => unreachable!("a place of the tuple"),
                }
            }

            fn values(self) -> Result<Self::Values, TryError<Error>> {
                Ok(($(try_end(self.$place)?,)+))
            }
        }
    };
}

tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
