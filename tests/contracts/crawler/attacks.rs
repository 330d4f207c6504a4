//! Whatever a site does, the crawl ends, says what was wrong, and asks for nothing twice.

use std::rc::Rc;
use std::time::Duration;

use crawler::site::{Site, Then};
use crawler::{Backoff, Bounds, Crawl, Fetcher, Limits, Outcome, Problem, Settings};
use taxi::protocols::tls::connector;
use taxi::time::now;
use web::Response;
use workbook_tests::nobody::Nobody;

use crate::{broken, crawl, once_each, url};

fn once() -> Settings {
    Settings {
        backoff: Backoff {
            attempts: 1,
            ..Backoff::default()
        },
        robots: false,
        ..Settings::default()
    }
}

/// What comes of a server that answers so.
async fn outcome(answer: &str, then: Then, settings: Settings) -> Outcome {
    let answer = answer.to_string();
    let site = Site::raw(move |_| (answer.clone(), then)).unwrap();
    let report = crawl(&site, settings).await;
    once_each(&site);
    assert_eq!(report.pages().len(), 1);
    report.pages()[0].outcome.clone()
}

#[test]
fn an_answer_that_breaks_off_is_cut_off_however_it_does() {
    taxi::test::run(async {
        let header = "HTTP/1.1 200 OK\r\n";
        for (rest, then) in [
            ("content-length: 20\r\n\r\n0123456789", Then::Close),
            ("content-length: 20\r\n\r\n0123456789", Then::Reset),
            (
                "transfer-encoding: chunked\r\n\r\n5\r\n01234\r\n",
                Then::Close,
            ),
            ("transfer-encoding: chunked\r\n\r\n5\r\n012", Then::Reset),
            ("content-type: text/", Then::Close),
            ("content-type: text/", Then::Reset),
        ] {
            let outcome = outcome(&format!("{header}{rest}"), then, once()).await;
            assert_eq!(
                outcome,
                Outcome::Failed(Problem::CutOff),
                "{rest:?} {then:?}"
            );
        }
        assert_eq!(
            outcome("", Then::Close, once()).await,
            Outcome::Failed(Problem::CutOff)
        );
    });
}

#[test]
fn what_is_no_http_is_said_to_be_none() {
    taxi::test::run(async {
        for answer in [
            "SSH-2.0-OpenSSH_9.2\r\n\r\n",
            "HTTP/1.1 banana\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n012345",
            "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n",
        ] {
            let outcome = outcome(answer, Then::Close, once()).await;
            assert!(
                matches!(outcome, Outcome::Failed(Problem::Other(_))),
                "{answer:?}: {outcome:?}"
            );
        }
    });
}

#[test]
fn what_does_not_end_ends_at_its_limit() {
    taxi::test::run(async {
        let limits = Limits {
            bytes: 10_000,
            time: Duration::from_secs(5),
            ..Limits::default()
        };
        let settings = || Settings {
            limits: limits.clone(),
            ..once()
        };
        let too_long = Outcome::Failed(Problem::TooLong(10_000));
        let endless = "HTTP/1.1 200 OK\r\n\r\n";
        assert_eq!(outcome(endless, Then::GoOn, settings()).await, too_long);
        // What is announced is believed: not a byte is read.
        let announced = "HTTP/1.1 200 OK\r\ncontent-length: 10001\r\n\r\n";
        assert_eq!(outcome(announced, Then::Sleep, settings()).await, too_long);
        let exact = format!(
            "HTTP/1.1 200 OK\r\ncontent-length: 10000\r\n\r\n{}",
            ".".repeat(10_000)
        );
        assert_eq!(
            outcome(&exact, Then::Close, settings()).await,
            Outcome::Read(10_000)
        );
        let start = now();
        let asleep = Outcome::Failed(Problem::TimedOut(Duration::from_secs(5)));
        for answer in [
            "",
            "HTTP/1.1 200 OK\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\ntaxi",
        ] {
            assert_eq!(outcome(answer, Then::Sleep, settings()).await, asleep);
        }
        assert_eq!((now() - start).as_secs(), 15);
        // A header without end is no page.
        let header = format!("HTTP/1.1 200 OK\r\nx: {}", ".".repeat(1_000_000));
        let outcome = outcome(&header, Then::GoOn, settings()).await;
        assert!(matches!(outcome, Outcome::Failed(_)), "{outcome:?}");
    });
}

#[test]
fn more_than_announced_does_not_spoil_the_next_page() {
    taxi::test::run(async {
        let page = |html: &str, more: &str| {
            format!(
                "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\n\r\n{html}{more}",
                html.len()
            )
        };
        let site = Site::raw(move |path| match path {
            "/" => (
                page("<a href=/next></a>", "HTTP/1.1 404 Not Found\r\n\r\n"),
                Then::Sleep,
            ),
            _ => (page("the next", ""), Then::Close),
        })
        .unwrap();
        let report = crawl(
            &site,
            Settings {
                concurrency: 1,
                ..once()
            },
        )
        .await;
        assert_eq!(
            report.page(&site.url("/next")).unwrap().outcome,
            Outcome::Read(8)
        );
        once_each(&site);
    });
}

