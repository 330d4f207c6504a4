//! What is committed, and what is not.

use std::future::pending;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use database::{Database, Error, Transaction};
use fastrand::Rng;
use rusqlite::Connection;
use taxi::sync::Event;
use taxi::time::timeout;
use taxi::{Either, join, select, spawn, yield_now};
use workbook_tests::limits::quick_or_full;

use crate::{FOR_EVER, folder, number, with_database};

#[test]
fn a_statement_that_begins_one_and_leaves_it_open_is_an_error() {
    with_database(async |database| {
        database.batch("CREATE TABLE rides (id)").await?;
        for open in [
            "BEGIN",
            "BEGIN; INSERT INTO rides VALUES (1)",
            "SAVEPOINT x",
        ] {
            let left = database.batch(open).await;
            assert!(matches!(left, Err(Error::LeftOpen)), "{open}: {left:?}");
        }
        database
            .batch("BEGIN; INSERT INTO rides VALUES (2); COMMIT")
            .await?;
        database.execute("INSERT INTO rides VALUES (3)", ()).await?;
        assert_eq!(number(&database, "SELECT sum(id) FROM rides").await?, 5);
        Ok(())
    });
}

#[test]
fn nothing_is_written_by_itself_after_a_statement_was_given_up() {
    with_database(async |database| {
        database.batch("CREATE TABLE rides (id)").await?;
        let given_up = database.transaction(async |day| {
            day.execute("INSERT INTO rides VALUES (1)", ()).await?;
            let many = format!("INSERT INTO rides {FOR_EVER}");
            let insert = day.execute(&many, ());
            assert!(timeout(Duration::from_millis(50), insert).await.is_err());
            // Either it was not begun, and all is well, or SQLite has rolled back all.
            let next = day.execute("INSERT INTO rides VALUES (2)", ()).await;
            match next {
                Ok(_) => Ok(true),
                Err(Error::RolledBack) => Err(Error::RolledBack),
                Err(other) => panic!("{other}"),
            }
        });
        let committed = given_up.await.is_ok();
        let rides = number(&database, "SELECT count(*) FROM rides").await?;
        assert_eq!(rides, if committed { 2 } else { 0 });
        Ok(())
    });
}

#[test]
fn a_commit_of_what_was_rolled_back_is_an_error() {
    with_database(async |database| {
        database
            .batch("CREATE TABLE rides (id INTEGER UNIQUE); INSERT INTO rides VALUES (1)")
            .await?;
        let swallowed = database.transaction(async |day| {
            day.execute("INSERT INTO rides VALUES (2)", ()).await?;
            // It ends the transaction, and the body goes on as if nothing were.
            let ends = day
                .execute("INSERT OR ROLLBACK INTO rides VALUES (1)", ())
                .await;
            assert!(ends.is_err());
            Ok(())
        });
        let ended: Result<(), Error> = swallowed.await;
        assert!(matches!(ended, Err(Error::RolledBack)), "{ended:?}");
        assert_eq!(number(&database, "SELECT count(*) FROM rides").await?, 1);
        Ok(())
    });
}

/// As `timeout` or `select` would do it to one that takes too long.
#[test]
fn one_inside_that_is_dropped_is_undone_and_the_outer_one_goes_on() {
    with_database(async |database| {
        database.batch("CREATE TABLE rides (id)").await?;
        let insert = "INSERT INTO rides VALUES (?1)";
        let day = database.transaction(async |day| {
            day.execute(insert, (1,)).await?;
            for depth in 0..3 {
                let written = Event::new();
                let inside = day.transaction(async |night| {
                    night.execute(insert, (20,)).await?;
                    let deeper = night.transaction(async |ride| {
                        ride.execute(insert, (300,)).await?;
                        match depth {
                            0 => Ok(()),
                            _ => {
                                written.set();
                                pending::<Result<(), Error>>().await
                            }
                        }
                    });
                    deeper.await?;
                    written.set();
                    pending::<Result<(), Error>>().await
                });
                let ended = select(pin!(inside), pin!(written.wait())).await;
                assert!(matches!(ended, Either::Right(())), "depth {depth}");
            }
            day.execute(insert, (4000,)).await
        });
        day.await?;
        assert_eq!(number(&database, "SELECT sum(id) FROM rides").await?, 4001);
        Ok(())
    });
}

/// It would read now, and find only at its first change that somebody else has written since.
#[test]
fn a_transaction_has_the_file_from_its_beginning() {
    let (folder, open) = folder();
    let ended = taxi::run(async {
        let database = open.open().await?;
        database.batch("CREATE TABLE rides (id)").await?;
        let other = Connection::open(folder.path().join("test.db"))?;
        other.busy_timeout(Duration::ZERO)?;
        let day = database.transaction(async |_| {
            // Nothing was done in it yet.
            let error = Error::from(other.execute_batch("BEGIN IMMEDIATE").unwrap_err());
            assert!(error.is_busy(), "{error}");
            Ok::<(), Error>(())
        });
        day.await?;
        other.execute_batch("BEGIN IMMEDIATE; ROLLBACK")?;
        database.close().await
    });
    ended.unwrap().unwrap();
}

