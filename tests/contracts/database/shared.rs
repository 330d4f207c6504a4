//! A frontier that several processes share: one is killed, and every page is fetched all the same.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use database::{Error, Frontier, Postgres};
use taxi::time::sleep;
use workbook_tests::limits::watchdog;

use crate::postgres::server;

/// The pages 0 to 99: each leads to two more, and back.
const PAGES: i64 = 100;

fn links(page: i64) -> Vec<String> {
    let links = [0, page, 2 * page + 1, 2 * page + 2];
    let links = links.into_iter().filter(|link| *link < PAGES);
    links.map(|link| link.to_string()).collect()
}

fn frontier(url: &str, lease: Duration) -> Result<Frontier, Error> {
    let pool = Postgres::at(url)?.connections(2).build();
    Ok(Frontier::new(pool, "test").lease(lease).attempts(100))
}

/// One of the crawlers. To fetch a page is to write down that it was.
#[test]
#[ignore = "it is started by the test below"]
fn crawler() {
    let _watchdog = watchdog();
    let url = std::env::var("DATABASE_SERVER").unwrap();
    let ended = taxi::run(async {
        let frontier = frontier(&url, Duration::from_millis(500))?;
        let fetched = Postgres::at(&url)?.connections(1).build().get().await?;
        while frontier.progress().await?.open > 0 {
            let Some(page) = frontier.claim("somebody").await? else {
                sleep(Duration::from_millis(20)).await;
                continue;
            };
            fetched
                .execute("INSERT INTO fetched VALUES ($1)", &[&page.url])
                .await?;
            sleep(Duration::from_millis(5)).await;
            frontier
                .finish(&page, &links(page.url.parse().unwrap()))
                .await?;
        }
        Ok::<(), Error>(())
    });
    ended.unwrap().unwrap();
}

fn start(url: &str) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["shared::crawler", "--exact", "--ignored", "--nocapture"]);
    command.env("DATABASE_SERVER", url).stdout(Stdio::null());
    command.spawn().unwrap()
}

#[test]
fn a_crawler_dies_and_no_page_is_lost() {
    let Some(server) = server() else { return };
    let _watchdog = watchdog();
    let url = server.url();
    let mut crawlers = Vec::new();
    let killed = taxi::run(async {
        let frontier = frontier(&url, Duration::from_millis(500))?;
        frontier.create().await?;
        assert_eq!(frontier.add(&["0".into(), "0".into()], 0).await?, 1);
        let client = Postgres::at(&url)?.build().get().await?;
        client.batch("CREATE TABLE fetched (url TEXT)").await?;
        crawlers.extend([(); 3].map(|()| start(&url)));
        let fetched = "SELECT count(*) FROM fetched";
        while client.query_one(fetched, &[]).await?.get::<_, i64>(0) < 30 {
            sleep(Duration::from_millis(2)).await;
        }
        crawlers[0].kill().unwrap();
        Ok::<(), Error>(())
    });
    killed.unwrap().unwrap();
    let ends: Vec<bool> = crawlers
        .into_iter()
        .map(|mut crawler| crawler.wait().unwrap().success())
        .collect();
    assert_eq!(ends[1..], [true, true]);
    let ended = taxi::run(async {
        let progress = frontier(&url, Duration::from_secs(60))?.progress().await?;
        assert_eq!(
            (progress.done, progress.open, progress.failed),
            (PAGES, 0, 0)
        );
        let client = Postgres::at(&url)?.build().get().await?;
        let row = client
            .query_one("SELECT count(DISTINCT url) FROM fetched", &[])
            .await?;
        assert_eq!(row.get::<_, i64>(0), PAGES);
        Ok::<(), Error>(())
    });
    ended.unwrap().unwrap();
}

#[test]
fn a_page_is_one_crawlers_until_its_lease_is_over() {
    let Some(server) = server() else { return };
    let _watchdog = watchdog();
    let ended = taxi::run(async {
        let slow = frontier(&server.url(), Duration::ZERO)?;
        let patient = frontier(&server.url(), Duration::from_secs(3600))?.attempts(3);
        slow.create().await?;
        slow.add(&["a".into()], 0).await?;
        let first = slow.claim("slow").await?.unwrap();
        // Its lease is over: somebody else has it now, and it is theirs alone.
        let second = patient.claim("patient").await?.unwrap();
        assert_eq!((first.attempt, second.attempt), (1, 2));
        assert!(patient.claim("another").await?.is_none());
        assert!(!slow.finish(&first, &["from the slow one".into()]).await?);
        assert!(!slow.fail(&first, "late").await?);
        assert_eq!(patient.progress().await?.open, 1);
        // It fails, and once more: then it is given up.
        assert!(patient.fail(&second, "a reset").await?);
        let third = patient.claim("patient").await?.unwrap();
        assert!(patient.fail(&third, "a reset").await?);
        assert!(patient.claim("patient").await?.is_none());
        let progress = patient.progress().await?;
        assert_eq!((progress.done, progress.open, progress.failed), (0, 0, 1));
        Ok::<(), Error>(())
    });
    ended.unwrap().unwrap();
}
