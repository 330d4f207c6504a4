//! The pages that a crawl has still to fetch, in PostgreSQL, for any number of crawlers on any number of machines.

use std::time::Duration;

use tokio_postgres::Row;

use crate::{Error, PgTransaction, Postgres};

/// The frontier of one crawl: which pages are known, which are fetched, who has which.
///
/// Whoever claims a page has it for the length of a lease, and nobody else gets it. If the crawler dies, its leases run
/// out, and others claim the pages.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let Ok(url) = std::env::var("DATABASE_URL") else { return Ok(()) }; // There is no server here.
/// use std::time::Duration;
///
/// use database::{Error, Frontier, Postgres};
///
/// taxi::run(async {
///     let pool = Postgres::at(&url)?.build();
///     let crawl = format!("example {}", std::process::id());
///     let frontier = Frontier::new(pool, crawl).lease(Duration::from_secs(60)).attempts(2);
///     frontier.create().await?;
///     frontier.add(&["/".to_string()], 0).await?;
///     let page = frontier.claim("a").await?.unwrap();
///     assert_eq!((&*page.url, page.depth, page.attempt), ("/", 0, 1));
///     assert!(frontier.claim("b").await?.is_none());
///     assert!(frontier.finish(&page, &["/about".to_string()]).await?);
///     let about = frontier.claim("b").await?.unwrap();
///     assert!(frontier.fail(&about, "a reset").await?);
///     frontier.claim("b").await?.unwrap();
///     assert_eq!(frontier.release("b").await?, 1);
///     let progress = frontier.progress().await?;
///     assert_eq!((progress.done, progress.open, progress.failed), (1, 0, 1));
///     Ok::<(), Error>(())
/// })??;
/// # Ok(())
/// # }
/// ```
// ANCHOR: frontier
#[derive(Debug, Clone)]
pub struct Frontier {
    pool: Postgres,
    crawl: String,
    lease: Duration,
    attempts: i32,
}

/// A page that somebody has claimed; made by [`Frontier::claim`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its address.
    pub url: String,
    /// How many links it is from where the crawl began.
    pub depth: i32,
    /// The number of this attempt, from 1. Whoever is slower than their lease has an old
    /// number, and is told so.
    pub attempt: i32,
}
// ANCHOR_END: frontier

/// How far a crawl is; made by [`Frontier::progress`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// How many pages were fetched.
    pub done: i64,
    /// How many are to be fetched, or are being fetched.
    pub open: i64,
    /// How many were tried as often as allowed, in vain.
    pub failed: i64,
}

const TABLE: &str = "
    CREATE TABLE IF NOT EXISTS frontier (
        added BIGINT GENERATED ALWAYS AS IDENTITY,
        crawl TEXT NOT NULL,
        url TEXT NOT NULL,
        depth INTEGER NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        leased_until TIMESTAMPTZ NOT NULL DEFAULT '-infinity',
        holder TEXT,
        done BOOLEAN NOT NULL DEFAULT false,
        why TEXT,
        PRIMARY KEY (crawl, url)
    )";

const CLAIM: &str = "
    UPDATE frontier
    SET attempts = attempts + 1, holder = $2,
        leased_until = clock_timestamp() + $3::FLOAT8 * INTERVAL '1 second'
    WHERE crawl = $1 AND url = (
        SELECT url FROM frontier
        WHERE crawl = $1 AND NOT done AND attempts < $4
            AND leased_until < clock_timestamp()
        ORDER BY added LIMIT 1
        FOR UPDATE SKIP LOCKED
    )
    RETURNING url, depth, attempts";

impl Frontier {
    /// The frontier of the crawl with this name. A lease is for a minute, and there are three attempts at a page, if
    /// nothing else is said.
    pub fn new(pool: Postgres, crawl: impl Into<String>) -> Frontier {
        Frontier {
            pool,
            crawl: crawl.into(),
            lease: Duration::from_secs(60),
            attempts: 3,
        }
    }

    /// How long a page is somebody's: longer than fetching one may take.
    pub fn lease(mut self, lease: Duration) -> Frontier {
        self.lease = lease;
        self
    }

    /// How often a page is tried.
    pub fn attempts(mut self, attempts: i32) -> Frontier {
        self.attempts = attempts;
        self
    }

    /// Makes the table, if there is none.
    ///
    /// # Errors
    ///
    /// What the server says.
    pub async fn create(&self) -> Result<(), Error> {
        // Two that make it at once would be in each other's way.
        let made = self.pool.transaction(async |tx| {
            tx.execute("SELECT pg_advisory_xact_lock(7)", &[]).await?;
            tx.execute(TABLE, &[]).await
        });
        made.await.map(drop)
    }

