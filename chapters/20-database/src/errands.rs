//! What a destructor has to have done, and cannot wait for.

use std::future::Future;
use std::pin::Pin;

use taxi::spawn;
use taxi::sync::mpsc::{self, Sender};

type Errand = Pin<Box<dyn Future<Output = ()>>>;

// ANCHOR: errands
/// A task that does what it is handed. A destructor hands it a future, and goes on. If the
/// task is gone, with its loop, the future is dropped.
#[derive(Clone)]
pub(crate) struct Errands(Sender<Errand>);

impl Errands {
    pub(crate) fn begin() -> Errands {
        let (sender, mut errands) = mpsc::unbounded::<Errand>();
        let does_them = spawn(async move {
            while let Some(errand) = errands.recv().await {
                // Nobody waits for its end.
                drop(spawn(errand));
            }
        });
        drop(does_them);
        Errands(sender)
    }

    pub(crate) fn hand_over(&self, errand: impl Future<Output = ()> + 'static) {
        let _no_loop = self.0.try_send(Box::pin(errand));
    }
}
// ANCHOR_END: errands
