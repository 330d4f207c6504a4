//! A queue of places that allocates nothing while they are few.

use std::collections::VecDeque;

/// How many bits a place takes in [`Places::few`].
const BITS: u32 = 4;

/// Places, first come, first served. Each is in it once at most.
#[derive(Default)]
pub(crate) struct Places {
    /// The first ones, as long as all are below 16: the lowest bits are the first.
    few: u64,
    /// How many those are.
    count: u32,
    /// Those that came later.
    many: VecDeque<usize>,
}

impl Places {
    pub(crate) fn len(&self) -> usize {
        self.count as usize + self.many.len()
    }

    pub(crate) fn push_back(&mut self, place: usize) {
        if place < 1 << BITS && self.many.is_empty() {
            // There are 16 of them, and each comes once: so there is room.
            self.few |= (place as u64) << (BITS * self.count);
            self.count += 1;
        } else {
            self.many.push_back(place);
        }
    }

    pub(crate) fn pop_front(&mut self) -> Option<usize> {
        if self.count == 0 {
            return self.many.pop_front();
        }
        let place = self.few & ((1 << BITS) - 1);
        self.few >>= BITS;
        self.count -= 1;
        Some(place as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_come_out_as_they_went_in() {
        let mut places = Places::default();
        let all: Vec<usize> = (0..16).rev().chain(16..40).collect();
        all.iter().for_each(|&place| places.push_back(place));
        // One that comes back queues up behind all others.
        assert_eq!(places.pop_front(), Some(15));
        places.push_back(15);
        assert_eq!(places.len(), 40);
        let rest = std::iter::from_fn(|| places.pop_front());
        assert!(rest.eq(all[1..].iter().copied().chain([15])));
        places.push_back(3);
        assert_eq!((places.len(), places.pop_front()), (1, Some(3)));
    }
}
