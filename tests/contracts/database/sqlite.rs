//! Queries, rows, limits, and what becomes of what nobody wants any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use database::{Database, Error};
use futures::FutureExt;
use rusqlite::Connection;
use taxi::stream::{StreamExt, with};
use taxi::time::{now, sleep, timeout};
use taxi::yield_now;
use workbook_tests::limits::limited;

use crate::{FOR_EVER, folder, number, with_database};

const NUMBERS: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 10000) SELECT i FROM n";

#[test]
fn an_error_of_a_statement_has_sqlites_words() {
    with_database(async |database| {
        database
            .batch("CREATE TABLE rides (id INTEGER UNIQUE, place TEXT)")
            .await?;
        let insert = "INSERT INTO rides VALUES (?1, ?2)";
        assert_eq!(database.execute(insert, (1, "zoo")).await?, 1);
        let failed = [
            (
                database.execute(insert, (1, "zoo")).await.unwrap_err(),
                "UNIQUE constraint failed",
            ),
            (
                database.execute("INSRT", ()).await.unwrap_err(),
                "near \"INSRT\": syntax error",
            ),
            (
                database
                    .query::<(i64,)>("SELECT x FROM rides", ())
                    .await
                    .unwrap_err(),
                "no such column: x",
            ),
            (
                database
                    .query::<(i64,)>("SELECT place FROM rides", ())
                    .await
                    .unwrap_err(),
                "Invalid column type Text",
            ),
            (
                database
                    .query::<(i64,)>("DELETE FROM rides", ())
                    .await
                    .unwrap_err(),
                "attempt to write a readonly database",
            ),
        ];
        for (error, words) in failed {
            assert!(error.to_string().contains(words), "{error}");
        }
        assert_eq!(number(&database, "SELECT count(*) FROM rides").await?, 1);
        Ok(())
    });
}

#[test]
fn a_query_that_is_dropped_stops_and_frees_its_thread() {
    let (_folder, open) = folder();
    let ended = taxi::run(async {
        let database = open.readers(1).open().await?;
        for turns in 0..20 {
            let mut endless = Box::pin(database.query::<(i64,)>(FOR_EVER, ()));
            for _ in 0..turns * turns {
                assert!(endless.as_mut().now_or_never().is_none());
                yield_now().await;
            }
            drop(endless);
            assert_eq!(number(&database, "SELECT 7").await?, 7);
        }
        database.close().await
    });
    ended.unwrap().unwrap();
}

#[test]
fn what_was_dropped_before_its_turn_is_never_done() {
    with_database(async |database| {
        database.batch("CREATE TABLE rides (id)").await?;
        let (go, wait) = mpsc::channel::<()>();
        let busy = taxi::spawn({
            let database = database.clone();
            async move { database.run(move |_| Ok(wait.recv().is_ok())).await }
        });
        yield_now().await;
        let mut late = Box::pin(database.execute("INSERT INTO rides VALUES (1)", ()));
        assert!(late.as_mut().now_or_never().is_none());
        drop(late);
        go.send(()).unwrap();
        assert!(busy.await.unwrap()?);
        assert_eq!(number(&database, "SELECT count(*) FROM rides").await?, 0);
        Ok(())
    });
}

/// Its turn among those who write has come, and the thread is still at what somebody has given up.
#[test]
fn what_was_dropped_in_the_threads_queue_is_never_done() {
    with_database(async |database| {
        database.batch("CREATE TABLE rides (id)").await?;
        let (go, wait) = mpsc::channel::<()>();
        let (begun, begins) = mpsc::channel::<()>();
        let first = database.run(move |_| {
            begun.send(()).unwrap();
            Ok(wait.recv().is_ok())
        });
        let mut first = Box::pin(first);
        assert!(first.as_mut().now_or_never().is_none());
        begins.recv().unwrap();
        drop(first);
        for id in 0..10 {
            let insert = database.execute("INSERT INTO rides VALUES (?1)", (id,));
            let mut insert = Box::pin(insert);
            assert!(insert.as_mut().now_or_never().is_none());
            drop(insert);
        }
        go.send(()).unwrap();
        assert_eq!(database.run(|_| Ok(7)).await?, 7);
        assert_eq!(number(&database, "SELECT count(*) FROM rides").await?, 0);
        Ok(())
    });
}

