//! Futures of ours that have a name, and say where they were made.

use std::fmt;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use polling::Suspension;

/// The panic of whoever awaits the `why` that was made at `location` once more.
#[cold]
#[track_caller]
pub(crate) fn awaited_again(why: &str, location: &Location<'_>) -> ! {
    panic!("the {why} made at {location} was awaited after its end");
}

macro_rules! named {
    ($name:ident, $doc:literal) => {
        #[doc = $doc]
        ///
        /// It does not borrow what the list of its tasks was made from.
        #[must_use = "a future does nothing unless it is awaited"]
        pub struct $name<O> {
            /// `None`: it is over.
            future: Option<Pin<Box<dyn Future<Output = O>>>>,
            at: Suspension,
        }

        impl<O> $name<O> {
            pub(crate) fn new(
                at: Suspension,
                future: impl Future<Output = O> + 'static,
            ) -> $name<O> {
                $name {
                    future: Some(Box::pin(future)),
                    at,
                }
            }
        }

        impl<O> Future for $name<O> {
            type Output = O;

            // A panic is blamed on the line of the `.await`.
            #[track_caller]
            fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<O> {
                let Some(future) = &mut self.future else {
                    awaited_again(self.at.why, self.at.location)
                };
                let polled = future.as_mut().poll(context);
                if polled.is_ready() {
                    self.future = None;
                }
                polled
            }
        }

        impl<O> fmt::Debug for $name<O> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    };
}

named!(
    Gather,
    "The future of [`gather`](crate::gather()) and its sisters."
);
named!(
    Wait,
    "The future of [`wait`](crate::wait()) and [`try_wait`](crate::try_wait())."
);
