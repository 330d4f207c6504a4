//! Timers without a heap: a hashed hierarchical wheel.
//!
//! A clock's hands are such a wheel: what is due within the minute is found by the hand of seconds, what is due within
//! the hour by that of minutes, and is looked at again when that minute begins. Here every hand has 64 places. Putting a
//! timer in its place takes the same time however many there are; a heap compares it with others first. The price:
//! time comes in ticks, and nobody is in order within one.

use std::mem;
use std::time::Duration;

use event_loop::Time;

// ANCHOR: wheel
/// Values that are due at some tick.
///
/// ```
/// use event_loop::Time;
/// use performance::Wheel;
/// use std::time::Duration;
///
/// let second = Duration::from_secs(1);
/// let mut wheel = Wheel::new(second);
/// wheel.push(Time::from_secs(70), "after a minute");
/// wheel.push(Time::from_secs(3), "soon");
/// assert_eq!(wheel.next_look(), Some(Time::from_secs(3)));
/// let mut due = Vec::new();
/// wheel.advance(Time::from_secs(60), |value| due.push(value));
/// assert_eq!(due, ["soon"]);
/// wheel.advance(Time::from_secs(70), |value| due.push(value));
/// assert_eq!(due, ["soon", "after a minute"]);
/// // Put down twice: first where it was seen from afar.
/// assert_eq!(wheel.put_down(), 3);
/// ```
#[derive(Debug)]
pub struct Wheel<T> {
    tick: u64,
    /// How many ticks are over.
    now: u64,
    hands: Vec<Hand<T>>,
    len: usize,
    put_down: u64,
}

/// One hand: 64 places, and a bit for each that is not empty.
#[derive(Debug)]
struct Hand<T> {
    full: u64,
    places: [Vec<(u64, T)>; 64],
}

/// Six bits a hand: eleven hands can count to 2^64.
const HANDS: usize = 11;
// ANCHOR_END: wheel

impl<T> Wheel<T> {
    /// An empty one whose ticks are so long.
    ///
    /// # Panics
    ///
    /// If a tick has no length.
    pub fn new(tick: Duration) -> Wheel<T> {
        let tick = u64::try_from(tick.as_nanos()).unwrap_or(u64::MAX);
        assert!(tick > 0, "a tick has a length");
        let hand = || Hand {
            full: 0,
            places: [const { Vec::new() }; 64],
        };
        Wheel {
            tick,
            now: 0,
            hands: (0..HANDS).map(|_| hand()).collect(),
            len: 0,
            put_down: 0,
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How often a value was put into a place: once by [`push`](Wheel::push), and once more whenever a hand reached it.
    pub fn put_down(&self) -> u64 {
        self.put_down
    }

    // ANCHOR: push
    /// Adds `value`, due at the first tick that is not before `deadline`.
    pub fn push(&mut self, deadline: Time, value: T) {
        let due = deadline.as_nanos().div_ceil(self.tick);
        // What should have been yesterday is for now.
        self.put(due.max(self.now), value);
        self.len += 1;
    }

    fn put(&mut self, due: u64, value: T) {
        let (hand, place) = self.place(due);
        self.hands[hand].full |= 1 << place;
        self.hands[hand].places[place].push((due, value));
        self.put_down += 1;
    }

    /// Which hand, and which of its places.
    fn place(&self, due: u64) -> (usize, usize) {
        // hole: place — the hand of the highest bit in which `due` is not `now`; of its six bits in `due`, the number
        // tried by: heap-and-wheel
        // also: performance
        let differs = (due ^ self.now).checked_ilog2().unwrap_or(0);
        let hand = differs as usize / 6;
        (hand, (due >> (6 * hand)) as usize % 64)
        // end hole
    }
    // ANCHOR_END: push

    // ANCHOR: next
    /// The next place that is not empty: its hand, the place, and when the hand reaches it.
    fn next(&self) -> Option<(usize, usize, u64)> {
        // What a slower hand shows is later than all that a faster one does.
        let hand = self.hands.iter().position(|it| it.full != 0)?;
        let place = self.hands[hand].full.trailing_zeros() as usize;
        let below = 6 * hand as u32;
        // As now, but for this hand's place and all that is below.
        let above = self.now.checked_shr(below + 6).unwrap_or(0);
        let start = above.checked_shl(below + 6).unwrap_or(0);
        Some((hand, place, start | (place as u64) << below))
    }

    /// When somebody must look again: at this moment a value is due, or it is seen from
    /// nearer. `None`: there is none.
    pub fn next_look(&self) -> Option<Time> {
        let (_, _, tick) = self.next()?;
        Some(Time::from_nanos(tick.saturating_mul(self.tick)))
    }
    // ANCHOR_END: next

    // ANCHOR: advance
    /// Time goes on until `now`. Calls `due` with whatever is due by then, in the order of
    /// the ticks, and within a tick in the order of the pushes.
    pub fn advance(&mut self, now: Time, mut due: impl FnMut(T)) {
        let now = now.as_nanos() / self.tick;
        while let Some((hand, place, tick)) = self.next().filter(|next| next.2 <= now) {
            self.now = tick.max(self.now);
            self.hands[hand].full &= !(1 << place);
            let mut reached = mem::take(&mut self.hands[hand].places[place]);
            for (at, value) in reached.drain(..) {
                if at <= self.now {
                    self.len -= 1;
                    due(value);
                } else {
                    // By a faster hand from now on.
                    self.put(at, value);
                }
            }
            // The place keeps its memory.
            self.hands[hand].places[place] = reached;
        }
        self.now = now.max(self.now);
    }
    // ANCHOR_END: advance
}
