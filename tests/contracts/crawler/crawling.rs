//! A whole crawl: every page once, no more at once than allowed, every broken link with its page.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use crawler::site::{FIFTEEN, Site};
use crawler::{Bounds, Crawl, Outcome, Settings};
use taxi::time::{now, sleep, timeout};
use taxi::{gather, spawn};
use web::client::Client;
use web::{App, HeaderValue, Request, Response, Server, header};

use crate::{broken, crawl, once_each, url};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn the_fifteen_pages_have_the_articles_sizes() {
    taxi::test::run(async {
        let site = Site::fifteen(SECOND).unwrap();
        let client = Client::new();
        let pages = FIFTEEN.into_iter().map(|(path, size, tenths)| {
            let answer = client.get(site.url(path).as_str());
            async move {
                let bytes = answer.await.unwrap().bytes().await.unwrap();
                assert_eq!((bytes.len(), now().as_secs()), (size, u64::from(tenths)));
            }
        });
        gather(pages).await.unwrap();
        let total: usize = FIFTEEN.iter().map(|page| page.1).sum();
        assert_eq!((total, now().as_secs()), (625_484, 15));
    });
}

/// Pages 0 to 99, each of which links to all others.
fn everybody_knows_everybody() -> Site {
    let links: String = (0..100)
        .map(|page| format!("<a href=/{page}></a>"))
        .collect();
    let links: &'static str = links.leak();
    Site::serve(async move |_: &str| {
        sleep(SECOND).await;
        Response::html(links)
    })
    .unwrap()
}

#[test]
fn no_more_at_once_than_allowed_and_no_fewer_than_possible() {
    taxi::test::run(async {
        for concurrency in [1, 3, 10] {
            let (site, start) = (everybody_knows_everybody(), now());
            let bounds = Bounds {
                per_host: 100,
                ..Bounds::default()
            };
            let settings = Settings {
                bounds,
                concurrency,
                robots: false,
                ..Settings::default()
            };
            let report = crawl(&site, settings).await;
            assert_eq!(report.pages().len(), 101);
            assert!(report.broken().is_empty());
            assert_eq!(site.most_at_once(), concurrency);
            let took = (now() - start).as_secs() as usize;
            assert_eq!(took, 1 + 100_usize.div_ceil(concurrency));
            once_each(&site);
        }
    });
}

#[test]
fn broken_links_are_named_with_their_pages_and_places() {
    taxi::test::run(async {
        let pages = [
            (
                "/",
                "<a href=/a#here></a><a href=/a#gone></a><a href=/a#%C3%A9></a><a href=/b#any></a><a href=#top></a>",
            ),
            (
                "/a",
                "<p id=here><p id=é><img src=/no.png><a href='http://['></a><a href=/#:~:text=taxi></a><a href=#here:~:text=taxi></a>",
            ),
        ];
        let site = Site::pages(Duration::ZERO, &pages).unwrap();
        let report = crawl(&site, Settings::default()).await;
        let wanted = [
            "/ /a#gone: the page has no #gone",
            "/ /b#any: 404 Not Found",
            "/a /no.png: 404 Not Found",
            "/a http://[: no address",
        ];
        assert_eq!(broken(&report), wanted);
        let json = report.to_json();
        assert_eq!(json["broken"].as_array().unwrap().len(), 4);
        assert_eq!(json["pages"].as_array().unwrap().len(), 4);
    });
}

#[test]
fn other_sites_are_asked_if_they_are_to_be_and_never_crawled() {
    taxi::test::run(async {
        let other = Rc::new(
            Site::pages(Duration::ZERO, &[("/there", "<a href=/further></a>")]).unwrap(),
        );
        let html = format!(
            "<a href={}></a><a href={}></a>",
            other.url("/there"),
            other.url("/gone")
        );
        for external in [false, true] {
            let site = Site::pages(Duration::ZERO, &[("/", &html)]).unwrap();
            let report = crawl(
                &site,
                Settings {
                    external,
                    ..Settings::default()
                },
            )
            .await;
            assert_eq!(report.broken().len(), usize::from(external));
            let asked = other.asked();
            match external {
                false => assert!(asked.is_empty()),
                true => assert_eq!(asked, ["/robots.txt", "/there", "/gone"]),
            }
        }
    });
}

