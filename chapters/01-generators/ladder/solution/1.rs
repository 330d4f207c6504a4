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
}

impl Countdown {
    pub fn from(n: u32) -> Countdown {
        Countdown { n }
    }
}

impl Coroutine for Countdown {
    type Yield = u32;
    type Return = &'static str;

    fn resume(&mut self, _: ()) -> CoroutineState<u32, &'static str> {
        if self.n == 0 {
            return CoroutineState::Complete("lift-off");
        }
        self.n -= 1;
        CoroutineState::Yielded(self.n + 1)
    }
}