#[test]
fn two_processes_that_read_and_then_write_wait_for_one_another() {
    let (folder, open) = folder();
    let ended = taxi::run(async {
        let first = open.open().await?;
        first
            .batch("CREATE TABLE till (money); INSERT INTO till VALUES (0)")
            .await?;
        // As good as another process: it has connections of its own.
        let second = Database::at(folder.path().join("test.db")).open().await?;
        let pay = async |database: &Database| {
            for _ in 0..20 {
                let body = database.transaction(async |till| {
                    let had = till.query::<(i64,)>("SELECT money FROM till", ()).await?;
                    yield_now().await;
                    let has = had[0].0 + 1;
                    till.execute("UPDATE till SET money = ?1", (has,)).await
                });
                body.await?;
            }
            Ok::<(), Error>(())
        };
        let (one, other) = join(pay(&first), pay(&second)).await;
        one?;
        other?;
        assert_eq!(number(&first, "SELECT money FROM till").await?, 40);
        second.close().await?;
        first.close().await
    });
    ended.unwrap().unwrap();
}

#[test]
fn others_read_what_was_before_and_write_after() {
    with_database(async |database| {
        database.batch("CREATE TABLE rides (id)").await?;
        let written = Event::new();
        let first = database.transaction(async |day| {
            day.execute("INSERT INTO rides VALUES (1)", ()).await?;
            assert_eq!(
                day.query::<(i64,)>("SELECT count(*) FROM rides", ())
                    .await?,
                [(1,)]
            );
            assert_eq!(number(&database, "SELECT count(*) FROM rides").await?, 0);
            written.set();
            for _ in 0..100 {
                yield_now().await;
            }
            day.execute("UPDATE rides SET id = 10", ()).await
        });
        let second = async {
            written.wait().await;
            database.execute("UPDATE rides SET id = id + 1", ()).await
        };
        let (first, second) = join(first, second).await;
        assert_eq!((first?, second?), (1, 1));
        assert_eq!(number(&database, "SELECT id FROM rides").await?, 11);
        Ok(())
    });
}

/// How the body of a transaction ends in a random case.
const ENDS: [&str; 5] = ["finishes", "fails", "panics", "cancelled", "aborted"];

/// Adds `1` to the sum at this level and, by chance, something in a transaction inside; what stays if this one does.
async fn level(
    day: &mut Transaction<'_>,
    rng: &mut Rng,
    depth: u32,
) -> Result<i64, Error> {
    let mut stays = 0;
    for _ in 0..rng.u32(1..3) {
        day.execute("UPDATE till SET money = money + 1", ()).await?;
        stays += 1;
        if depth < 3 && rng.bool() {
            let fails = rng.bool();
            let inner = day.transaction(async |inner| {
                let inside = Box::pin(level(inner, rng, depth + 1)).await?;
                match fails {
                    true => Err(Error::Closed),
                    false => Ok(inside),
                }
            });
            match inner.await {
                Ok(inside) => stays += inside,
                Err(Error::Closed) => {}
                Err(other) => return Err(other),
            }
        }
    }
    Ok(stays)
}

async fn one(
    database: Database,
    mut rng: Rng,
    how: &'static str,
    half: Rc<Event>,
) -> Result<i64, Error> {
    let body = database.transaction(async |day| {
        let stays = level(day, &mut rng, 0).await?;
        half.set();
        match how {
            "finishes" => Ok(stays),
            "fails" => Err(Error::Closed),
            "panics" => std::panic::resume_unwind(Box::new("a flat tyre")),
            _ => std::future::pending().await,
        }
    });
    body.await
}

#[test]
fn whatever_ends_it_what_is_committed_is_there_and_nothing_else() {
    with_database(async |database| {
        database
            .batch("CREATE TABLE till (money); INSERT INTO till VALUES (0)")
            .await?;
        let mut money = 0;
        for seed in 0..quick_or_full(40, 200) {
            let mut rng = Rng::with_seed(seed);
            let how = ENDS[rng.usize(..ENDS.len())];
            let half = Rc::new(Event::new());
            let task = spawn(one(database.clone(), rng.fork(), how, Rc::clone(&half)));
            if rng.bool() {
                half.wait().await;
            } else {
                for _ in 0..rng.u32(..30) {
                    yield_now().await;
                }
                if how == "cancelled" || how == "aborted" {
                    half.wait().await;
                }
            }
            match how {
                "cancelled" => drop(task.cancel()),
                "aborted" => task.abort(),
                _ => {}
            }
            if let Ok(Ok(stays)) = task.await {
                money += stays;
            }
            // It comes after whatever the last one has left to be done.
            database
                .execute("UPDATE till SET money = money + 1", ())
                .await?;
            money += 1;
            let found = number(&database, "SELECT money FROM till").await?;
            assert_eq!(found, money, "seed {seed}, one that {how}");
        }
        Ok(())
    });
}

#[test]
fn one_that_is_cancelled_at_any_turn_is_whole_or_nothing() {
    with_database(async |database| {
        database
            .batch("CREATE TABLE till (money); INSERT INTO till VALUES (0)")
            .await?;
        let mut money = 0;
        for round in 0..quick_or_full(60, 150) {
            let till = database.clone();
            let task = spawn(async move {
                let body = till.transaction(async |day| {
                    day.execute("UPDATE till SET money = money + 1", ()).await?;
                    day.execute("UPDATE till SET money = money + 1", ()).await
                });
                body.await
            });
            for _ in 0..round * 3 {
                yield_now().await;
            }
            match round % 2 {
                0 => drop(task.cancel()),
                _ => task.abort(),
            }
            let done = matches!(task.await, Ok(Ok(_)));
            database
                .execute("UPDATE till SET money = money", ())
                .await?;
            let found = number(&database, "SELECT money FROM till").await?;
            // Who is gone may have committed, or not; never by half.
            assert!(
                found == money + 2 || (!done && found == money),
                "{found}, {money}"
            );
            money = found;
        }
        Ok(())
    });
}
