//! Whatever can be wrong with a site: each is reported, none stops the crawl, and nothing is fetched twice.
//!
//! twin: none, the standard library has no client for the loop
//! clock: virtual

use std::error::Error;
use std::rc::Rc;

use chapter::{Args, BadInput};
use crawler::site::{self, Site, Then};
use crawler::{Backoff, Crawl, Fetcher, Limits, Settings};
use taxi::protocols::tls::connector;
use taxi::time::now;
use trace::say;

// ANCHOR: answers
const START: &str =
    "<a href=/loop/a>a loop of links</a> <a href=/circle/a>one of redirects</a>
    <a href=/on/1>a redirect without end</a> <a href=/endless>a page without end</a>
    <a href=/reset>a reset</a> <a href=/short>less than announced</a>
    <a href=/long>more than announced</a> <a href=/two-lengths>two lengths</a>
    <a href=/noise>no HTTP</a> <a href=/asleep>a server that sleeps</a>
    <a href=/nowhere>a redirect to nowhere</a> <a href=/good#place>a place</a>
    <a href=/good#no-place>no place</a> <a href='http://['>no address</a>
    <a href='STRANGER'>who is that?</a>";

const TYPE: &str = "content-type: text/html";

fn answer(path: &str, start: &str) -> (String, Then) {
    let of_length = |length: &str, body: &str| {
        format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n{TYPE}\r\n\r\n{body}")
    };
    let page = |html: &str| of_length(&html.len().to_string(), html);
    let moved = |to: &str| {
        format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n")
    };
    let bytes = match path {
        "/" => page(start),
        "/loop/a" => page("<a href=/loop/b>b</a>"),
        "/loop/b" => page("<a href=/loop/a>a</a> <a href='/loop/../loop/%61'>a</a>"),
        "/circle/a" => moved("/circle/b"),
        "/circle/b" => moved("/circle/a"),
        "/endless" => "HTTP/1.1 200 OK\r\n\r\n".to_string(),
        "/reset" | "/short" => of_length("20", "half of it."),
        "/long" => of_length("5", "too much"),
        "/two-lengths" => of_length("10\r\ncontent-length: 5", "which?"),
        "/noise" => "the taxi is here\r\n\r\n".to_string(),
        "/asleep" => String::new(),
        "/nowhere" => "HTTP/1.1 302 Found\r\ncontent-length: 0\r\n\r\n".to_string(),
        "/good" => page("<p id=place>"),
        _ => match path
            .strip_prefix("/on/")
            .and_then(|it| it.parse::<u32>().ok())
        {
            Some(number) => moved(&format!("/on/{}", number + 1)),
            None => "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".to_string(),
        },
    };
    let then = match path {
        "/endless" => Then::GoOn,
        "/reset" => Then::Reset,
        "/asleep" => Then::Sleep,
        _ => Then::Close,
    };
    (bytes, then)
}
// ANCHOR_END: answers

// ANCHOR: main
async fn program() -> Result<(), Box<dyn Error>> {
    let (stranger, _) = Site::secret("trust me")?;
    let secret = stranger.url("/").to_string().replace("http:", "https:");
    let start = START.replace("STRANGER", &secret);
    let site = Site::raw(move |path| answer(path, &start))?;
    let settings = Settings {
        limits: Limits {
            bytes: 100_000,
            ..Limits::default()
        },
        backoff: Backoff {
            attempts: 1,
            ..Backoff::default()
        },
        external: true,
        ..Settings::default()
    };
    // It trusts nobody.
    let fetcher =
        Fetcher::new(settings.limits.clone(), &settings.agent).tls(connector([])?);
    let crawl = Rc::new(Crawl::new(&site.url("/"), settings)?.with(fetcher));
    crawl.run().await;
    let report = crawl.report();
    let root = site.url("/").to_string();
    for broken in report.broken() {
        let link = broken
            .link
            .replace(&root, "/")
            .replace(&secret, "the stranger");
        say!("{link}: {}", broken.problem);
    }
    let mut asked = site.asked();
    let all = asked.len();
    asked.sort();
    asked.dedup();
    say!("{} s  {report}", now().as_secs());
    say!("{all} requests for {} addresses", asked.len());
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    site::run(args.real(), program())
}