    /// Adds pages, but for those that are known; how many are new.
    ///
    /// # Errors
    ///
    /// What the server says.
    pub async fn add(&self, urls: &[String], depth: i32) -> Result<u64, Error> {
        let added = self
            .pool
            .transaction(async |tx| self.insert(tx, urls, depth).await);
        added.await
    }

    async fn insert(
        &self,
        tx: &PgTransaction<'_>,
        urls: &[String],
        depth: i32,
    ) -> Result<u64, Error> {
        // In one order for all, so that no two wait for each other.
        let insert = "
            INSERT INTO frontier (crawl, url, depth)
            SELECT $1, url, $3 FROM unnest($2::TEXT[]) AS url ORDER BY url
            ON CONFLICT DO NOTHING";
        tx.execute(insert, &[&self.crawl, &urls, &depth]).await
    }

    // ANCHOR: claim
    /// A page that nobody has, for `holder`; `None` if there is none now. It may be that
    /// there will be one: when a lease has run out, or a page has new links.
    ///
    /// # Errors
    ///
    /// What the server says.
    pub async fn claim(&self, holder: &str) -> Result<Option<Page>, Error> {
        let client = self.pool.get().await?;
        let lease = self.lease.as_secs_f64();
        let values: [&(dyn tokio_postgres::types::ToSql + Sync); 4] =
            [&self.crawl, &holder, &lease, &self.attempts];
        let rows = client.query(CLAIM, &values).await?;
        let page = |row: &Row| Page {
            url: row.get(0),
            depth: row.get(1),
            attempt: row.get(2),
        };
        Ok(rows.first().map(page))
    }
    // ANCHOR_END: claim

    // ANCHOR: finish
    /// The page is fetched, and has these links: both are known at once, or neither. False
    /// if the page is somebody else's by now: then nothing is changed.
    ///
    /// # Errors
    ///
    /// What the server says.
    pub async fn finish(&self, page: &Page, links: &[String]) -> Result<bool, Error> {
        let finished = self.pool.transaction(async |tx| {
            let finish = "
                UPDATE frontier SET done = true, why = NULL
                WHERE crawl = $1 AND url = $2 AND attempts = $3 AND NOT done";
            let values: [&(dyn tokio_postgres::types::ToSql + Sync); 3] =
                [&self.crawl, &page.url, &page.attempt];
            if tx.execute(finish, &values).await? == 0 {
                return Ok(false);
            }
            self.insert(tx, links, page.depth + 1).await?;
            Ok(true)
        });
        finished.await
    }
    // ANCHOR_END: finish

    /// The page could not be fetched: it is to be tried again, if it may be. False if it is somebody else's by now.
    ///
    /// # Errors
    ///
    /// What the server says.
    pub async fn fail(&self, page: &Page, why: &str) -> Result<bool, Error> {
        let fail = "
            UPDATE frontier SET leased_until = '-infinity', why = $4
            WHERE crawl = $1 AND url = $2 AND attempts = $3 AND NOT done";
        let client = self.pool.get().await?;
        let values: [&(dyn tokio_postgres::types::ToSql + Sync); 4] =
            [&self.crawl, &page.url, &page.attempt, &why];
        Ok(client.execute(fail, &values).await? > 0)
    }

    /// Whoever knows that a crawler is gone need not wait until its leases run out; how many pages it had.
    ///
    /// # Errors
    ///
    /// What the server says.
    pub async fn release(&self, holder: &str) -> Result<u64, Error> {
        let release = "
            UPDATE frontier SET leased_until = '-infinity'
            WHERE crawl = $1 AND holder = $2 AND NOT done
                AND leased_until >= clock_timestamp()";
        let client = self.pool.get().await?;
        client.execute(release, &[&self.crawl, &holder]).await
    }

    /// How far the crawl is. It is over when nothing is open.
    ///
    /// # Errors
    ///
    /// What the server says.
    pub async fn progress(&self) -> Result<Progress, Error> {
        let count = "
            SELECT count(*) FILTER (WHERE done),
                count(*) FILTER (WHERE NOT done
                    AND (attempts < $2 OR leased_until >= clock_timestamp())),
                count(*) FILTER (WHERE NOT done
                    AND attempts >= $2 AND leased_until < clock_timestamp())
            FROM frontier WHERE crawl = $1";
        let client = self.pool.get().await?;
        let row = client
            .query_one(count, &[&self.crawl, &self.attempts])
            .await?;
        Ok(Progress {
            done: row.get(0),
            open: row.get(1),
            failed: row.get(2),
        })
    }
}
