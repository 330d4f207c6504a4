//! A pool of connections to a real server. One test, since it is one server that takes a second to start.

use std::net::{Shutdown, SocketAddr};
use std::time::Duration;

use database::{Client, Error, PgTransaction, Postgres, Private};
use fastrand::Rng;
use futures::{FutureExt, join};
use taxi::net::{TcpListener, TcpStream};
use taxi::stream::StreamExt;
use taxi::time::{sleep, timeout};
use taxi::{spawn, yield_now};
use workbook_tests::limits::{quick_or_full, watchdog};
use workbook_tests::required;

use crate::killed::kill_after;

/// A server; `None` where none is installed, unless no test may be left out.
pub(crate) fn server() -> Option<Private> {
    match Private::start() {
        Ok(server) => Some(server),
        Err(error) if error.to_string() == "no PostgreSQL found" && !required() => {
            eprintln!("skipped: {error}");
            None
        }
        Err(error) => panic!("{error}"),
    }
}

async fn number(client: &Client, sql: &str) -> Result<i64, Error> {
    Ok(client.query_one(sql, &[]).await?.get(0))
}

#[test]
fn a_pool_keeps_its_promises() {
    let Some(mut server) = server() else { return };
    let _watchdog = watchdog();
    let ended = taxi::run(async {
        limits(&server).await?;
        what_is_left_open_is_rolled_back(&server).await?;
        a_query_may_be_dropped_at_any_turn(&server).await?;
        a_request_to_cancel_may_be_slow(&server).await?;
        rows_may_be_dropped(&server).await?;
        transactions(&server).await?;
        a_commit_of_what_has_failed(&server).await?;
        a_connection_is_lost(&server).await
    });
    ended.unwrap().unwrap();
    crashes(&server);
    server.stop();
    let gone =
        taxi::run(async { Postgres::at(&server.url())?.build().get().await.map(drop) });
    assert!(matches!(gone.unwrap(), Err(Error::Connect(_))));
}

async fn limits(server: &Private) -> Result<(), Error> {
    let pool = Postgres::at(&server.url())?.connections(2);
    let pool = pool.wait(Duration::from_millis(50)).build();
    let (first, second) = (pool.get().await?, pool.get().await?);
    assert_eq!((pool.free(), pool.idle()), (0, 0));
    let none = pool.get().await.map(drop).unwrap_err();
    assert_eq!(none.to_string(), "no connection within 50ms");
    drop((first, second));
    assert_eq!((pool.free(), pool.idle()), (2, 2));
    // Somebody who waited and went away keeps no place.
    let _both = (pool.get().await?, pool.get().await?);
    let mut waits = Box::pin(pool.get());
    assert!(waits.as_mut().now_or_never().is_none());
    drop(waits);
    drop(_both);
    assert_eq!(pool.free(), 2);
    let wrong = Postgres::at(&server.url().replace("/postgres", "/nowhere"))?.build();
    let error = wrong.get().await.map(drop).unwrap_err();
    assert_eq!(error.to_string(), "database \"nowhere\" does not exist");
    Ok(())
}

async fn what_is_left_open_is_rolled_back(server: &Private) -> Result<(), Error> {
    let pool = Postgres::at(&server.url())?.connections(1).build();
    let client = pool.get().await?;
    client.batch("CREATE TABLE left_open (id INT8)").await?;
    client
        .batch("BEGIN; INSERT INTO left_open VALUES (1)")
        .await?;
    drop(client);
    let client = pool.get().await?;
    client.batch("INSERT INTO left_open VALUES (2)").await?;
    assert_eq!(
        number(&client, "SELECT sum(id)::INT8 FROM left_open").await?,
        2
    );
    Ok(())
}

async fn a_query_may_be_dropped_at_any_turn(server: &Private) -> Result<(), Error> {
    let pool = Postgres::at(&server.url())?.connections(1).build();
    let watch = Postgres::at(&server.url())?.build().get().await?;
    for turns in 0..quick_or_full(12, 60) {
        let client = pool.get().await?;
        let mut long = Box::pin(client.batch("SELECT pg_sleep(600)"));
        for _ in 0..turns * 3 {
            assert!(long.as_mut().now_or_never().is_none());
            yield_now().await;
        }
        drop(long);
        // It may be asked again at once, or be given back.
        if turns % 2 == 0 {
            assert_eq!(number(&client, "SELECT 7::INT8").await?, 7);
        }
        drop(client);
        let next = pool.get().await?;
        assert_eq!(number(&next, "SELECT 8::INT8").await?, 8);
        let active = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query = 'SELECT pg_sleep(600)'";
        assert_eq!(number(&watch, active).await?, 0, "after {turns} turns");
    }
    // It was one connection all the time, or a new one for each would not tell.
    assert_eq!(pool.idle(), 1);
    Ok(())
}

