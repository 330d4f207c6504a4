//! Two taxis as coroutines, resumed in turns: each goes on where it stopped.
//!
//! rows: P14
//! twin: same

use chapter::{Args, BadInput};
use generators::Coroutine;
use generators::CoroutineState::{self, Complete, Yielded};
use trace::say;

// ANCHOR: taxi
struct Taxi {
    name: char,
    place: Place,
}

enum Place {
    Garage,
    Street,
    WithPassenger,
    Home,
    Over,
}

impl Coroutine for Taxi {
    type Yield = &'static str;
    type Return = ();

    fn resume(&mut self, _: ()) -> CoroutineState<&'static str, ()> {
        let traced = trace::resumed(format_args!("taxi {}", self.name));
        let (next, what) = match self.place {
            Place::Garage => (Place::Street, Yielded("leaves the garage")),
            Place::Street => (Place::WithPassenger, Yielded("picks up a passenger")),
            Place::WithPassenger => (Place::Home, Yielded("is home")),
            Place::Home => (Place::Over, Complete(())),
            Place::Over => panic!("taxi resumed after completion"),
        };
        self.place = next;
        traced.finishes_if(matches!(what, Complete(())));
        trace::suspended(trace::here(), "yield");
        what
    }
}
// ANCHOR_END: taxi

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let mut taxis = vec![
        Taxi { name: 'A', place: Place::Garage },
        Taxi { name: 'B', place: Place::Garage },
    ];
    while !taxis.is_empty() {
        // Each gets a turn, and stays in the list unless it is over.
        taxis.retain_mut(|taxi| match taxi.resume(()) {
            Yielded(what) => {
                say!("taxi {} {what}", taxi.name);
                true
            }
            Complete(()) => false,
        });
    }
    Ok(())
}
// ANCHOR_END: main