/// It is slow, and may be quicker another time; of its certificate nothing is known.
#[test]
fn silence_instead_of_a_certificate_is_no_bad_certificate() {
    taxi::test::run(async {
        let site = Site::raw(|_| (String::new(), Then::Sleep)).unwrap();
        let secret = url(&site.url("/").to_string().replace("http:", "https:"));
        let limits = Limits {
            connect: Duration::from_secs(5),
            ..Limits::default()
        };
        let fetcher = Fetcher::new(limits, "bot").tls(connector([]).unwrap());
        let start = now();
        let failed = fetcher.fetch(&secret, true).await.unwrap_err();
        assert_eq!(failed.problem, Problem::TimedOut(Duration::from_secs(5)));
        assert_eq!((now() - start).as_secs(), 5);
    });
}

fn moved(to: &str) -> (String, Then) {
    let header =
        format!("HTTP/1.1 301 Moved\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n");
    (header, Then::Close)
}

#[test]
fn redirects_end_in_a_circle_in_nothing_or_after_so_many() {
    taxi::test::run(async {
        // To itself; in a circle of three; to no address; elsewhere; on and on.
        for (to, wanted) in [
            ("/", Some(Problem::RedirectLoop)),
            ("/b", Some(Problem::RedirectLoop)),
            ("http://[", Some(Problem::NowhereToGo)),
            ("ftp://t/", Some(Problem::NowhereToGo)),
            ("http://elsewhere.example/", None),
        ] {
            let site = Site::raw(move |path| match path {
                "/b" => moved("/c"),
                "/c" => moved("/"),
                _ => moved(to),
            })
            .unwrap();
            let report = crawl(&site, once()).await;
            let found = report.broken().first().map(|it| it.problem.clone());
            assert_eq!(found, wanted, "{to}");
            once_each(&site);
        }
        let site = Site::raw(|path| moved(&format!("{path}x"))).unwrap();
        let report = crawl(&site, once()).await;
        assert_eq!(site.asked().len(), 11);
        assert_eq!(report.broken()[0].problem, Problem::TooManyRedirects(10));
    });
}

#[test]
fn a_site_without_end_ends_at_the_bounds() {
    taxi::test::run(async {
        let calendar = async |path: &str| {
            let month: u64 = path.trim_start_matches('/').parse().unwrap_or(0);
            let links =
                (1..=50).map(|more| format!("<a href=/{}></a>", month * 50 + more));
            Response::html(links.collect::<String>())
        };
        let site = Site::serve(calendar).unwrap();
        let bounds = Bounds {
            pages: 500,
            ..Bounds::default()
        };
        let report = crawl(&site, Settings { bounds, ..once() }).await;
        assert_eq!(site.asked().len(), 500);
        assert!(report.left_out() > 10_000);
        once_each(&site);
        let site = Site::serve(calendar).unwrap();
        let bounds = Bounds {
            depth: 1,
            ..Bounds::default()
        };
        crawl(&site, Settings { bounds, ..once() }).await;
        assert_eq!(site.asked().len(), 51);
    });
}

#[test]
fn nobody_there_is_an_answer_too() {
    taxi::test::run(async {
        let nobody = Nobody::new();
        let gone = url(&format!("http://{}/", nobody.address()));
        let crawl = Rc::new(Crawl::new(&gone, once()).unwrap());
        crawl.run().await;
        assert_eq!(broken(&crawl.report()), [" /: nobody listens there"]);
    });
}

#[test]
fn a_certificate_is_believed_if_it_is_trusted() {
    taxi::test::run(async {
        let (stranger, certificate) = Site::secret("<p id=place>").unwrap();
        let secret = stranger.url("/").to_string().replace("http:", "https:");
        let other = Site::secret("").unwrap().1;
        for (trusted, reads) in [
            (vec![certificate], true),
            (vec![other], false),
            (vec![], false),
        ] {
            let settings = once();
            let fetcher = Fetcher::new(settings.limits.clone(), "bot")
                .tls(connector(trusted).unwrap());
            let start = secret.parse().unwrap();
            let crawl = Rc::new(Crawl::new(&start, settings).unwrap().with(fetcher));
            crawl.run().await;
            let outcome = crawl.report().pages()[0].outcome.clone();
            match reads {
                true => assert_eq!(outcome, Outcome::Read(12)),
                false => assert!(
                    matches!(outcome, Outcome::Failed(Problem::Certificate(_))),
                    "{outcome:?}"
                ),
            }
        }
    });
}
