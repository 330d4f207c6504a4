//! What may pass is tried again, later each time, and what may not is not.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use crawler::site::{Site, Then};
use crawler::{Backoff, Crawl, Outcome, Problem, Settings};
use fastrand::Rng;
use taxi::time::now;
use web::{HeaderValue, Response, StatusCode, header};
use workbook_tests::nobody::Nobody;

use crate::{broken, crawl, url};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn pauses_double_up_to_a_limit_and_keep_a_half() {
    let backoff = Backoff {
        first: SECOND,
        most: 10 * SECOND,
        attempts: 100,
    };
    for seed in 0..100 {
        let mut rng = Rng::with_seed(seed);
        for attempt in 1..100 {
            let whole = SECOND
                .saturating_mul(1 << (attempt - 1).min(20))
                .min(10 * SECOND);
            let pause = backoff.pause(attempt, &mut rng).unwrap();
            assert!(
                whole / 2 <= pause && pause <= whole,
                "{attempt}: {pause:?} of {whole:?}"
            );
        }
        assert_eq!(backoff.pause(100, &mut rng), None);
    }
    let forever = Backoff {
        first: Duration::MAX,
        most: Duration::MAX,
        attempts: u32::MAX,
    };
    let longest = forever.pause(u32::MAX - 1, &mut Rng::with_seed(0)).unwrap();
    assert!(longest >= Duration::MAX / 2);
    assert_eq!(
        Backoff {
            attempts: 1,
            ..backoff
        }
        .pause(1, &mut Rng::with_seed(0)),
        None
    );
}

#[test]
fn clients_that_fail_together_do_not_come_back_together() {
    let backoff = Backoff::default();
    let mut pauses: Vec<Duration> = (0..100)
        .map(|seed| backoff.pause(3, &mut Rng::with_seed(seed)).unwrap())
        .collect();
    pauses.sort();
    pauses.dedup();
    assert!(pauses.len() > 90, "{}", pauses.len());
}

#[test]
fn a_status_that_may_pass_is_tried_again_and_others_are_not() {
    taxi::test::run(async {
        for (status, attempts) in [
            (429, 4),
            (500, 4),
            (502, 4),
            (503, 4),
            (504, 4),
            (400, 1),
            (403, 1),
            (404, 1),
            (410, 1),
            (501, 1),
        ] {
            let site = Site::serve(async move |_: &str| {
                Response::empty(StatusCode::from_u16(status).unwrap())
            })
            .unwrap();
            let report = crawl(
                &site,
                Settings {
                    robots: false,
                    ..Settings::default()
                },
            )
            .await;
            assert_eq!(site.asked().len(), attempts, "{status}");
            let page = &report.pages()[0];
            assert_eq!(page.outcome, Outcome::Failed(Problem::Status(status)));
            assert_eq!(page.attempts as usize, attempts);
        }
    });
}

#[test]
fn retry_after_is_waited_for_unless_it_is_too_long() {
    taxi::test::run(async {
        for (wait, reads) in [("20", true), ("31", false), ("soon", true)] {
            let tries = Cell::new(0);
            let start = now();
            let site = Site::serve(async move |_: &str| match tries.replace(1) {
                0 => Response::empty(StatusCode::SERVICE_UNAVAILABLE)
                    .with_header(header::RETRY_AFTER, HeaderValue::from_static(wait)),
                _ => Response::html(""),
            })
            .unwrap();
            let report = crawl(
                &site,
                Settings {
                    robots: false,
                    ..Settings::default()
                },
            )
            .await;
            assert_eq!(report.broken().is_empty(), reads, "{wait}");
            let took = now() - start;
            match wait {
                "20" => assert_eq!(took, 20 * SECOND),
                "31" => assert_eq!(took, Duration::ZERO),
                _ => assert!(took <= SECOND),
            }
        }
    });
}

/// A server that is started again is not there for a moment.
#[test]
fn who_is_not_there_is_asked_again() {
    taxi::test::run(async {
        let nobody = Nobody::new();
        let gone = url(&format!("http://{}/", nobody.address()));
        let settings = Settings {
            robots: false,
            ..Settings::default()
        };
        let crawl = Rc::new(Crawl::new(&gone, settings).unwrap());
        crawl.run().await;
        let report = crawl.report();
        let page = &report.pages()[0];
        assert_eq!(page.outcome, Outcome::Failed(Problem::Refused));
        assert_eq!(page.attempts, 4);
        // Half of 1 s, 2 s and 4 s at least, and all of them at most.
        assert!((3..=7).contains(&now().as_secs()), "{:?}", now());
    });
}

/// One page breaks off twice and then comes, with others around it: nothing that was read is asked for again.
#[test]
fn others_go_on_while_one_waits_for_its_next_attempt() {
    taxi::test::run(async {
        let breaks = Cell::new(0);
        let site = Site::raw(move |path| {
            let start = "<a href=/broken></a><a href=/1></a><a href=/2></a>";
            let whole = |html: &str| format!("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\n\r\n{html}", html.len());
            match path {
                "/" => (whole(start), Then::Close),
                "/broken" if breaks.replace(breaks.get() + 1) < 2 => {
                    ("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf".to_string(), Then::Reset)
                }
                "/broken" => (whole("<a href=/3></a>"), Then::Close),
                _ => (whole(""), Then::Close),
            }
        })
        .unwrap();
        let report = crawl(
            &site,
            Settings {
                robots: false,
                concurrency: 1,
                ..Settings::default()
            },
        )
        .await;
        assert_eq!(
            site.asked(),
            ["/", "/broken", "/1", "/2", "/broken", "/broken", "/3"]
        );
        assert!(broken(&report).is_empty(), "{:?}", broken(&report));
        assert_eq!(report.page(&site.url("/broken")).unwrap().attempts, 3);
    });
}
