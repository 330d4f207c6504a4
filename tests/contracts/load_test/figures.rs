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
    for (name, wanted) in [
        ("p50", 510.0),
        ("p90", 910.0),
        ("p99", 1000.0),
        ("p99.9", 2000.0),
    ] {
        let told = json["since_due"][format!("{name}_ms")].as_f64().unwrap();
        assert!((told - wanted).abs() < wanted / 5000.0, "{name}: {told}");
    }
    // Not whole ones.
    let mut fast = report();
    fast.tally = Tally::default();
    let latency = Duration::from_micros(1250);
    fast.tally.record(latency, latency, Ok(crate::ANSWER));
    assert_eq!(fast.to_json()["since_due"]["max_ms"], 1.25);
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
    let lines = [
        "requests           102",
        "sent               100 MB, 50 MB/s",
        "received           1000 B, 500 B/s",
        "p90                910 ms       91 ms",
        "p99.9              2 s          2 s",
    ];
    for line in lines {
        assert!(text.lines().any(|it| it == line), "{line}: {text}");
    }
    report.tally.received = 3072;
    let text = report.to_string();
    let line = "received           3 KB, 1.5 KB/s";
    assert!(text.lines().any(|it| it == line), "{text}");
    report.every = None;
    let text = report.to_string();
    assert!(text.contains("\np50                510 ms\n"), "{text}");
    assert!(!text.contains("since due"), "{text}");
}

#[test]
fn a_round_that_is_added_counts_in_all_that_is_told() {
    let mut sum = report();
    let mut round = report();
    round.elapsed = Duration::from_secs(3);
    round.tally.failures = [(Failure::Reset, 5)].into();
    sum.add(&round);
    let json = sum.to_json();
    assert_eq!(json["elapsed_s"], 5.0);
    assert_eq!(json["answered"], 200);
    assert_eq!(json["answers_per_second"], 40.0);
    assert_eq!(json["statuses"]["200"], 180);
    let failures = [("timed out", 1), ("refused", 1), ("reset", 5)];
    for (name, count) in failures {
        assert_eq!(json["failures"][name], count);
    }
    assert_eq!(json["sent_bytes"], 200_u64 << 20);
    assert_eq!(json["received_bytes"], 2000);
    for column in ["since_due", "since_sent"] {
        assert_eq!(json[column]["count"], 202, "{column}");
    }
}

#[test]
fn the_chart_has_a_bar_for_what_is_rare() {
    let mut rare = report();
    rare.tally = Tally::default();
    for number in 0..10_000 {
        let latency = millis(if number == 0 { 70 } else { 3 });
        rare.tally.record(latency, latency, Ok(crate::ANSWER));
    }
    let chart = rare.chart();
    let bars: Vec<usize> = chart.lines().map(|it| it.matches('█').count()).collect();
    assert_eq!(bars, [40, 0, 0, 0, 1], "{chart}");
}

#[test]
fn errors_of_the_operating_system_have_their_names() {
    use std::io::{Error, ErrorKind};
    for (kind, wanted) in [
        (ErrorKind::ConnectionRefused, Failure::Refused),
        (ErrorKind::ConnectionReset, Failure::Reset),
        (ErrorKind::BrokenPipe, Failure::Reset),
        (ErrorKind::UnexpectedEof, Failure::Closed),
        (ErrorKind::TimedOut, Failure::TimedOut),
    ] {
        assert_eq!(Failure::from(Error::from(kind)), wanted);
    }
}

#[test]
fn each_step_of_the_picture_is_a_tenth_of_what_was_left() {
    let svg = report().to_svg();
    let line = svg.split("points=\"").nth(1).unwrap();
    // Of a hundred and one requests: two steps, and a little. In the middle is p90, 910 ms of 2 s.
    let points = line.split('"').next().unwrap().split_whitespace();
    let points: Vec<(f64, f64)> = points
        .map(|point| {
            let (x, y) = point.split_once(',').unwrap();
            (x.parse().unwrap(), y.parse().unwrap())
        })
        .collect();
    let middle = points.iter().find(|point| point.0 >= 350.0).unwrap();
    let wanted = 300.0 - 250.0 * 0.910 / 2.0;
    assert!((middle.1 - wanted).abs() < 1.5, "{middle:?}, {wanted}");
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