#[test]
fn of_other_sites_nothing_is_read_and_no_place_is_missed() {
    taxi::test::run(async {
        let other = Site::pages(Duration::ZERO, &[("/there", "a page")]).unwrap();
        let link = other.url("/there");
        let html = format!("<a href={link}#nowhere></a>");
        let site = Site::pages(Duration::ZERO, &[("/", &html)]).unwrap();
        let settings = Settings {
            external: true,
            ..Settings::default()
        };
        let report = crawl(&site, settings).await;
        assert_eq!(report.page(&link).unwrap().outcome, Outcome::Read(0));
        assert!(broken(&report).is_empty(), "{:?}", broken(&report));
    });
}

#[test]
fn what_is_not_said_to_be_html_has_no_links() {
    taxi::test::run(async {
        let html = "<a href=/text></a><a href=/xhtml></a>";
        let site = Site::serve(async move |path: &str| {
            let of = |kind| {
                let kind = HeaderValue::from_static(kind);
                Response::text(format!("<a href={path}-x></a>"))
                    .with_header(header::CONTENT_TYPE, kind)
            };
            match path {
                "/" => Response::html(html),
                "/text" => of("text/plain"),
                "/xhtml" => of("Application/XHTML+xml; charset=utf-8"),
                _ => Response::text(""),
            }
        });
        let site = site.unwrap();
        let settings = Settings {
            robots: false,
            concurrency: 1,
            ..Settings::default()
        };
        crawl(&site, settings).await;
        assert_eq!(site.asked(), ["/", "/text", "/xhtml", "/xhtml-x"]);
    });
}

#[test]
fn it_tells_servers_the_name_that_it_was_given() {
    taxi::test::run(async {
        let names = Rc::new(RefCell::new(Vec::new()));
        let told = Rc::clone(&names);
        let app = App::new().fallback(async move |request: Request| {
            let name = request.header("user-agent").map(ToString::to_string);
            told.borrow_mut().push(name);
            match request.uri().path() {
                "/robots.txt" => Response::text(
                    "User-agent: taxi-crawler\nDisallow: /\n\nUser-agent: bot\nDisallow: /a",
                ),
                _ => Response::html("<a href=/a></a><a href=/b></a>"),
            }
        });
        let server = Server::bind(([127, 0, 0, 1], 0).into()).unwrap();
        let server = server.serve(app).unwrap();
        let start = url(&format!("http://{}/", server.local_addr()));
        let settings = Settings {
            agent: "bot".to_string(),
            ..Settings::default()
        };
        let crawl = Rc::new(Crawl::new(&start, settings).unwrap());
        crawl.run().await;
        // The rules, the start, and what it is allowed.
        assert_eq!(names.take(), vec![Some("bot".to_string()); 3]);
    });
}

#[test]
fn the_report_can_be_read_at_any_time_and_outlives_a_crawl_that_is_dropped() {
    taxi::test::run(async {
        let site = everybody_knows_everybody();
        let settings = Settings {
            concurrency: 2,
            ..Settings::default()
        };
        let told = Rc::new(RefCell::new(0));
        let count = Rc::clone(&told);
        let crawl = Crawl::new(&site.url("/"), settings).unwrap();
        let crawl = Rc::new(crawl.watched(move |_, _| *count.borrow_mut() += 1));
        let running = Rc::clone(&crawl);
        let running =
            spawn(async move { timeout(10 * SECOND, running.run()).await.is_err() });
        sleep(5 * SECOND).await;
        let early = crawl.report().pages().len();
        assert!(running.await.unwrap(), "it was not over");
        let late = crawl.report().pages().len();
        assert!(0 < early && early < late && late < 100, "{early} {late}");
        assert_eq!(*told.borrow(), late);
        // Nobody goes on behind our back.
        sleep(60 * SECOND).await;
        assert_eq!(crawl.report().pages().len(), late);
        assert!(
            crawl
                .report()
                .pages()
                .iter()
                .all(|it| matches!(it.outcome, Outcome::Read(_)))
        );
    });
}

#[test]
fn a_long_page_is_read_by_a_thread_and_the_loop_goes_on() {
    taxi::test::run(async {
        let link = "<a href=/x></a>".repeat(200_000);
        let site = Site::pages(Duration::ZERO, &[("/", &link), ("/x", "")]).unwrap();
        let report = crawl(
            &site,
            Settings {
                robots: false,
                ..Settings::default()
            },
        )
        .await;
        assert_eq!(report.bytes(), link.len());
        assert_eq!(site.asked(), ["/", "/x"]);
    });
}