#[test]
fn a_panic_on_the_thread_is_an_error_of_who_asked() {
    with_database(async |database| {
        let lost = database
            .run(|_| -> rusqlite::Result<()> { panic!("a flat tyre") })
            .await;
        assert!(matches!(lost, Err(Error::Lost(_))), "{lost:?}");
        assert_eq!(number(&database, "SELECT 7").await?, 7);
        Ok(())
    });
}

/// How many numbers the thread has read in this test.
static READ: AtomicUsize = AtomicUsize::new(0);

struct Read(i64);

impl<'r> TryFrom<&'r rusqlite::Row<'r>> for Read {
    type Error = rusqlite::Error;

    fn try_from(row: &rusqlite::Row<'_>) -> rusqlite::Result<Read> {
        READ.fetch_add(1, Ordering::Relaxed);
        Ok(Read(row.get(0)?))
    }
}

#[test]
fn the_thread_is_no_further_ahead_than_it_may() {
    with_database(async |database| {
        let mut rows = database.rows::<Read>(NUMBERS, (), 5).await?;
        let mut taken = 0;
        while let Some(row) = rows.next().await {
            taken += 1;
            assert_eq!(row?.0, taken);
            for _ in 0..taken % 7 {
                yield_now().await;
            }
            // Five wait, and it has one in its hand.
            let read = READ.load(Ordering::Relaxed) as i64;
            assert!(read <= taken + 6, "{read} read, {taken} taken");
        }
        assert_eq!(taken, 10_000);
        Ok(())
    });
}

/// How many rows were made in this test.
static MADE: AtomicUsize = AtomicUsize::new(0);

struct Made;

impl<'r> TryFrom<&'r rusqlite::Row<'r>> for Made {
    type Error = rusqlite::Error;

    fn try_from(_: &rusqlite::Row<'_>) -> rusqlite::Result<Made> {
        MADE.fetch_add(1, Ordering::Relaxed);
        Ok(Made)
    }
}

#[test]
fn no_row_is_made_for_a_stream_that_was_dropped() {
    let (_folder, open) = folder();
    let ended = taxi::run(async {
        let database = open.readers(1).open().await?;
        let mut rows = database.rows::<Made>(NUMBERS, (), 1).await?;
        assert!(rows.next().await.is_some());
        // One waits in the channel, and the thread has another in its hand.
        while MADE.load(Ordering::Relaxed) < 3 {
            yield_now().await;
        }
        drop(rows);
        // The same thread, so it is at an end with the other.
        assert_eq!(number(&database, "SELECT 7").await?, 7);
        assert_eq!(MADE.load(Ordering::Relaxed), 3);
        database.close().await
    });
    ended.unwrap().unwrap();
}

#[test]
fn a_stream_ends_with_the_error_of_its_statement() {
    with_database(async |database| {
        let mut none = database.rows::<(i64,)>("SELECT x", (), 4).await?;
        let error = none.next().await.unwrap().unwrap_err();
        assert!(error.to_string().contains("no such column: x"), "{error}");
        assert!(none.next().await.is_none());
        let mut late = database
            .rows::<(i64,)>("SELECT 7 UNION ALL SELECT 'x'", (), 4)
            .await?;
        assert_eq!(late.next().await.unwrap()?, (7,));
        assert!(late.next().await.unwrap().is_err());
        assert!(late.next().await.is_none());
        Ok(())
    });
}

#[test]
fn whoever_takes_rows_may_sleep_on_the_virtual_clock() {
    let (_folder, open) = folder();
    let ended = taxi::test::run(async {
        let database = open.open().await?;
        let mut rows = database.rows::<(i64,)>(NUMBERS, (), 1).await?;
        for hour in 0..10 {
            assert_eq!(rows.next().await.unwrap()?, (hour + 1,));
            sleep(Duration::from_secs(3600)).await;
        }
        assert_eq!(now().as_secs(), 36_000);
        drop(rows);
        database.close().await
    });
    ended.unwrap();
}

