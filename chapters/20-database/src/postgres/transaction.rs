//! A transaction at the server, as a scope.

use std::fmt;

use taxi::net::located;
use taxi::stream::{Context, Ended, with};
use tokio_postgres::Row;

use super::client::{Client, Say, Values};
use crate::Error;

/// A transaction that is open at the server; what the body of [`Client::transaction`] is given.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let Ok(url) = std::env::var("DATABASE_URL") else { return Ok(()) }; // There is no server here.
/// use database::{Error, Postgres};
///
/// taxi::run(async {
///     let pool = Postgres::at(&url)?.build();
///     let count = pool.transaction(async |day| {
///         day.execute("CREATE TEMP TABLE rides (id INT8 PRIMARY KEY)", &[]).await?;
///         day.execute("INSERT INTO rides VALUES (1)", &[]).await?;
///         let twice = day.transaction(async |night| {
///             night.execute("INSERT INTO rides VALUES (2), (1)", &[]).await
///         });
///         assert!(twice.await.is_err());
///         day.query("SELECT id FROM rides", &[]).await
///     });
///     assert_eq!(count.await?.len(), 1);
///     Ok::<(), Error>(())
/// })??;
/// # Ok(())
/// # }
/// ```
// ANCHOR: transaction
pub struct PgTransaction<'c> {
    client: &'c Client,
    /// How many it is inside of.
    level: u32,
    /// Whether it is still to be ended.
    open: bool,
}
// ANCHOR_END: transaction

// ANCHOR: begin
pub(super) struct Begin<'c> {
    client: &'c Client,
    level: u32,
}

impl<'c, E: From<Error>> Context<E> for Begin<'c> {
    type Value = PgTransaction<'c>;

    async fn enter(self) -> Result<PgTransaction<'c>, E> {
        let (client, level) = (self.client, self.level);
        let begin = match level {
            0 => "BEGIN".to_string(),
            _ => format!("SAVEPOINT level_{level}"),
        };
        // From here on dropping it undoes what there is.
        let transaction = PgTransaction {
            client,
            level,
            open: true,
        };
        client.batch(&begin).await?;
        Ok(transaction)
    }
    // ANCHOR_END: begin

    // ANCHOR: exit
    async fn exit(
        mut transaction: PgTransaction<'c>,
        ended: Ended<'_, E>,
    ) -> Result<(), E> {
        let end = match ended {
            Ended::Finished => transaction.commit(),
            _ => transaction.undo(),
        };
        transaction.client.batch(&end).await?;
        transaction.open = false;
        Ok(())
    }
    // ANCHOR_END: exit
}

impl<'c> Begin<'c> {
    pub(super) fn outermost(client: &'c Client) -> Begin<'c> {
        Begin { client, level: 0 }
    }
}

impl<'c> PgTransaction<'c> {
    /// Executes a statement; how many rows it has changed.
    ///
    /// # Errors
    ///
    /// What the server says, or that the connection is lost.
    #[track_caller]
    pub fn execute(
        &self,
        sql: &str,
        values: &Values<'_>,
    ) -> impl Future<Output = Result<u64, Error>> {
        self.client.execute(sql, values)
    }

    /// All rows that `sql` finds.
    ///
    /// # Errors
    ///
    /// As those of [`execute`](PgTransaction::execute).
    #[track_caller]
    pub fn query(
        &self,
        sql: &str,
        values: &Values<'_>,
    ) -> impl Future<Output = Result<Vec<Row>, Error>> {
        self.client.query(sql, values)
    }

    /// A transaction inside this one, by a savepoint.
    ///
    /// # Errors
    ///
    /// What the body fails with, and what the server says.
    #[track_caller]
    pub fn transaction<'t, T, E: From<Error>>(
        &'t mut self,
        body: impl AsyncFnOnce(&mut PgTransaction<'t>) -> Result<T, E>,
    ) -> impl Future<Output = Result<T, E>> {
        let begin = Begin {
            client: self.client,
            level: self.level + 1,
        };
        located("transaction", with(begin, body))
    }

    // ANCHOR: commit
    /// PostgreSQL answers the `COMMIT` of a transaction that has failed with a rollback, and
    /// no error. So something is asked first that fails there, and the rest is left out then.
    fn commit(&self) -> String {
        match self.level {
            0 => "SELECT 1; COMMIT".to_string(),
            level => format!("RELEASE level_{level}"),
        }
    }
    // ANCHOR_END: commit

    fn undo(&self) -> String {
        match self.level {
            0 => "ROLLBACK".to_string(),
            level => format!("ROLLBACK TO level_{level}; RELEASE level_{level}"),
        }
    }
}

// ANCHOR: drop
impl Drop for PgTransaction<'_> {
    fn drop(&mut self) {
        if self.open {
            self.client.later(Say::Statement(self.undo()));
        }
    }
}
// ANCHOR_END: drop

impl fmt::Debug for PgTransaction<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PgTransaction, level {}", self.level)
    }
}
