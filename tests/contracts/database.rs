//! What chapter 20 promises.

#[path = "database/crash.rs"]
mod crash;
#[cfg(unix)]
#[path = "database/killed.rs"]
mod killed;
#[cfg(unix)]
#[path = "database/postgres.rs"]
mod postgres;
#[cfg(unix)]
#[path = "database/shared.rs"]
mod shared;
#[path = "database/sqlite.rs"]
mod sqlite;
#[path = "database/transactions.rs"]
mod transactions;

use database::{Database, Error, Open};
use tempfile::TempDir;

#[test]
fn _a_test_that_hangs_is_ended() {
    workbook_tests::limits::watch_over_all();
}

/// A query that never ends by itself.
const FOR_EVER: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n";

/// A folder of a test's own, and the database in it, which is still to be opened.
fn folder() -> (TempDir, Open) {
    let folder = TempDir::new().unwrap();
    let open = Database::at(folder.path().join("test.db"));
    (folder, open)
}

/// Runs `body` on taxi with a database in a file, which it closes.
#[track_caller]
fn with_database(body: impl AsyncFnOnce(Database) -> Result<(), Error>) {
    let (_folder, open) = folder();
    let ended = taxi::run(async {
        let database = open.open().await?;
        body(database.clone()).await?;
        database.close().await
    });
    ended.unwrap().unwrap();
}

/// The one number that `sql` finds.
async fn number(database: &Database, sql: &str) -> Result<i64, Error> {
    Ok(database.query::<(i64,)>(sql, ()).await?[0].0)
}
