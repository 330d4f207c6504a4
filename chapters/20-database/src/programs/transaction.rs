//! A transfer commits if its body ends well, and is rolled back if that fails or is cancelled.
//!
//! rows: P16
//! twin: same

use std::rc::Rc;

use chapter::{Args, BadInput};
use database::{Database, Error, in_a_folder};
use taxi::sync::Event;
use trace::say;

// ANCHOR: main
const TABLE: &str = "
    CREATE TABLE accounts (name TEXT PRIMARY KEY, money INTEGER CHECK (money >= 0));
    INSERT INTO accounts VALUES ('garage', 100), ('driver', 0)";

/// Whoever is asked before the money is taken out.
#[derive(Default)]
struct Bank {
    asked: Event,
    says_yes: Event,
}

// ANCHOR: transfer
async fn transfer(database: &Database, sum: i64, bank: &Bank) -> Result<(), Error> {
    let (give, take) = (
        "UPDATE accounts SET money = money + ?1 WHERE name = 'driver'",
        "UPDATE accounts SET money = money - ?1 WHERE name = 'garage'",
    );
    let transferred = database.transaction(async |accounts| {
        accounts.execute(give, (sum,)).await?;
        // Here the sum is in both accounts. Nobody else sees it.
        bank.asked.set();
        bank.says_yes.wait().await;
        accounts.execute(take, (sum,)).await
    });
    transferred.await.map(drop)
}
// ANCHOR_END: transfer

async fn tell(database: &Database) -> Result<(), Error> {
    let select = "SELECT name, money FROM accounts ORDER BY name";
    for (name, money) in database.query::<(String, i64)>(select, ()).await? {
        say!("  {name}: {money}");
    }
    Ok(())
}

async fn office(path: String) -> Result<(), Error> {
    let database = Database::at(path).open().await?;
    database.batch(TABLE).await?;
    let bank = Bank::default();
    bank.says_yes.set();
    for sum in [30, 80] {
        say!("{sum} for the driver");
        if let Err(error) = transfer(&database, sum, &bank).await {
            say!("  {error}");
        }
        tell(&database).await?;
    }

    say!("20 for the driver, called off");
    let (bank, accounts) = (Rc::new(Bank::default()), database.clone());
    let slow = Rc::clone(&bank);
    let paying = taxi::spawn(async move { transfer(&accounts, 20, &slow).await });
    bank.asked.wait().await;
    paying.cancel();
    if paying.await.is_err() {
        say!("  cancelled");
    }
    tell(&database).await?;
    database.close().await
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    in_a_folder(office)
}
