//! Three crawlers, each a process of its own, share one crawl; one of them dies with a page in its hand.
//!
//! twin: none, it is SQL, and the same there
//! needs: postgres
//! flag: --crawler C  is one of the crawlers, which the program starts itself

use std::collections::BTreeMap;
use std::env;
use std::io;
use std::process::Stdio;
use std::time::Duration;

use chapter::{Args, BadInput};
use crawler::site::Site;
use crawler::{Answer, Fetcher, Limits, Problem, links};
use database::{Error, Frontier, Page, Postgres, on_a_server};
use taxi::process::Command;
use taxi::time::sleep;
use trace::say;

// ANCHOR: site
/// Chapter 17's server with 31 pages: 0 leads to 1 and 2, 1 to 3 and 4, and all of them
/// back to 0.
fn serve() -> io::Result<Site> {
    let page = |number: u32| {
        let links = [0, 2 * number + 1, 2 * number + 2].into_iter();
        let links = links.filter(|link| *link < 31);
        let html = links.map(|link| format!("<a href=\"/{link}\">{link}</a>\n"));
        (format!("/{number}"), html.collect::<String>())
    };
    let pages: Vec<(String, String)> = (0..31).map(page).collect();
    let pages: Vec<(&str, &str)> =
        pages.iter().map(|(path, it)| (&**path, &**it)).collect();
    Site::pages(Duration::ZERO, &pages)
}

/// What a page links to; or why it cannot be had.
async fn fetch(fetcher: &Fetcher, page: &Page) -> Result<Vec<String>, Problem> {
    let url = page.url.parse().map_err(|_| Problem::NoAddress)?;
    match fetcher.fetch(&url, true).await {
        Ok(Answer::Page(body)) => {
            let links = links(&body.bytes, &url).links;
            Ok(links.into_iter().map(|link| link.to.to_string()).collect())
        }
        Ok(Answer::Moved(to)) => Ok(to.into_iter().map(String::from).collect()),
        Err(failed) => Err(failed.problem),
    }
}
// ANCHOR_END: site

// ANCHOR: crawler
/// What each crawler does, until nothing is open any more.
async fn crawl(name: &str, url: &str) -> Result<(), Error> {
    let fetcher = Fetcher::new(Limits::default(), "taxi-crawler");
    let frontier = frontier(url)?;
    let mut claimed = 0;
    while frontier.progress().await?.open > 0 {
        let Some(page) = frontier.claim(name).await? else {
            // Others have the rest. They may find more, or die.
            sleep(Duration::from_millis(20)).await;
            continue;
        };
        claimed += 1;
        match fetch(&fetcher, &page).await {
            Ok(_) if name == "1" && claimed == 2 => std::process::exit(3),
            Ok(links) => drop(frontier.finish(&page, &links).await?),
            Err(error) => drop(frontier.fail(&page, &error.to_string()).await?),
        }
    }
    Ok(())
}

fn frontier(url: &str) -> Result<Frontier, Error> {
    let pool = Postgres::at(url)?.connections(1).build();
    // As long as this program may run.
    Ok(Frontier::new(pool, "the site").lease(Duration::from_secs(3600)))
}
// ANCHOR_END: crawler

// ANCHOR: main
/// Starts a crawler; its exit status, when it has ended.
async fn crawler(name: &str, url: &str) -> io::Result<Option<i32>> {
    let mut command = Command::new(env::current_exe()?);
    command.args(["shared-crawl", "--crawler", name]);
    command.env("CRAWL_DATABASE", url);
    // A recording is of this process.
    command.as_std_mut().env_remove("WORKBOOK_TRACE");
    Ok(command.stdin(Stdio::null()).status().await?.code())
}

async fn office(url: String) -> Result<(), Error> {
    let frontier = frontier(&url)?;
    frontier.create().await?;
    let site = serve().map_err(Error::Connect)?;
    frontier.add(&[site.url("/0").to_string()], 0).await?;

    let died = crawler("1", &url).await.map_err(Error::Connect)?;
    say!("crawler 1: died, status {}", died.unwrap_or(-1));
    say!("{:?}", frontier.progress().await?);
    // Its lease would run out in an hour. Who knows better need not wait.
    say!("pages that it had: {}", frontier.release("1").await?);

    let (second, third) = (crawler("2", &url), crawler("3", &url));
    let (second, third) = taxi::join(second, third).await;
    for (name, status) in [("2", second), ("3", third)] {
        let status = status.map_err(Error::Connect)?;
        say!("crawler {name}: ended, status {}", status.unwrap_or(-1));
    }
    say!("{:?}", frontier.progress().await?);
    let mut asked: BTreeMap<String, u32> = BTreeMap::new();
    for path in site.asked() {
        *asked.entry(path).or_default() += 1;
    }
    let twice = asked.iter().filter(|(_, times)| **times > 1);
    let twice: Vec<&str> = twice.map(|(page, _)| &**page).collect();
    say!(
        "{} pages were asked for; twice: {}",
        asked.len(),
        twice.join(", ")
    );
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    let Some(crawler) = args.number("crawler", 1..=3_u32)? else {
        return on_a_server(office);
    };
    let url = env::var("CRAWL_DATABASE").unwrap_or_default();
    let ended = taxi::run(async { crawl(&crawler.to_string(), &url).await });
    let ended = ended.map_err(|error| BadInput::new(error.to_string()))?;
    ended.map_err(|error| BadInput::new(error.to_string()))
}
