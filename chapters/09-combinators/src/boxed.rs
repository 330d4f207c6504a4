//! A future of ours with a name.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

macro_rules! named {
    ($name:ident, $doc:literal) => {
        #[doc = $doc]
        ///
        /// It does not borrow what the list of its tasks was made from.
        #[must_use = "a future does nothing unless it is awaited"]
        pub struct $name<O>(pub(crate) Pin<Box<dyn Future<Output = O>>>);

        impl<O> Future for $name<O> {
            type Output = O;

            fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<O> {
                self.0.as_mut().poll(context)
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
