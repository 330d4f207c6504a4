//! Cancelling by slot alone: the slot has a new tenant, and the wrong taxi loses its passenger.

use chapter::{Args, BadInput};
use trace::say;

// ANCHOR: main
/// A heap's slots, without the sequence numbers.
#[derive(Default)]
struct Slots {
    slots: Vec<Option<&'static str>>,
    free: Vec<usize>,
}

impl Slots {
    fn push(&mut self, value: &'static str) -> usize {
        let slot = self.free.pop().unwrap_or(self.slots.len());
        self.slots.resize(self.slots.len().max(slot + 1), None);
        self.slots[slot] = Some(value);
        slot
    }

    fn take(&mut self, slot: usize) -> Option<&'static str> {
        self.free.push(slot);
        self.slots[slot].take()
    }
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    let mut slots = Slots::default();
    let of_b = slots.push("taxi B picks up a passenger");
    say!("1 s  {}", slots.take(of_b).unwrap_or("nothing"));
    slots.push("taxi C picks up a passenger");
    say!("2 s  taxi B breaks down, and cancels its pick-up, which is over");
    say!("     cancelled: {}", slots.take(of_b).unwrap_or("nothing"));
    Ok(())
}
// ANCHOR_END: main
