//! Pages whose rides are in a database: an order that does not fit is rolled back, and what was kept outlives the server.
//!
//! rows: P53
//! twin: none, Python's standard library has neither an HTTP server for asyncio nor templates

use std::time::Duration;

use chapter::{Args, BadInput};
use database::{Database, in_a_folder};
use serde::{Deserialize, Serialize};
use trace::say;
use web::client::Client;
use web::{AccessLog, App, Error, Request, Response, Server, StatusCode, Templates};

// ANCHOR: model
const TABLE: &str = "CREATE TABLE IF NOT EXISTS rides
    (id INTEGER PRIMARY KEY, place TEXT NOT NULL, seats INTEGER NOT NULL)";

const PAGE: &str = "\
<h1>{{ rides|length }} rides</h1>
<ul>
{%- for ride in rides %}
  <li>{{ ride.seats }} to {{ ride.place }}</li>
{%- endfor %}
</ul>
";

#[derive(Serialize, Deserialize)]
struct Ride {
    place: String,
    seats: u8,
}

#[derive(Serialize)]
struct View {
    rides: Vec<Ride>,
}
// ANCHOR_END: model

// ANCHOR: order
async fn order(database: &Database, ride: Ride) -> Result<Response, Error> {
    let transaction = database.transaction(async |open| {
        let insert = "INSERT INTO rides (place, seats) VALUES (?1, ?2)";
        open.execute(insert, (ride.place, ride.seats)).await?;
        let taken = "SELECT sum(seats) FROM rides";
        match open.query::<(u32,)>(taken, ()).await?[..] {
            [(..=4,)] => Ok(Response::redirect("/")),
            _ => Err(Error::new(StatusCode::CONFLICT, "a taxi has four seats")),
        }
    });
    transaction.await
}
// ANCHOR_END: order

// ANCHOR: app
fn office(database: &Database) -> Result<App, Error> {
    let mut templates = Templates::new();
    templates.add("rides.html", PAGE)?;
    let (looked_at, kept) = (database.clone(), database.clone());
    let list = async move |_: Request| {
        let select = "SELECT place, seats FROM rides ORDER BY id";
        let rows = looked_at.query::<(String, u8)>(select, ()).await?;
        let rides = rows.into_iter().map(|(place, seats)| Ride { place, seats });
        let rides = rides.collect();
        templates.page("rides.html", View { rides })
    };
    let order =
        async move |mut request: Request| order(&kept, request.form().await?).await;
    Ok(App::new().get("/", list).post("/", order))
}
// ANCHOR_END: app

// ANCHOR: main
/// Opens the office, and asks it for these rides and for its page.
async fn day(path: &str, orders: &[(&str, &str)]) -> Result<(), Error> {
    let database = Database::at(path).open().await?;
    database.batch(TABLE).await?;
    // Without the time: this runs on the wall clock.
    let log =
        AccessLog::new(|line| say!("log: {}", line.split("] ").last().unwrap_or(line)));
    let address = ([127, 0, 0, 1], 0).into();
    let server = Server::bind(address)?.serve(office(&database)?.log(log))?;
    let (client, url) = (Client::new(), format!("http://{}/", server.local_addr()));
    for (place, seats) in orders {
        let form = [("place", *place), ("seats", *seats)];
        let answer = client.post_form(&url, &form).await?;
        say!("{seats} to {place}: {}", answer.status());
        let text = answer.text().await?;
        text.lines().for_each(|line| say!("{line}"));
    }
    say!("{}", client.get(&url).await?.text().await?.trim_end());
    drop(client);
    server.shutdown(Duration::from_secs(10)).await;
    Ok(database.close().await?)
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    in_a_folder(async |path| {
        day(
            &path,
            &[("the sea", "2"), ("<b>home</b>", "1"), ("the opera", "3")],
        )
        .await?;
        say!("the next morning:");
        day(&path, &[("the zoo", "1")]).await
    })
}
// ANCHOR_END: main
