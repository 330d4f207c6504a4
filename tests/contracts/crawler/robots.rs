//! What a site asks of robots is done, and it is asked once.

use std::cell::Cell;
use std::time::Duration;

use crawler::site::Site;
use crawler::{Outcome, Problem, Robots, Settings};
use taxi::time::{now, sleep};
use web::{HeaderValue, Response, StatusCode, header};

use crate::{crawl, once_each, url};

/// The examples of RFC 9309, 2.2.2, 2.2.3 and 5.
#[test]
fn the_longest_rule_that_fits_decides() {
    let allows = |rules: &str, path: &str| {
        let robots = Robots::from_text("examplebot", rules.as_bytes());
        robots.allows(&url(&format!("http://t{path}")))
    };
    let longest = "User-Agent: foobot\nDisallow: /\n\nUser-Agent: ExampleBot\n\
        Allow: /example/page/\nDisallow: /example/page/disallowed.gif\nDisallow: /private";
    assert!(allows(longest, "/example/page/"));
    assert!(!allows(longest, "/example/page/disallowed.gif"));
    assert!(allows(longest, "/"));
    assert!(!allows(longest, "/private/x"));
    let special = "User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /example/allowed.gif";
    assert!(!allows(special, "/x.gif"));
    assert!(allows(special, "/x.gif?big"));
    assert!(!allows(special, "/example/x"));
    assert!(allows("", "/x") && allows("Disallow: \nUser-agent: *\nDisallow:", "/x"));
    assert!(!allows("User-agent: *\ndisallow: /", "/x"));
}

#[test]
fn any_bytes_are_rules_and_few_are_read() {
    for seed in 0..workbook_tests::limits::quick_or_full(500, 20_000) {
        let mut rng = fastrand::Rng::with_seed(seed);
        let bytes: Vec<u8> = (0..rng.usize(0..200))
            .map(|_| *rng.choice(b"User-agent:*Disallow/$%\n\r\0 #\xff").unwrap())
            .collect();
        Robots::from_text("bot", &bytes).allows(&url("http://t/a?b"));
    }
    // What is slow to match in a naive way: many stars, and a long path.
    let rules = format!("User-agent: *\nDisallow: /{}b", "*a".repeat(40));
    let robots = Robots::from_text("bot", rules.as_bytes());
    assert!(robots.allows(&url(&format!("http://t/{}", "a".repeat(4000)))));
    let mut long = "User-agent: *\n".to_string();
    long += &"#\n".repeat(300_000);
    long += "Disallow: /";
    assert!(Robots::from_text("bot", long.as_bytes()).allows(&url("http://t/")));
}

#[test]
fn eight_workers_ask_for_the_rules_once() {
    taxi::test::run(async {
        let start =
            "<a href=/1></a><a href=/2></a><a href=/3></a><a href=/4></a><a href=/5></a>";
        let site = Site::serve(async move |path: &str| {
            sleep(Duration::from_secs(1)).await;
            match path {
                "/" => Response::html(start),
                "/robots.txt" => {
                    Response::text("User-agent: *\nDisallow: /3\nCrawl-delay: 10")
                }
                _ => Response::html(""),
            }
        })
        .unwrap();
        let report = crawl(&site, Settings::default()).await;
        once_each(&site);
        assert_eq!(site.asked(), ["/robots.txt", "/", "/1", "/2", "/4", "/5"]);
        assert_eq!(site.most_at_once(), 1);
        let forbidden = report.page(&site.url("/3")).unwrap();
        assert_eq!(forbidden.outcome, Outcome::Disallowed);
        // The rules at 1 s, then a page each ten seconds.
        assert_eq!(now().as_secs(), 1 + 5 * 10 + 1);
        assert!(report.broken().is_empty());
    });
}

#[test]
fn rules_that_cannot_be_had_close_a_site_and_those_that_are_not_there_do_not() {
    taxi::test::run(async {
        for (status, is_open) in [
            (404, true),
            (403, true),
            (410, true),
            (503, false),
            (429, false),
        ] {
            let site = Site::serve(async move |path: &str| match path {
                "/robots.txt" => Response::empty(StatusCode::from_u16(status).unwrap()),
                _ => Response::html("<a href=/a></a>"),
            })
            .unwrap();
            let report = crawl(&site, Settings::default()).await;
            let pages = site
                .asked()
                .iter()
                .filter(|it| *it != "/robots.txt")
                .count();
            assert_eq!(pages, if is_open { 2 } else { 0 }, "{status}");
            let outcome = &report.pages()[0].outcome;
            let closed = Outcome::Failed(Problem::Status(status));
            assert_eq!(*outcome == closed, !is_open, "{status}");
        }
    });
}

#[test]
fn a_delay_without_end_does_not_stop_a_crawl() {
    taxi::test::run(async {
        for (delay, each) in [("0.5", 0.5), ("60", 60.0), ("1e9", 60.0), ("-1", 0.0)] {
            let start = now();
            let site = Site::serve(async move |path: &str| match path {
                "/robots.txt" => {
                    Response::text(format!("User-agent: *\nCrawl-delay: {delay}"))
                }
                _ => Response::html("<a href=/a></a>"),
            });
            let site = site.unwrap();
            crawl(&site, Settings::default()).await;
            assert_eq!(site.asked(), ["/robots.txt", "/", "/a"]);
            assert_eq!((now() - start).as_secs_f64(), 2.0 * each, "{delay}");
        }
    });
}

#[test]
fn rules_that_come_at_a_later_attempt_are_waited_for() {
    taxi::test::run(async {
        let tries = Cell::new(0);
        let site = Site::serve(async move |path: &str| match path {
            "/robots.txt" if tries.replace(1) == 0 => {
                Response::empty(StatusCode::SERVICE_UNAVAILABLE)
                    .with_header(header::RETRY_AFTER, HeaderValue::from_static("20"))
            }
            "/robots.txt" => Response::text("User-agent: *\nDisallow: /a"),
            _ => Response::html("<a href=/a></a>"),
        })
        .unwrap();
        let report = crawl(&site, Settings::default()).await;
        assert_eq!(site.asked(), ["/robots.txt", "/robots.txt", "/"]);
        let forbidden = report.page(&site.url("/a")).unwrap();
        assert_eq!(forbidden.outcome, Outcome::Disallowed);
        assert_eq!(now().as_secs(), 20);
    });
}

#[test]
fn rules_may_move_and_a_circle_of_them_ends() {
    taxi::test::run(async {
        let moved = |to: &'static str| {
            Response::empty(StatusCode::FOUND)
                .with_header(header::LOCATION, HeaderValue::from_static(to))
        };
        let circles = Cell::new(false);
        let site = Site::serve(async move |path: &str| match path {
            "/robots.txt" => moved("/rules"),
            "/rules" if circles.get() => moved("/robots.txt"),
            "/rules" => {
                circles.set(true);
                Response::text("User-agent: *\nDisallow: /a")
            }
            _ => Response::html("<a href=/a></a>"),
        })
        .unwrap();
        crawl(&site, Settings::default()).await;
        assert_eq!(site.asked(), ["/robots.txt", "/rules", "/"]);
        crawl(&site, Settings::default()).await;
        // Ten redirects are followed, as for any page; then there are no rules.
        let asked = site.asked().split_off(3);
        let rules = asked.iter().take_while(|it| *it != "/").count();
        assert_eq!(
            (rules, &asked[rules..]),
            (11, &["/", "/a"].map(String::from)[..])
        );
    });
}