/// What comes of a request to cancel, from where the server is: it is on its way until the query is long over.
async fn a_request_to_cancel_may_be_slow(server: &Private) -> Result<(), Error> {
    let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let port = listener.local_addr().unwrap().port();
    let url = server.url();
    let there: SocketAddr = url.rsplit(['@', '/']).nth(1).unwrap().parse().unwrap();
    let _proxy = spawn(async move {
        loop {
            let (near, _) = listener.accept().await.unwrap();
            let far = TcpStream::connect(there).await.unwrap();
            let _pipe = spawn(pipe(near, far));
        }
    });
    let url = format!("postgres://taxi@127.0.0.1:{port}/postgres");
    let pool = Postgres::at(&url)?.connections(1).build();
    let client = pool.get().await?;
    for _ in 0..3 {
        let short = client.batch("SELECT pg_sleep(0.05)");
        assert!(timeout(Duration::from_millis(10), short).await.is_err());
        // The request that was meant for the other one does not meet this one.
        client.batch("SELECT pg_sleep(0.5)").await?;
    }
    assert_eq!(pool.idle(), 0);
    drop(client);
    assert_eq!(pool.idle(), 1, "it was one connection all the time");
    Ok(())
}

/// Carries bytes both ways, a request to cancel late.
async fn pipe(near: TcpStream, far: TcpStream) {
    let to_server = async {
        let mut bytes = [0; 8192];
        while let Ok(got @ 1..) = near.read(&mut bytes).await {
            if bytes[4..8] == 80_877_102_u32.to_be_bytes() {
                sleep(Duration::from_millis(250)).await;
            }
            far.write_all(&bytes[..got]).await.unwrap();
        }
        let _ended = far.shutdown(Shutdown::Write);
    };
    let to_client = async {
        let mut bytes = [0; 8192];
        while let Ok(got @ 1..) = far.read(&mut bytes).await {
            near.write_all(&bytes[..got]).await.unwrap();
        }
        let _ended = near.shutdown(Shutdown::Write);
    };
    join!(to_server, to_client);
}

async fn rows_may_be_dropped(server: &Private) -> Result<(), Error> {
    let pool = Postgres::at(&server.url())?.connections(1).build();
    let client = pool.get().await?;
    let mut few = client
        .rows("SELECT * FROM generate_series(1, 3)", &[])
        .await?;
    let mut sum = 0;
    while let Some(row) = few.next().await.transpose()? {
        sum += row.get::<_, i32>(0);
    }
    assert_eq!(sum, 6);
    drop(few);
    for taken in 0..5 {
        let endless = "SELECT repeat('taxi', 1000), generate_series(1, 1000000000)";
        let mut rows = client.rows(endless, &[]).await?;
        for _ in 0..taken {
            assert_eq!(rows.next().await.unwrap()?.get::<_, &str>(0).len(), 4000);
        }
        drop(rows);
        assert_eq!(number(&client, "SELECT 7::INT8").await?, 7);
    }
    Ok(())
}

/// Adds to the sum at this level and, by chance, in a transaction inside; what stays if this one does.
async fn level(
    day: &mut PgTransaction<'_>,
    rng: &mut Rng,
    depth: u32,
) -> Result<i64, Error> {
    day.execute("UPDATE till SET money = money + 1", &[])
        .await?;
    let mut stays = 1;
    if depth < 3 && rng.bool() {
        let (fails, syntax) = (rng.bool(), rng.bool());
        let inner = day.transaction(async |inner| {
            let inside = Box::pin(level(inner, rng, depth + 1)).await?;
            match (fails, syntax) {
                (false, _) => Ok(inside),
                (true, false) => Err(Error::Closed),
                // Then the savepoint is what the outer one goes on from.
                (true, true) => inner.execute("SELECT 1 / 0", &[]).await.map(|_| 0),
            }
        });
        stays += inner.await.unwrap_or(0);
    }
    Ok(stays)
}

async fn transactions(server: &Private) -> Result<(), Error> {
    let pool = Postgres::at(&server.url())?.connections(2).build();
    pool.get()
        .await?
        .batch("CREATE TABLE till (money INT8); INSERT INTO till VALUES (0)")
        .await?;
    let mut money = 0;
    for seed in 0..quick_or_full(30, 200) {
        let mut rng = Rng::with_seed(seed);
        let how =
            ["finishes", "fails", "panics", "is cancelled", "is dropped"][rng.usize(..5)];
        let (mut inside, till) = (rng.fork(), pool.clone());
        let task = spawn(async move {
            let body = till.transaction(async |day| {
                let stays = level(day, &mut inside, 0).await?;
                match how {
                    "finishes" => Ok(stays),
                    "fails" => Err(Error::Closed),
                    "panics" => std::panic::resume_unwind(Box::new("a flat tyre")),
                    _ => std::future::pending().await,
                }
            });
            body.await
        });
        if how.starts_with("is") {
            for _ in 0..rng.u32(..200) {
                yield_now().await;
            }
        }
        match how {
            "is cancelled" => drop(task.cancel()),
            "is dropped" => task.abort(),
            _ => {}
        }
        if let Ok(Ok(stays)) = task.await {
            money += stays;
        }
        // Whoever was dropped may have its row locked for a moment.
        let client = pool.get().await?;
        client
            .execute("UPDATE till SET money = money + 1", &[])
            .await?;
        money += 1;
        let found = number(&client, "SELECT money FROM till").await?;
        assert_eq!(found, money, "seed {seed}, one that {how}");
    }
    Ok(())
}

