//! Two taxis as coroutines, resumed in turns: each goes on where it stopped.
//!
//! rows: P14
//! twin: same

use chapter::{Args, BadInput};
use generators::{Coroutine, CoroutineState};
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
}

impl Coroutine for Taxi {
    type Yield = &'static str;
    type Return = ();

    fn resume(&mut self, _: ()) -> CoroutineState<&'static str, ()> {
        let (next, what) = match self.place {
            Place::Garage => (Place::Street, "leaves the garage"),
            Place::Street => (Place::WithPassenger, "picks up a passenger"),
            Place::WithPassenger => (Place::Home, "is home"),
            Place::Home => return CoroutineState::Complete(()),
        };
        self.place = next;
        CoroutineState::Yielded(what)
    }
}
// ANCHOR_END: taxi

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let mut taxis = ['A', 'B'].map(|name| Taxi {
        name,
        place: Place::Garage,
    });
    let mut out = taxis.len();
    while out > 0 {
        for taxi in &mut taxis {
            match taxi.resume(()) {
                CoroutineState::Yielded(what) => say!("taxi {} {what}", taxi.name),
                CoroutineState::Complete(()) => out -= 1,
            }
        }
    }
    Ok(())
}
// ANCHOR_END: main