#[test]
fn a_stream_that_is_dropped_while_it_looks_for_a_row_stops() {
    let (_folder, open) = folder();
    let ended = taxi::run(async {
        let database = open.readers(1).open().await?;
        let mut rows = database.rows::<(i64,)>(FOR_EVER, (), 1).await?;
        assert!(
            timeout(Duration::from_millis(20), rows.next())
                .await
                .is_err()
        );
        drop(rows);
        assert_eq!(number(&database, "SELECT 7").await?, 7);
        database.close().await
    });
    ended.unwrap().unwrap();
}

#[test]
fn limits_are_errors_that_say_what_was_waited_for() {
    let (_folder, open) = folder();
    let ended = taxi::test::run(async {
        let open = open.readers(1).wait(Duration::from_millis(20));
        let database = open.open().await?;
        database.batch("CREATE TABLE rides (id)").await?;
        let reader = database.rows::<(i64,)>(NUMBERS, (), 1).await?;
        let error = number(&database, "SELECT 7").await.unwrap_err();
        assert_eq!(error.to_string(), "no reader within 20ms");
        assert_eq!(now().as_nanos(), 20_000_000);
        drop(reader);
        // To write by the database in one's own transaction is to wait for oneself.
        let inside = database.transaction(async |_| {
            database.execute("INSERT INTO rides VALUES (1)", ()).await
        });
        let error = inside.await.unwrap_err();
        assert_eq!(error.to_string(), "no turn at writing within 20ms");
        assert_eq!(now().as_nanos(), 40_000_000);
        assert_eq!(number(&database, "SELECT count(*) FROM rides").await?, 0);
        database.close().await
    });
    ended.unwrap();
}

#[test]
fn one_who_waits_for_a_locked_file_can_be_given_up_and_leaves_nothing_behind() {
    let (folder, open) = folder();
    limited(move || {
        let ended = taxi::run(async {
            let database = open.busy(Duration::from_secs(3600)).open().await?;
            database.batch("CREATE TABLE rides (id)").await?;
            let other = Connection::open(folder.path().join("test.db"))?;
            other.execute_batch("BEGIN IMMEDIATE")?;
            let insert = database.execute("INSERT INTO rides VALUES (1)", ());
            assert!(timeout(Duration::from_millis(20), insert).await.is_err());
            let begin = database.transaction(async |day| {
                day.execute("INSERT INTO rides VALUES (2)", ()).await
            });
            assert!(timeout(Duration::from_millis(20), begin).await.is_err());
            // The thread waits no more: it does what needs no lock, while the file has one.
            assert_eq!(database.run(|_| Ok(7)).await?, 7);
            other.execute_batch("ROLLBACK")?;
            database.execute("INSERT INTO rides VALUES (3)", ()).await?;
            let rides: Vec<(i64,)> = database.query("SELECT id FROM rides", ()).await?;
            assert_eq!(rides, [(3,)]);
            database.close().await
        });
        ended.unwrap().unwrap();
    });
}

#[test]
fn a_file_that_stays_locked_is_busy_and_nothing_else_is() {
    let (folder, open) = folder();
    limited(move || {
        let ended = taxi::run(async {
            let database = open.busy(Duration::from_millis(1)).open().await?;
            database.batch("CREATE TABLE rides (id UNIQUE)").await?;
            let other = Connection::open(folder.path().join("test.db"))?;
            other.execute_batch("BEGIN IMMEDIATE")?;
            let insert = "INSERT INTO rides VALUES (1)";
            let late = database.execute(insert, ()).await.unwrap_err();
            assert!(late.is_busy(), "{late}");
            let begin = database.transaction(async |day| day.execute(insert, ()).await);
            let late = begin.await.unwrap_err();
            assert!(late.is_busy(), "{late}");
            // Whoever reads waits for nobody.
            assert_eq!(number(&database, "SELECT count(*) FROM rides").await?, 0);
            other.execute_batch("ROLLBACK")?;
            assert_eq!(database.execute(insert, ()).await?, 1);
            let twice = database.execute(insert, ()).await.unwrap_err();
            let none = database.execute("INSRT", ()).await.unwrap_err();
            for other in [twice, none, Error::Closed, Error::RolledBack] {
                assert!(!other.is_busy(), "{other}");
            }
            database.close().await
        });
        ended.unwrap().unwrap();
    });
}

