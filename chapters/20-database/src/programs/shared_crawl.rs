//! Three crawlers, each a process of its own, share one crawl; one of them dies with a page in its hand.
//!
//! twin: none, it is SQL, and the same there
//! needs: postgres
//! flag: --crawler C  is one of the crawlers, which the program starts itself

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::env;
use std::io;
use std::process::Stdio;
use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use database::{Error, Frontier, Page, Postgres, on_a_server};
use taxi::net::{StreamReader, TcpListener};
use taxi::process::Command;
use taxi::time::sleep;
use trace::say;

// ANCHOR: site
/// How often each page was asked for.
type Asked = Rc<RefCell<BTreeMap<String, u32>>>;

/// A site of 31 pages, reduced to its links: page 0 leads to 1 and 2, 1 to 3 and 4, and
/// all of them back to 0.
async fn serve(listener: TcpListener, asked: Asked) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        let mut reader = StreamReader::new(&stream);
        let line = reader.read_line().await.ok().flatten();
        let page = line.unwrap_or_default().trim().to_string();
        let number: u32 = page.parse().unwrap_or(99);
        let links = [0, 2 * number + 1, 2 * number + 2].map(|link| link.to_string());
        let links = &links[..if number < 15 { 3 } else { 1 }];
        *asked.borrow_mut().entry(page).or_default() += 1;
        stream.write_all(links.join(" ").as_bytes()).await?;
    }
}

async fn fetch(site: &str, page: &Page) -> io::Result<Vec<String>> {
    let stream = taxi::threads::connect(site).await?;
    stream
        .write_all(format!("{}\n", page.url).as_bytes())
        .await?;
    let mut reader = StreamReader::new(&stream);
    let links = reader
        .read_until(b"!")
        .await
        .unwrap_or_else(|end| match end {
            taxi::net::ReadError::Incomplete { partial, .. } => partial,
            _ => Vec::new(),
        });
    let links = String::from_utf8_lossy(&links).into_owned();
    Ok(links.split_whitespace().map(String::from).collect())
}
// ANCHOR_END: site

// ANCHOR: crawler
/// What each crawler does, until nothing is open any more.
async fn crawl(name: &str, url: &str, site: &str) -> Result<(), Error> {
    let frontier = frontier(url)?;
    let mut claimed = 0;
    while frontier.progress().await?.open > 0 {
        let Some(page) = frontier.claim(name).await? else {
            // Others have the rest. They may find more, or die.
            sleep(Duration::from_millis(20)).await;
            continue;
        };
        claimed += 1;
        match fetch(site, &page).await {
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
async fn crawler(name: &str, url: &str, site: &str) -> io::Result<Option<i32>> {
    let mut command = Command::new(env::current_exe()?);
    command.args(["shared-crawl", "--crawler", name]);
    command.env("CRAWL_DATABASE", url).env("CRAWL_SITE", site);
    // A recording is of this process.
    command.as_std_mut().env_remove("WORKBOOK_TRACE");
    Ok(command.stdin(Stdio::null()).status().await?.code())
}

async fn office(url: String) -> Result<(), Error> {
    let frontier = frontier(&url)?;
    frontier.create().await?;
    frontier.add(&["0".to_string()], 0).await?;
    let asked = Asked::default();
    let anywhere = ([127, 0, 0, 1], 0).into();
    let listener = TcpListener::bind(anywhere).map_err(Error::Connect)?;
    let site = listener.local_addr().map_err(Error::Connect)?.to_string();
    let serving = taxi::spawn(serve(listener, Rc::clone(&asked)));

    let died = crawler("1", &url, &site).await.map_err(Error::Connect)?;
    say!("crawler 1: died, status {}", died.unwrap_or(-1));
    say!("{:?}", frontier.progress().await?);
    // Its lease would run out in an hour. Who knows better need not wait.
    say!("pages that it had: {}", frontier.release("1").await?);

    let (second, third) = (crawler("2", &url, &site), crawler("3", &url, &site));
    let (second, third) = taxi::join(second, third).await;
    for (name, status) in [("2", second), ("3", third)] {
        let status = status.map_err(Error::Connect)?;
        say!("crawler {name}: ended, status {}", status.unwrap_or(-1));
    }
    say!("{:?}", frontier.progress().await?);
    let asked = asked.borrow();
    let twice = asked.iter().filter(|(_, times)| **times > 1);
    let twice: Vec<&str> = twice.map(|(page, _)| &**page).collect();
    say!(
        "{} pages were asked for; twice: {}",
        asked.len(),
        twice.join(", ")
    );
    serving.abort();
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    let Some(crawler) = args.number("crawler", 1..=3_u32)? else {
        return on_a_server(office);
    };
    let told = |name: &str| env::var(name).unwrap_or_default();
    let (url, site) = (told("CRAWL_DATABASE"), told("CRAWL_SITE"));
    let ended = taxi::run(async { crawl(&crawler.to_string(), &url, &site).await });
    let ended = ended.map_err(|error| BadInput::new(error.to_string()))?;
    ended.map_err(|error| BadInput::new(error.to_string()))
}
