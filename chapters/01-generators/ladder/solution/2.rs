//! Chapter 1, by me.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoroutineState<Y, R> {
    Yielded(Y),
    Complete(R),
}

pub trait Coroutine<In = ()> {
    type Yield;
    type Return;

    fn resume(&mut self, input: In) -> CoroutineState<Self::Yield, Self::Return>;
}

pub struct Countdown {
    n: u32,
    place: Place,
}

enum Place {
    Start,
    AtYield,
    Done,
}

impl Countdown {
    pub fn from(n: u32) -> Countdown {
        let place = Place::Start;
        Countdown { n, place }
    }
}

impl Coroutine for Countdown {
    type Yield = u32;
    type Return = &'static str;

    fn resume(&mut self, _: ()) -> CoroutineState<u32, &'static str> {
        match self.place {
            Place::Start => {}
            Place::AtYield => self.n -= 1,
            Place::Done => panic!("countdown resumed after the end"),
        }
        if self.n > 0 {
            self.place = Place::AtYield;
            CoroutineState::Yielded(self.n)
        } else {
            self.place = Place::Done;
            CoroutineState::Complete("lift-off")
        }
    }
}
