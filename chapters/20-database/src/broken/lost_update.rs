//! Read, think, write, without a transaction: of two drivers who pay in, one has paid for nothing.
//!
//! twin: none, it would be the same

use chapter::{Args, BadInput};
use database::{Database, Error, in_a_folder};
use taxi::sync::Barrier;
use trace::say;

// ANCHOR: main
async fn pay_in(database: &Database, sum: i64, both: &Barrier) -> Result<(), Error> {
    let (before,) = database
        .query::<(i64,)>("SELECT money FROM till", ())
        .await?[0];
    // It thinks, until the other one has read, too.
    let _together = both.wait().await;
    let after = before + sum;
    database
        .execute("UPDATE till SET money = ?1", (after,))
        .await?;
    Ok(())
}

async fn office(path: String) -> Result<(), Error> {
    let database = Database::at(path).open().await?;
    database
        .batch("CREATE TABLE till (money); INSERT INTO till VALUES (100)")
        .await?;
    let both = Barrier::new(2);
    let (first, second) = (pay_in(&database, 7, &both), pay_in(&database, 7, &both));
    let (first, second) = taxi::join(first, second).await;
    first.and(second)?;
    let (money,) = database
        .query::<(i64,)>("SELECT money FROM till", ())
        .await?[0];
    say!("100 + 7 + 7 = {money}");
    database.close().await
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    in_a_folder(office)
}
