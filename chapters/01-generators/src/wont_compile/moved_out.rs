//! A state machine that takes a variable out of itself while it is only borrowed.

use generators::{Coroutine, CoroutineState};

pub enum Ride {
    Waiting(String),
    Done,
}

impl Coroutine for Ride {
    type Yield = ();
    type Return = String;

    fn resume(&mut self, _: ()) -> CoroutineState<(), String> {
        match *self {
            Ride::Waiting(passenger) => {
                *self = Ride::Done;
                CoroutineState::Complete(passenger)
            }
            Ride::Done => panic!("resumed after completion"),
        }
    }
}
