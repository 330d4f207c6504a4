//! A program is killed in the middle of its work: nothing that was committed is lost, and nothing rolled back stays.
#![cfg(unix)]

use database::{Database, Error};
use fastrand::Rng;
use tempfile::TempDir;
use workbook_tests::limits::{quick_or_full, watchdog};

use crate::killed::kill_after;

const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS done (id INTEGER PRIMARY KEY);
    CREATE TABLE IF NOT EXISTS accounts (name PRIMARY KEY, money INTEGER);
    INSERT OR IGNORE INTO accounts VALUES ('a', 0), ('b', 0)";

/// Takes part in no transaction that commits unless `commits`.
async fn transfer(database: &Database, id: i64, commits: bool) -> Result<(), Error> {
    let body = database.transaction(async |day| {
        day.execute("INSERT INTO done VALUES (?1)", (id,)).await?;
        for (name, more) in [("a", 1), ("b", -1)] {
            let update = "UPDATE accounts SET money = money + ?1 WHERE name = ?2";
            day.execute(update, (more, name)).await?;
        }
        match commits {
            true => Ok(()),
            false => Err(Error::RolledBack),
        }
    });
    body.await
}

/// The program that is killed: a test of its own, which only runs where it is asked for.
#[test]
#[ignore = "it is started by the test below, and ends when it is killed"]
fn victim() {
    let _watchdog = watchdog();
    let path = std::env::var("DATABASE_FILE").unwrap();
    let ended = taxi::run(async {
        let database = Database::at(path).open().await?;
        database.batch(TABLES).await?;
        let next = database.query::<(i64,)>("SELECT coalesce(max(id), 0) FROM done", ());
        let mut id = next.await?[0].0;
        loop {
            assert!(transfer(&database, -1 - id, false).await.is_err());
            id += 1;
            transfer(&database, id, true).await?;
            println!("committed {id}");
        }
        #[expect(unreachable_code)]
        Ok::<(), Error>(())
    });
    ended.unwrap().unwrap();
}

#[test]
fn nothing_committed_is_lost_and_nothing_rolled_back_stays() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("crash.db");
    let mut told = 0;
    let file = ("DATABASE_FILE", path.as_os_str());
    for seed in 0..quick_or_full(8, 60) {
        told = told.max(kill_after("crash::victim", file, &mut Rng::with_seed(seed)));
        let connection = rusqlite::Connection::open(&path).unwrap();
        let count = |sql: &str| {
            let found: i64 = connection.query_row(sql, (), |row| row.get(0)).unwrap();
            found
        };
        if count("SELECT count(*) FROM sqlite_schema WHERE name = 'accounts'") == 0 {
            continue;
        }
        let last = count("SELECT coalesce(max(id), 0) FROM done");
        assert!(
            last >= told,
            "seed {seed}: {told} was committed, {last} is there"
        );
        // The next one may have been committed before it could be told.
        assert!(
            last <= told + 1,
            "seed {seed}: {told} was told, {last} is there"
        );
        assert_eq!(
            count("SELECT count(*) FROM done"),
            last,
            "none twice, none left out"
        );
        assert_eq!(
            count("SELECT coalesce(min(id), 1) FROM done"),
            1,
            "none rolled back"
        );
        let money = |name: &str| {
            count(&format!(
                "SELECT coalesce(sum(money), 0) FROM accounts WHERE name = '{name}'"
            ))
        };
        assert_eq!(
            (money("a"), money("b")),
            (last, -last),
            "seed {seed}: by half"
        );
        let check: String = connection
            .query_row("PRAGMA integrity_check", (), |row| row.get(0))
            .unwrap();
        assert_eq!(check, "ok");
        // What was committed and not told is there to stay, too, and the next program goes on from it.
        told = last;
    }
    assert!(told > 0, "it was never let commit");
}
