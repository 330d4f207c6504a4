//! A site that asks robots to stay away from some pages, and to take their time.
//!
//! twin: own, its parser takes the first rule that fits and not the longest
//! clock: virtual

use std::error::Error;
use std::rc::Rc;

use chapter::{Args, BadInput};
use crawler::site::{self, Site};
use crawler::{Crawl, Outcome, Settings};
use taxi::time::now;
use trace::say;
use web::Response;

// ANCHOR: rules
const RULES: &str = "\
User-agent: *
Disallow: /private
Allow: /private/map
Disallow: /*.pdf$
Crawl-delay: 3

User-agent: greedy
Disallow: /
";
// ANCHOR_END: rules

// ANCHOR: main
const START: &str = "<a href=/private/diary>diary</a> <a href=/private/map>map</a>
    <a href=/fares.pdf>fares</a> <a href=/fares.pdf.html>about them</a>";

async fn office(path: &str) -> Response {
    match path {
        "/robots.txt" => Response::text(RULES),
        "/" => Response::html(START),
        _ => Response::html(""),
    }
}

async fn crawl(agent: &str) -> Result<(), Box<dyn Error>> {
    let site = Site::serve(office)?;
    let agent = agent.to_string();
    let settings = Settings {
        agent,
        ..Settings::default()
    };
    let start = now();
    let crawl = Crawl::new(&site.url("/"), settings)?.watched(move |page, _| {
        let time = (now() - start).as_secs();
        match &page.outcome {
            Outcome::Disallowed => {
                say!("{time:2} s  {}: not for robots", page.url.path())
            }
            _ => say!("{time:2} s  {}", page.url.path()),
        }
    });
    Rc::new(crawl).run().await;
    say!("the server was asked for {}", site.asked().join(" "));
    Ok(())
}

async fn program() -> Result<(), Box<dyn Error>> {
    say!("polite:");
    crawl("polite").await?;
    say!("greedy:");
    crawl("greedy").await
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    site::run(args.real(), program())
}
