//! Chapter 2's `TimeHeap`, against a list that is searched from end to end.

use event_loop::{EntryId, Time, TimeHeap};
use proptest::collection::vec;
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Step {
    Push(u64),
    Pop,
    PopDue(u64),
    /// Cancels the entry that was pushed so many pushes after the first, live or not.
    Cancel(usize),
    /// Changes the value of an entry.
    Change(usize),
    /// Asks for the next deadline. This cleans the top of the heap, so it must not happen at every step.
    Look,
}

fn step() -> impl Strategy<Value = Step> {
    // Few different deadlines, so that ties are common.
    prop_oneof![
        4 => (0_u64..8).prop_map(Step::Push),
        2 => Just(Step::Pop),
        1 => (0_u64..8).prop_map(Step::PopDue),
        3 => (0_usize..300).prop_map(Step::Cancel),
        1 => (0_usize..300).prop_map(Step::Change),
        1 => Just(Step::Look),
    ]
}

/// Entries in the order they were pushed.
#[derive(Default)]
struct Model {
    entries: Vec<(Time, usize, u64)>,
}

impl Model {
    fn earliest(&self) -> Option<usize> {
        (0..self.entries.len()).min_by_key(|&i| self.entries[i].0)
    }

    fn pop(&mut self) -> Option<(Time, u64)> {
        let (deadline, _, value) = self.entries.remove(self.earliest()?);
        Some((deadline, value))
    }

    fn find(&mut self, push: usize) -> Option<usize> {
        self.entries.iter().position(|entry| entry.1 == push)
    }
}

proptest! {
    #![proptest_config(crate::cases(1000))]

    #[test]
    fn any_mix_of_pushes_pops_and_cancels_is_the_models(steps in vec(step(), 0..400)) {
        let mut heap = TimeHeap::new();
        let mut model = Model::default();
        let mut ids: Vec<EntryId> = Vec::new();
        for step in steps {
            match step {
                Step::Push(deadline) => {
                    let (deadline, push) = (Time::from_nanos(deadline), ids.len());
                    ids.push(heap.push(deadline, push as u64));
                    model.entries.push((deadline, push, push as u64));
                }
                Step::Pop => prop_assert_eq!(heap.pop(), model.pop()),
                Step::PopDue(now) => {
                    let now = Time::from_nanos(now);
                    let due = model.earliest().is_some_and(|i| model.entries[i].0 <= now);
                    let expected = if due { model.pop() } else { None };
                    prop_assert_eq!(heap.pop_due(now), expected);
                }
                Step::Look => {
                    let next = model.earliest().map(|i| model.entries[i].0);
                    prop_assert_eq!(heap.next_deadline(), next);
                }
                Step::Cancel(push) => if let Some(&id) = ids.get(push) {
                    let expected = model.find(push).map(|i| model.entries.remove(i).2);
                    prop_assert_eq!(heap.cancel(id), expected);
                },
                Step::Change(push) => if let Some(&id) = ids.get(push) {
                    let ours = heap.get_mut(id).map(|value| { *value += 1000; *value });
                    let theirs = model.find(push).map(|i| {
                        model.entries[i].2 += 1000;
                        model.entries[i].2
                    });
                    prop_assert_eq!(ours, theirs);
                },
            }
            prop_assert_eq!(heap.len(), model.entries.len());
            prop_assert_eq!(heap.is_empty(), model.entries.is_empty());
            prop_assert!(heap.keys() <= (2 * heap.len() + 1).max(64), "{} keys", heap.keys());
        }
    }
}

#[test]
fn an_id_outlives_its_entry_and_hits_no_other() {
    let mut heap = TimeHeap::new();
    let old = heap.push(Time::from_secs(1), "old");
    heap.pop();
    let new = heap.push(Time::from_secs(2), "new, in the same slot");
    assert_eq!(heap.cancel(old), None);
    assert_eq!(heap.get_mut(old), None);
    assert_eq!(heap.cancel(new), Some("new, in the same slot"));
}

#[test]
fn timeouts_that_are_all_cancelled_do_not_pile_up() {
    let mut heap = TimeHeap::new();
    for request in 0..1_000_000_u64 {
        let id = heap.push(Time::from_nanos(30_000_000_000 + request), request);
        assert_eq!(heap.cancel(id), Some(request));
        assert!(heap.keys() <= 64, "{} keys for no live entry", heap.keys());
    }
}

#[test]
fn dead_keys_are_thrown_away_also_when_others_live_in_their_slots() {
    let mut heap = TimeHeap::new();
    let mut here = heap.push(Time::MAX, 0);
    let others: Vec<_> = (0..1000).map(|n| heap.push(Time::MAX, n)).collect();
    for n in 1..500 {
        heap.cancel(here);
        here = heap.push(Time::MAX, n);
    }
    for id in others {
        heap.cancel(id);
        assert!(
            heap.keys() <= (2 * heap.len() + 1).max(64),
            "{} keys",
            heap.keys()
        );
    }
    assert_eq!(heap.pop(), Some((Time::MAX, 499)));
}

#[test]
fn dead_keys_are_thrown_away_also_while_live_ones_are_taken() {
    let mut heap = TimeHeap::new();
    for n in 0..1000_u64 {
        heap.push(Time::from_nanos(n), n);
    }
    let late: Vec<_> = (0..999).map(|n| heap.push(Time::MAX, n)).collect();
    for id in late {
        heap.cancel(id);
    }
    for n in 0..1000 {
        assert_eq!(heap.pop(), Some((Time::from_nanos(n), n)));
        assert!(
            heap.keys() <= (2 * heap.len() + 1).max(64),
            "{} keys",
            heap.keys()
        );
    }
}

#[test]
fn the_last_moment_can_be_a_deadline() {
    let mut heap = TimeHeap::new();
    heap.push(Time::MAX, "never");
    heap.push(Time::ZERO, "now");
    assert_eq!(heap.pop(), Some((Time::ZERO, "now")));
    assert_eq!(heap.pop_due(Time::from_secs(1_000_000)), None);
    assert_eq!(heap.pop_due(Time::MAX), Some((Time::MAX, "never")));
}

#[test]
fn what_is_drained_is_gone_for_good() {
    let mut heap = TimeHeap::new();
    let first = heap.push(Time::from_secs(2), "A");
    heap.push(Time::from_secs(1), "B");
    let cancelled = heap.push(Time::from_secs(3), "C");
    heap.cancel(cancelled);
    // Its slot is free then.
    heap.push(Time::ZERO, "0");
    assert_eq!(heap.pop(), Some((Time::ZERO, "0")));
    let mut all: Vec<_> = heap.drain().collect();
    all.sort_unstable();
    assert_eq!(all, ["A", "B"]);
    assert_eq!((heap.len(), heap.keys()), (0, 0));
    heap.push(Time::from_secs(4), "D");
    assert_eq!(heap.cancel(first), None);
    assert_eq!(heap.cancel(cancelled), None);
    assert_eq!(heap.pop(), Some((Time::from_secs(4), "D")));
    assert_eq!(heap.pop(), None);
}
