//! What is sent is not what is wanted: each answer names the field.
//!
//! twin: none, Python's standard library checks no fields
//! clock: virtual

use chapter::{Args, BadInput};
use serde::{Deserialize, Serialize};
use trace::say;
use web::client::{self, Client};
use web::{App, Error, Request, Response, Server};

use crate::programs::hello::{Fallible, anywhere, start};

// ANCHOR: main
#[derive(Serialize, Deserialize)]
struct Ride {
    to: String,
    seats: u8,
}

async fn form(mut request: Request) -> Result<Response, Error> {
    let ride: Ride = request.form().await?;
    Ok(Response::json(&ride))
}

async fn json(mut request: Request) -> Result<Response, Error> {
    let rides: Vec<Ride> = request.json().await?;
    Ok(Response::json(&rides))
}

async fn query(request: Request) -> Result<Response, Error> {
    let ride: Ride = request.query()?;
    Ok(Response::json(&ride))
}
// ANCHOR_END: main

async fn say_answer(response: client::Response) -> Result<(), client::Error> {
    let status = response.status().as_u16();
    say!("{status} {}", response.text().await?.trim());
    Ok(())
}

// ANCHOR: call
async fn call() -> Fallible {
    let app = App::new()
        .get("/", query)
        .post("/form", form)
        .post("/json", json);
    let server = Server::bind(anywhere())?.serve(app)?;
    let (client, url) = (Client::new(), format!("http://{}", server.local_addr()));
    for query in [
        "to=the+sea&seats=2",
        "to=the+sea&seats=300",
        "to=%C3%9Cbersee",
    ] {
        say_answer(client.get(&format!("{url}/?{query}")).await?).await?;
    }
    let form = format!("{url}/form");
    say_answer(
        client
            .post_form(&form, &[("to", "home"), ("seats", "-1")])
            .await?,
    )
    .await?;
    say_answer(client.post(&form, "text/plain", "to=home").await?).await?;
    let json = format!("{url}/json");
    for text in [
        r#"[{"to": "home", "seats": 1}]"#,
        r#"[{"to": "home", "seats": 1}, {"to": "home", "seats": "two"}]"#,
        r#"[{"to": "home""#,
    ] {
        say_answer(client.post(&json, "application/json", text).await?).await?;
    }
    Ok(())
}
// ANCHOR_END: call

pub fn run(args: &Args) -> Result<(), BadInput> {
    start(args.real(), call())
}