/// That it is there after a power failure, no test can show: only that SQLite is asked to see to it.
#[test]
fn a_commit_is_to_be_on_the_disk_when_it_returns() {
    with_database(async |database| {
        let full = 2;
        let of_the_writer = |connection: &mut Connection| {
            connection.pragma_query_value(None, "synchronous", |row| row.get::<_, i64>(0))
        };
        assert_eq!(database.run(of_the_writer).await?, full);
        let mode = database
            .query::<(String,)>("PRAGMA journal_mode", ())
            .await?;
        assert_eq!(mode, [("wal".to_string(),)]);
        Ok(())
    });
}

#[test]
fn what_a_row_refers_to_must_be_there() {
    for in_a_file in [true, false] {
        let (_folder, open) = folder();
        let open = if in_a_file {
            open
        } else {
            Database::in_memory()
        };
        let ended = taxi::run(async {
            let database = open.open().await?;
            let tables = "CREATE TABLE drivers (id INTEGER PRIMARY KEY);
                CREATE TABLE rides (driver REFERENCES drivers (id))";
            database.batch(tables).await?;
            let insert = "INSERT INTO rides VALUES (1)";
            let error = database.execute(insert, ()).await.unwrap_err();
            assert_eq!(error.to_string(), "FOREIGN KEY constraint failed");
            database
                .execute("INSERT INTO drivers VALUES (1)", ())
                .await?;
            database.execute(insert, ()).await?;
            let delete = database.execute("DELETE FROM drivers", ()).await;
            assert!(delete.is_err());
            database.close().await
        });
        ended.unwrap().unwrap();
    }
}

#[test]
fn what_is_closed_says_so() {
    let (folder, open) = folder();
    let ended = taxi::run(async {
        let database = open.open().await?;
        database.batch("CREATE TABLE rides (id)").await?;
        assert!(folder.path().join("test.db-wal").exists());
        database.close().await?;
        assert!(!folder.path().join("test.db-wal").exists());
        assert!(matches!(
            number(&database, "SELECT 7").await,
            Err(Error::Closed)
        ));
        let late = database.execute("INSERT INTO rides VALUES (1)", ()).await;
        assert!(matches!(late, Err(Error::Closed)));
        let late = database.transaction(async |_| Ok::<(), Error>(())).await;
        assert!(matches!(late, Err(Error::Closed)));
        database.close().await
    });
    ended.unwrap().unwrap();
}

#[test]
fn no_file_and_no_database_are_errors() {
    let (folder, _) = folder();
    let ended = taxi::run(async {
        let nowhere = folder.path().join("no/such/folder.db");
        let error = Database::at(nowhere).open().await.unwrap_err();
        assert!(
            error.to_string().contains("unable to open database file"),
            "{error}"
        );
        let text = folder.path().join("text.db");
        std::fs::write(&text, "a letter to the office, and a long one: ".repeat(50))
            .unwrap();
        let error = Database::at(text).open().await.unwrap_err();
        assert!(
            error.to_string().contains("file is not a database"),
            "{error}"
        );
    });
    ended.unwrap();
}

#[test]
fn a_loop_may_end_while_a_query_is_under_way() {
    let (_folder, open) = folder();
    let begun = Arc::new(AtomicBool::new(false));
    let tell = Arc::clone(&begun);
    taxi::run(async {
        let database = open.open().await.unwrap();
        let endless = database.clone();
        let endless = taxi::spawn(async move {
            endless
                .run(move |connection| {
                    tell.store(true, Ordering::Relaxed);
                    connection.query_row(FOR_EVER, (), |row| row.get::<_, i64>(0))
                })
                .await
        });
        while !begun.load(Ordering::Relaxed) {
            yield_now().await;
        }
        drop(endless);
    })
    .unwrap();
}

#[test]
fn its_scope_closes_it_also_when_it_is_cancelled() {
    let (folder, open) = folder();
    let log = folder.path().join("test.db-wal");
    taxi::run(async {
        let inside = with(open, async |database| {
            database.batch("CREATE TABLE rides (id)").await?;
            database.query::<(i64,)>(FOR_EVER, ()).await
        });
        let task = taxi::spawn(inside);
        while !log.exists() {
            yield_now().await;
        }
        assert!(task.cancel());
        assert!(task.await.is_err());
        assert!(!log.exists());
    })
    .unwrap();
}
