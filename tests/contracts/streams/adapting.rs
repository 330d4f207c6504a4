//! Streams of streams.

use std::cell::Cell;
use std::pin::pin;

use streams::{Stream, StreamExt, iter, stream};
use timers::sleep;

use crate::{run, seconds, secs, timed};

/// A number every `period` seconds, from 1.
fn every(period: u64) -> impl Stream<Item = u64> + Unpin {
    stream(async move |mut yields| {
        for item in 1.. {
            sleep(secs(period)).await;
            yields.send(item).await;
        }
    })
}

#[test]
fn items_are_changed_and_chosen() {
    run(async {
        let items = iter(1..=10)
            .filter(|n| n % 2 == 0)
            .map(|n| n * n)
            .enumerate();
        let all: Vec<_> = items.take_while(|(_, n)| *n < 50).collect().await;
        assert_eq!(all, [(0, 4), (1, 16), (2, 36)]);
        let sum = iter(1..=4).fold(0, |sum, n| sum * 10 + n).await;
        assert_eq!(sum, 1234);
    });
}

#[test]
fn the_end_of_take_and_of_take_while_asks_for_nothing() {
    run(async {
        let asked = Cell::new(0);
        let mut items = stream(async |mut yields| {
            for item in 1.. {
                asked.set(item);
                yields.send(item).await;
            }
        });
        let mut few = (&mut items).take(2);
        assert_eq!((few.next().await, few.next().await), (Some(1), Some(2)));
        assert_eq!(
            (few.next().await, few.next().await, asked.get()),
            (None, None, 2)
        );
        drop(few);
        let mut small = (&mut items).take_while(|it| *it < 4);
        assert_eq!((small.next().await, small.next().await), (Some(3), None));
        assert_eq!((small.next().await, asked.get()), (None, 4));
    });
}

#[test]
fn then_and_for_each_wait_for_each_item() {
    run(async {
        let slow = iter([3, 1, 2]).then(async |n| {
            sleep(secs(n)).await;
            n
        });
        assert_eq!(timed(slow).await, [(3, 3), (4, 1), (6, 2)]);
        let mut ends = Vec::new();
        let work = iter([2, 1]).for_each(async |n| {
            sleep(secs(n)).await;
            ends.push(seconds());
        });
        work.await;
        assert_eq!(ends, [8, 9]);
    });
}

#[test]
fn chunks_are_whole_but_for_the_last() {
    run(async {
        let chunks = timed(every(1).take(5).chunks(2)).await;
        assert_eq!(chunks, [(2, vec![1, 2]), (4, vec![3, 4]), (5, vec![5])]);
        let none: Vec<Vec<u32>> = iter([]).chunks(3).collect().await;
        assert!(none.is_empty());
    });
}

#[test]
fn merge_gives_what_comes_and_favours_nobody() {
    run(async {
        let both = every(2).take(2).map(|n| 10 * n).merge(every(3).take(2));
        assert_eq!(timed(both).await, [(2, 10), (3, 1), (4, 20), (6, 2)]);
        // Both are always ready.
        let both: Vec<_> = iter([1, 1, 1]).merge(iter([2, 2, 2])).collect().await;
        assert_eq!(both, [1, 2, 1, 2, 1, 2]);
    });
}

#[test]
fn zip_pairs_and_ends_with_the_shorter() {
    run(async {
        let pairs = timed(every(1).zip(every(3)).take(2)).await;
        assert_eq!(pairs, [(3, (1, 1)), (6, (2, 2))]);
        let pairs: Vec<_> = iter(0..5).zip(iter(["a", "b"])).collect().await;
        assert_eq!(pairs, [(0, "a"), (1, "b")]);
    });
}

#[test]
fn throttled_items_are_a_period_apart() {
    run(async {
        let calm = timed(iter(0..3).throttle(secs(2))).await;
        assert_eq!(calm, [(0, 0), (2, 1), (4, 2)]);
        // What comes seldom is not kept waiting.
        let calm = timed(every(5).take(2).throttle(secs(2))).await;
        assert_eq!(calm, [(9, 1), (14, 2)]);
        // Nor does anybody catch up after a consumer that took its time.
        let mut calm = pin!(iter(0..4).throttle(secs(2)));
        calm.next().await;
        sleep(secs(7)).await;
        assert_eq!(timed(calm).await, [(21, 1), (23, 2), (25, 3)]);
    });
}

#[test]
fn an_item_that_is_late_is_not_lost() {
    run(async {
        let impatient = every(3).take(2).timeout_each(secs(2));
        let impatient = timed(impatient).await;
        let kinds: Vec<_> = impatient
            .into_iter()
            .map(|(at, it)| (at, it.ok()))
            .collect();
        assert_eq!(kinds, [(2, None), (3, Some(1)), (5, None), (6, Some(2))]);
    });
}

#[test]
fn the_items_of_an_iterator_let_others_have_their_turn() {
    run(async {
        let other = task_cell::spawn(async {});
        let mut items = iter(0..1000);
        while !other.is_finished() {
            assert!(items.next().await.is_some(), "the other task is starved");
        }
    });
}