async fn a_commit_of_what_has_failed(server: &Private) -> Result<(), Error> {
    let pool = Postgres::at(&server.url())?.build();
    let swallowed = pool.transaction(async |day| {
        day.execute("UPDATE till SET money = -1", &[]).await?;
        assert!(day.execute("SELECT 1 / 0", &[]).await.is_err());
        Ok::<(), Error>(())
    });
    assert!(swallowed.await.unwrap_err().to_string().contains("aborted"));
    let client = pool.get().await?;
    assert!(number(&client, "SELECT money FROM till").await? >= 0);
    Ok(())
}

async fn a_connection_is_lost(server: &Private) -> Result<(), Error> {
    let pool = Postgres::at(&server.url())?.connections(1).build();
    let other = Postgres::at(&server.url())?.build().get().await?;
    for idle in [true, false] {
        let client = pool.get().await?;
        let id: i32 = client
            .query_one("SELECT pg_backend_pid()", &[])
            .await?
            .get(0);
        let client = (!idle).then_some(client);
        let end = "SELECT pg_terminate_backend($1, 10000)";
        other.query_one(end, &[&id]).await?;
        if let Some(client) = client {
            let lost =
                timeout(Duration::from_secs(20), client.query("SELECT 7", &[])).await;
            assert!(lost.unwrap().is_err());
        }
        // Whoever comes next has a new one.
        let next = pool.get().await?;
        assert_eq!(number(&next, "SELECT 7::INT8").await?, 7);
    }
    Ok(())
}

/// The program that is killed: it commits one number after another, and says so; every other transaction fails.
#[test]
#[ignore = "it is started by the test above, and ends when it is killed"]
fn victim() {
    let _watchdog = watchdog();
    let url = std::env::var("DATABASE_SERVER").unwrap();
    let ended = taxi::run(async {
        let pool = Postgres::at(&url)?.connections(1).build();
        let client = pool.get().await?;
        let mut id = number(&client, "SELECT coalesce(max(id), 0) FROM done").await?;
        drop(client);
        loop {
            for (id, commits) in [(-1 - id, false), (id + 1, true)] {
                let body = pool.transaction(async |day| {
                    day.execute("INSERT INTO done VALUES ($1)", &[&id]).await?;
                    day.execute("INSERT INTO twice VALUES ($1)", &[&id]).await?;
                    match commits {
                        true => Ok(()),
                        false => Err(Error::RolledBack),
                    }
                });
                assert_eq!(body.await.is_ok(), commits);
            }
            id += 1;
            println!("committed {id}");
        }
        #[expect(unreachable_code)]
        Ok::<(), Error>(())
    });
    ended.unwrap().unwrap();
}

fn crashes(server: &Private) {
    let url = server.url();
    let mut told = 0;
    let found = async |sql: &str| {
        let client = Postgres::at(&url)?.build().get().await?;
        // Who was killed may still be in the middle of a commit at the server.
        client.batch("BEGIN; LOCK done, twice; COMMIT").await?;
        number(&client, sql).await
    };
    let tables = "CREATE TABLE done (id INT8 PRIMARY KEY); CREATE TABLE twice (id INT8)";
    let made =
        taxi::run(async { Postgres::at(&url)?.build().get().await?.batch(tables).await });
    made.unwrap().unwrap();
    let server = ("DATABASE_SERVER", url.as_ref());
    for seed in 0..quick_or_full(4, 20) {
        told = told.max(kill_after(
            "postgres::victim",
            server,
            &mut Rng::with_seed(seed),
        ));
        let there = taxi::run(async {
            let sql = [
                "SELECT coalesce(max(id), 0) FROM done",
                "SELECT count(*) FROM done",
                "SELECT coalesce(min(id), 1) FROM done",
                "SELECT count(*) FROM done FULL JOIN twice USING (id) WHERE done.id IS NOT NULL AND twice.id IS NOT NULL",
            ];
            let mut numbers = Vec::new();
            for sql in sql {
                numbers.push(found(sql).await?);
            }
            Ok::<_, Error>(numbers)
        });
        let there = there.unwrap().unwrap();
        let last = there[0];
        assert!(
            last == told || last == told + 1,
            "seed {seed}: {told} told, {last} there"
        );
        assert_eq!(there, [last, last, 1, last], "seed {seed}");
        // What was committed and not told stays, too, and the next program goes on from it.
        told = last;
    }
    assert!(told > 0, "it was never let commit");
}
