//! Random steps at a semaphore and a queue, beside plain lists that say what must come of each.

use std::collections::{BTreeSet, VecDeque};
use std::task::Poll;

use proptest::collection::vec;
use proptest::prelude::*;
use sync::{Closed, Get, Put, Queue, Semaphore, TryGetError, TryPutError};

use workbook_tests::limits::quick_or_full;

use crate::common::{Waiter, leak};

/// How many may wait at once.
const WAITERS: usize = 6;

/// Turns, as plain lists.
#[derive(Debug, Default)]
struct Line {
    free: usize,
    waiting: VecDeque<usize>,
    chosen: BTreeSet<usize>,
}

impl Line {
    fn give(&mut self) {
        match self.waiting.pop_front() {
            Some(first) => _ = self.chosen.insert(first),
            None => self.free += 1,
        }
    }

    fn try_take(&mut self) -> bool {
        assert!(self.free == 0 || self.waiting.is_empty());
        let is_free = self.free > 0;
        self.free -= usize::from(is_free);
        is_free
    }

    /// Whether `who`, who has just come or was here before, has a turn, which is taken; otherwise they wait.
    fn poll(&mut self, who: usize) -> bool {
        if self.chosen.remove(&who) {
            return true;
        }
        if self.waiting.contains(&who) {
            return false;
        }
        let taken = self.try_take();
        if !taken {
            self.waiting.push_back(who);
        }
        taken
    }

    fn leave(&mut self, who: usize) {
        self.waiting.retain(|it| *it != who);
        if self.chosen.remove(&who) {
            self.give();
        }
    }
}

#[derive(Debug, Clone)]
enum Step {
    /// Comes if they are not there; is polled if they are.
    Poll(usize),
    Drop(usize),
    Try,
    Release,
    Add(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        8 => (0..WAITERS).prop_map(Step::Poll),
        3 => (0..WAITERS).prop_map(Step::Drop),
        1 => Just(Step::Try),
        4 => Just(Step::Release),
        1 => (0..3usize).prop_map(Step::Add),
    ];
    vec(step, 0..150)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: quick_or_full(100, 1000), ..ProptestConfig::default() })]

    #[test]
    fn a_semaphore_does_what_plain_lists_do(steps in steps()) {
        let semaphore = Semaphore::new(2);
        let mut model = Line { free: 2, ..Line::default() };
        let mut waiters: [Option<Waiter<_>>; WAITERS] = Default::default();
        let mut held = Vec::new();
        for step in steps {
            match step {
                Step::Poll(who) => {
                    let waiter = waiters[who].get_or_insert_with(|| Waiter::new(semaphore.acquire()));
                    let polled = waiter.poll();
                    prop_assert_eq!(polled.is_ready(), model.poll(who));
                    if let Poll::Ready(permit) = polled {
                        held.push(permit);
                        waiters[who] = None;
                    }
                }
                Step::Drop(who) => if waiters[who].take().is_some() {
                    model.leave(who);
                },
                Step::Try => {
                    let permit = semaphore.try_acquire();
                    prop_assert_eq!(permit.is_some(), model.try_take());
                    held.extend(permit);
                }
                Step::Release => if held.pop().is_some() {
                    model.give();
                },
                Step::Add(more) => {
                    semaphore.add(more);
                    (0..more).for_each(|_| model.give());
                }
            }
            prop_assert_eq!(semaphore.available(), model.free);
            for who in &model.chosen {
                let waiter = waiters[*who].as_ref().expect("it is there");
                prop_assert!(waiter.was_woken(), "{} was chosen, and not woken", who);
            }
        }
    }
}

#[derive(Debug, Clone)]
enum QueueStep {
    Get(usize),
    DropGet(usize),
    Put(usize),
    DropPut(usize),
    TryGet,
    TryPut,
    Close,
}

fn queue_steps() -> impl Strategy<Value = Vec<QueueStep>> {
    let step = prop_oneof![
        20 => (0..WAITERS).prop_map(QueueStep::Get),
        6 => (0..WAITERS).prop_map(QueueStep::DropGet),
        20 => (0..WAITERS).prop_map(QueueStep::Put),
        6 => (0..WAITERS).prop_map(QueueStep::DropPut),
        6 => Just(QueueStep::TryGet),
        6 => Just(QueueStep::TryPut),
        1 => Just(QueueStep::Close),
    ];
    vec(step, 0..200)
}

