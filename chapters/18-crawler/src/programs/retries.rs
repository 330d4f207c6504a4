//! Servers that are out of order for a while: when they are asked again, and when they are given up.
//!
//! twin: none, its random numbers are others
//! clock: virtual
//! flag: --seed S  where the random part of the pauses starts

use std::cell::Cell;
use std::error::Error;
use std::rc::Rc;

use chapter::{Args, BadInput};
use crawler::site::{self, Site};
use crawler::{Crawl, Settings};
use taxi::time::now;
use trace::say;
use web::{HeaderValue, Response, StatusCode, header};

const START: &str =
    "<a href=/tired></a> <a href=/asleep></a> <a href=/busy></a> <a href=/gone></a>";

// ANCHOR: main
async fn program(seed: u64) -> Result<(), Box<dyn Error>> {
    let tired = Cell::new(0);
    let site = Site::serve(async move |path: &str| {
        if path.len() > 1 && path != "/robots.txt" {
            say!("{:6.3} s  {path}", now().as_nanos() as f64 / 1e9);
        }
        let unavailable = Response::empty(StatusCode::SERVICE_UNAVAILABLE);
        match path {
            "/" => Response::html(START),
            // The third attempt is the first that it answers.
            "/tired" if tired.replace(tired.get() + 1) < 2 => unavailable,
            "/tired" => Response::html("at last"),
            "/asleep" => std::future::pending().await,
            "/busy" if now().as_secs() < 20 => {
                unavailable.with_header(header::RETRY_AFTER, HeaderValue::from(20))
            }
            "/busy" => Response::html("thank you for your patience"),
            _ => Response::empty(StatusCode::NOT_FOUND),
        }
    })?;
    let settings = Settings {
        seed,
        ..Settings::default()
    };
    let crawl = Rc::new(Crawl::new(&site.url("/"), settings)?);
    crawl.run().await;
    let report = crawl.report();
    for broken in report.broken() {
        let path = broken.link.rsplit('/').next().unwrap_or_default();
        say!("broken: /{path}: {}", broken.problem);
    }
    say!("{report}");
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    let seed = args.number("seed", 0..=u64::MAX)?.unwrap_or(7);
    site::run(args.real(), program(seed))
}
