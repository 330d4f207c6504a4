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

pub struct Meter {
    rides: u32,
    total: u64,
    place: Place,
}

impl Meter {
    pub fn new() -> Meter {
        Meter {
            rides: 0,
            total: 0,
            place: Place::Start,
        }
    }
}

impl Coroutine<Option<u32>> for Meter {
    type Yield = u64;
    type Return = (u32, u64);

    fn resume(&mut self, sent: Option<u32>) -> CoroutineState<u64, (u32, u64)> {
        match (&self.place, sent) {
            (Place::Start, _) => self.place = Place::AtYield,
            (Place::AtYield, Some(fare)) => {
                self.rides += 1;
                self.total += u64::from(fare);
            }
            (Place::AtYield, None) => {
                self.place = Place::Done;
                return CoroutineState::Complete((self.rides, self.total));
            }
            (Place::Done, _) => panic!("meter resumed after the end"),
        }
        CoroutineState::Yielded(self.total)
    }
}

pub struct Chain<A: Coroutine, B> {
    first: A,
    /// Of the first, once it is over.
    result: Option<A::Return>,
    second: B,
}

impl<A: Coroutine, B: Coroutine<Yield = A::Yield>> Chain<A, B> {
    pub fn new(first: A, second: B) -> Chain<A, B> {
        Chain {
            first,
            result: None,
            second,
        }
    }
}

impl<A: Coroutine, B: Coroutine<Yield = A::Yield>> Coroutine for Chain<A, B> {
    type Yield = A::Yield;
    type Return = (A::Return, B::Return);

    fn resume(&mut self, _: ()) -> CoroutineState<A::Yield, (A::Return, B::Return)> {
        if self.result.is_none() {
            match self.first.resume(()) {
                CoroutineState::Yielded(value) => return CoroutineState::Yielded(value),
                CoroutineState::Complete(a) => self.result = Some(a),
            }
        }
        match self.second.resume(()) {
            CoroutineState::Yielded(value) => CoroutineState::Yielded(value),
            CoroutineState::Complete(b) => {
                let a = self.result.take().expect("the first one is over");
                CoroutineState::Complete((a, b))
            }
        }
    }
}