/// A queue, as plain lists.
struct Items {
    items: VecDeque<u32>,
    to_get: Line,
    to_put: Line,
    closed: bool,
}

impl Items {
    fn is_over(&self) -> bool {
        self.closed && self.items.is_empty()
    }

    fn push(&mut self, item: u32) {
        self.items.push_back(item);
        self.to_get.give();
    }

    fn pop(&mut self) -> u32 {
        self.to_put.give();
        self.items.pop_front().expect("a turn is an item")
    }
}

/// What those hold who wait.
type Gets = [Option<Waiter<Get<'static, u32>>>; WAITERS];
type Puts = [Option<(u32, Waiter<Put<'static, u32>>)>; WAITERS];

fn get(queue: &'static Queue<u32>, model: &mut Items, gets: &mut Gets, who: usize) {
    let waiter = gets[who].get_or_insert_with(|| Waiter::new(queue.get()));
    let got = waiter.poll();
    let wanted = match model.is_over() {
        true => Poll::Ready(Err(Closed(()))),
        false if model.to_get.poll(who) => Poll::Ready(Ok(model.pop())),
        false => Poll::Pending,
    };
    assert_eq!(got, wanted);
    if got.is_ready() {
        gets[who] = None;
        // At the end there is no line any more.
        model.to_get.waiting.retain(|it| *it != who);
    }
}

fn put(
    queue: &'static Queue<u32>,
    model: &mut Items,
    puts: &mut Puts,
    who: usize,
    new: u32,
) {
    let (item, waiter) =
        puts[who].get_or_insert_with(|| (new, Waiter::new(queue.put(new))));
    let polled = waiter.poll();
    let wanted = match model.closed {
        true => Poll::Ready(Err(Closed(*item))),
        false if model.to_put.poll(who) => {
            model.push(*item);
            Poll::Ready(Ok(()))
        }
        false => Poll::Pending,
    };
    assert_eq!(polled, wanted);
    if polled.is_ready() {
        puts[who] = None;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: quick_or_full(100, 1000), ..ProptestConfig::default() })]

    #[test]
    fn a_queue_does_what_plain_lists_do(steps in queue_steps()) {
        let queue: &'static Queue<u32> = leak(Queue::bounded(2));
        let mut model = Items {
            items: VecDeque::new(),
            to_get: Line::default(),
            to_put: Line { free: 2, ..Line::default() },
            closed: false,
        };
        let (mut gets, mut puts): (Gets, Puts) = Default::default();
        for (number, step) in (0..).zip(steps) {
            match step {
                QueueStep::Get(who) => get(queue, &mut model, &mut gets, who),
                QueueStep::Put(who) => put(queue, &mut model, &mut puts, who, number),
                QueueStep::DropGet(who) => if gets[who].take().is_some() {
                    model.to_get.leave(who);
                },
                QueueStep::DropPut(who) => if puts[who].take().is_some() {
                    model.to_put.leave(who);
                },
                QueueStep::TryGet => {
                    let wanted = match model.is_over() {
                        true => Err(TryGetError::Closed),
                        false if model.to_get.try_take() => Ok(model.pop()),
                        false => Err(TryGetError::Empty),
                    };
                    prop_assert_eq!(queue.try_get(), wanted);
                }
                QueueStep::TryPut => {
                    let wanted = match model.closed {
                        true => Err(TryPutError::Closed(number)),
                        false if model.to_put.try_take() => {
                            model.push(number);
                            Ok(())
                        }
                        false => Err(TryPutError::Full(number)),
                    };
                    prop_assert_eq!(queue.try_put(number), wanted);
                }
                QueueStep::Close => {
                    queue.close();
                    model.closed = true;
                }
            }
            prop_assert_eq!(queue.len(), model.items.len());
            // Whoever has something to see was woken.
            for (who, get) in gets.iter().enumerate() {
                if let Some(get) = get && (model.is_over() || model.to_get.chosen.contains(&who)) {
                    prop_assert!(get.was_woken(), "get {}", who);
                }
            }
            for (who, put) in puts.iter().enumerate() {
                if let Some((_, put)) = put && (model.closed || model.to_put.chosen.contains(&who)) {
                    prop_assert!(put.was_woken(), "put {}", who);
                }
            }
        }
    }
}
