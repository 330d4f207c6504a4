//! Chapter 20, exercise 2: the two drivers, with a transaction each.

use chapter::{Args, BadInput};
use database::{Database, Error, in_a_folder};
use trace::say;

// ANCHOR: main
async fn pay_in(database: Database, sum: i64) -> Result<(), Error> {
    let paid = database.transaction(async |till| {
        // By `till`, and not by `database`: that would wait for this transaction's end.
        let (before,) = till.query::<(i64,)>("SELECT money FROM till", ()).await?[0];
        taxi::yield_now().await;
        let after = before + sum;
        till.execute("UPDATE till SET money = ?1", (after,)).await
    });
    paid.await.map(drop)
}

async fn office(path: String) -> Result<(), Error> {
    let database = Database::at(path).open().await?;
    database
        .batch("CREATE TABLE till (money); INSERT INTO till VALUES (100)")
        .await?;
    let (first, second) = (pay_in(database.clone(), 7), pay_in(database.clone(), 7));
    let (first, second) = taxi::join(first, second).await;
    first.and(second)?;
    let (money,) = database
        .query::<(i64,)>("SELECT money FROM till", ())
        .await?[0];
    say!("100 + 7 + 7 = {money}");
    database.close().await
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    in_a_folder(office)
}
// ANCHOR_END: main
