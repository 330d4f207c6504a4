//! What a report says is so.

use std::time::Duration;

use fastrand::Rng;
use load_test::{Answer, Failure, Latencies, Report, Tally, short};
use workbook_tests::limits::quick_or_full;

use crate::millis;

/// From 1 µs to 16 s, as many of each order of magnitude.
fn random(rng: &mut Rng) -> Duration {
    Duration::from_nanos(rng.u64(1000..2000) << rng.u32(0..23))
}

/// By the definition: the first that so large a part of all do not exceed.
fn by_sorting(sorted: &[Duration], part: f64) -> Duration {
    let rank = (part * sorted.len() as f64).ceil() as usize;
    sorted[rank.max(1) - 1]
}

#[test]
fn percentiles_are_those_of_a_sorted_list_to_four_figures() {
    for seed in 0..quick_or_full(5, 300) {
        let mut rng = Rng::with_seed(seed);
        let count = rng.usize(1..3000);
        let mut list: Vec<Duration> = (0..count).map(|_| random(&mut rng)).collect();
        let mut latencies = Latencies::new();
        list.iter().for_each(|it| latencies.record(*it));
        list.sort_unstable();
        assert_eq!(latencies.count(), count as u64);
        assert_eq!(latencies.min(), list[0]);
        assert_eq!(latencies.max(), list[count - 1]);
        let sum: Duration = list.iter().sum();
        assert_eq!(latencies.mean().as_nanos(), sum.as_nanos() / count as u128);
        for part in [0.0, 0.25, 0.5, 0.9, 0.99, 0.999, 1.0] {
            let (ours, right) = (latencies.quantile(part), by_sorting(&list, part));
            let wrong = ours.as_nanos().abs_diff(right.as_nanos());
            // To a ten-thousandth, and below 10 ms to a microsecond.
            let allowed = (right.as_nanos() / 8000).max(1000);
            assert!(wrong <= allowed, "seed {seed}, {part}: {ours:?}, {right:?}");
        }
    }
}

#[test]
fn to_add_is_the_same_as_to_record_in_one() {
    let mut rng = Rng::with_seed(19);
    let (mut all, mut sum) = (Latencies::new(), Latencies::new());
    for _ in 0..20 {
        let mut part = Latencies::new();
        for _ in 0..rng.u32(0..200) {
            let latency = random(&mut rng);
            part.record(latency);
            all.record(latency);
        }
        sum.add(&part);
    }
    assert_eq!(sum.count(), all.count());
    let of = |it: &Latencies| (it.min(), it.max(), it.mean(), it.bars());
    assert_eq!(of(&sum), of(&all));
    for part in [0.1, 0.5, 0.9, 0.99] {
        assert_eq!(sum.quantile(part), all.quantile(part));
    }
}

#[test]
fn every_latency_is_in_one_bar() {
    let mut rng = Rng::with_seed(7);
    let mut latencies = Latencies::new();
    (0..5000).for_each(|_| latencies.record(random(&mut rng)));
    // What has no bar of its own is in the last one.
    latencies.record(Duration::from_secs(100_000));
    latencies.record(Duration::ZERO);
    let bars = latencies.bars();
    assert_eq!(bars.iter().map(|bar| bar.count).sum::<u64>(), 5002);
    assert!(bars.windows(2).all(|two| two[0].to == two[1].from));
    assert!(Latencies::new().bars().is_empty());
}

#[test]
fn a_latency_at_an_edge_is_in_the_bar_that_begins_there() {
    for edge in [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000] {
        let mut latencies = Latencies::new();
        latencies.record(millis(edge));
        assert_eq!(latencies.bars()[0].from, millis(edge));
    }
}

#[test]
fn without_a_latency_there_are_zeros() {
    let none = Latencies::new();
    let all = [none.min(), none.max(), none.mean(), none.quantile(0.99)];
    assert_eq!(all, [Duration::ZERO; 4]);
}

#[test]
#[should_panic = "a part of all is from 0 to 1, and not 99"]
fn a_percentage_is_no_part() {
    Latencies::new().quantile(99.0);
}

#[test]
fn times_have_three_figures() {
    let told = [
        (0, "0 µs"),
        (999, "1 µs"),
        (999_400, "999 µs"),
        (999_600, "1 ms"),
        (12_340_000, "12.3 ms"),
        (999_600_000, "1 s"),
        (75_250_000_000, "75.2 s"),
        (123_456_000_000, "123 s"),
    ];
    for (nanos, text) in told {
        assert_eq!(short(Duration::from_nanos(nanos)), text);
    }
}

fn report() -> Report {
    let mut tally = Tally::default();
    for number in 1..=100 {
        let answer = Answer {
            status: if number % 10 == 0 { 500 } else { 200 },
            sent: 1 << 20,
            received: 10,
        };
        tally.record(millis(10 * number), millis(number), Ok(answer));
    }
    tally.record(millis(2000), millis(2000), Err(Failure::TimedOut));
    tally.record(millis(1), millis(1), Err(Failure::Refused));
    Report {
        clients: 4,
        every: Some(millis(10)),
        elapsed: Duration::from_secs(2),
        tally,
    }
}

#[test]
fn what_was_given_up_counts_as_a_latency_and_what_was_refused_does_not() {
    let tally = report().tally;
    assert_eq!((tally.answered(), tally.failed()), (100, 2));
    assert_eq!(tally.since_due.count(), 101);
    assert_eq!(tally.since_due.max(), millis(2000));
    assert_eq!(tally.since_due.min(), millis(10));
}

#[test]
fn the_json_is_the_report() {
    let json = report().to_json();
    assert_eq!(json["clients"], 4);
    assert_eq!(json["answered"], 100);
    assert_eq!(json["failed"], 2);
    assert_eq!(json["answers_per_second"], 50.0);
    assert_eq!(json["due_per_second"], 100.0);
    assert_eq!(json["statuses"]["500"], 10);
    assert_eq!(json["failures"]["timed out"], 1);
    assert_eq!(json["sent_bytes"], 100_u64 << 20);
    assert_eq!(json["since_due"]["max_ms"], 2000.0);
    assert_eq!(json["since_sent"]["min_ms"], 1.0);
}

#[test]
fn the_text_has_both_columns_in_an_open_loop_alone() {
    let mut report = report();
    let text = report.to_string();
    assert!(
        text.contains("\nlatency            since due    since sent\n"),
        "{text}"
    );
    assert!(
        text.contains("\np50                510 ms       51 ms\n"),
        "{text}"
    );
    assert!(
        text.contains("\nsent               100 MB, 50 MB/s\n"),
        "{text}"
    );
    report.every = None;
    let text = report.to_string();
    assert!(text.contains("\np50                510 ms\n"), "{text}");
    assert!(!text.contains("since due"), "{text}");
}

#[test]
fn the_picture_stays_on_its_paper() {
    let svg = report().to_svg();
    assert_eq!(svg.matches("<polyline").count(), 2);
    let mut points = 0;
    for line in svg.split("points=\"").skip(1) {
        let line = line.split('"').next().unwrap();
        for point in line.split_whitespace() {
            let (x, y) = point.split_once(',').unwrap();
            assert!((80.0..=620.0).contains(&x.parse().unwrap()), "{point}");
            assert!((50.0..=300.0).contains(&y.parse().unwrap()), "{point}");
            points += 1;
        }
    }
    assert!(points > 200);
    // And so does one of nothing.
    let mut empty = report();
    empty.tally = Tally::default();
    assert!(!empty.to_svg().contains("NaN"));
}
