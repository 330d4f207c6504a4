//! Numbers that look random and are the same in every run.

// ANCHOR: dice
/// A generator of pseudo-random numbers: SplitMix64, by Guy Steele, Doug Lea and
/// Christine Flood (2014). Its whole state is one number, so a million taxis can have a
/// die each, and a seed replays a night exactly.
///
/// ```
/// use event_loop::Dice;
///
/// let mut dice = Dice::new(7);
/// let mut again = dice.clone();
/// assert!((0..100).all(|_| dice.up_to(10) <= 10));
/// // The same seed, the same numbers.
/// assert_eq!(again.next_u64(), Dice::new(7).next_u64());
/// ```
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// A die that always rolls the same numbers for the same `seed`.
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// Any 64-bit number.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to `most`, both included.
    pub fn up_to(&mut self, most: u64) -> u64 {
        // The upper half of a product spreads the numbers evenly, without a division.
        let product = u128::from(self.next_u64()) * (u128::from(most) + 1);
        (product >> 64) as u64
    }
}
// ANCHOR_END: dice
