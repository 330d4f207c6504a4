//! An answer that takes a second, for two who ask at once; and a number in a path that may be none.
//!
//! rows: P37
//! twin: own, each language says in its own words why a text is no number
//! clock: virtual

use std::net::SocketAddr;
use std::time::Duration;

use chapter::{Args, BadInput};
use serde_json::json;
use taxi::time::{now, sleep};
use taxi::{Clock, Runtime, gather};
use trace::say;
use web::client::{self, Client};
use web::{App, Error, Request, Response, Server};

// ANCHOR: app
async fn root(_: Request) -> Response {
    sleep(Duration::from_secs(1)).await;
    Response::json(&json!({ "Hello": "World" }))
}

async fn item(request: Request) -> Result<Response, Error> {
    let item_id: i64 = request.param("item_id")?;
    Ok(Response::json(&json!({ "item_id": item_id })))
}

fn app() -> App {
    App::new().get("/", root).get("/items/{item_id}", item)
}
// ANCHOR_END: app

// ANCHOR: main
async fn ask(client: Client, url: String, path: &str) -> Result<(), client::Error> {
    let response = client.get(&format!("{url}{path}")).await?;
    let status = response.status().as_u16();
    let text = response.text().await?;
    say!("{} s  {path}: {status} {}", now().as_secs(), text.trim());
    Ok(())
}

async fn call() -> Fallible {
    let server = Server::bind(anywhere())?.serve(app())?;
    let (client, url) = (Client::new(), format!("http://{}", server.local_addr()));
    gather(["/", "/"].map(|it| ask(client.clone(), url.clone(), it))).await?;
    for path in ["/items/7", "/items/-7", "/items/taxi", "/items/7.5"] {
        ask(client.clone(), url.clone(), path).await?;
    }
    Ok(())
}
// ANCHOR_END: main

/// What a program of this chapter comes to.
pub(crate) type Fallible = Result<(), Box<dyn std::error::Error>>;

/// An address of this machine whose port the operating system chooses.
pub(crate) fn anywhere() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

/// Runs `future`, on the wall clock if that is asked for.
pub(crate) fn start(
    is_real: bool,
    future: impl Future<Output = Fallible>,
) -> Result<(), BadInput> {
    let clock = match is_real {
        true => Clock::real(),
        false => Clock::virtual_time(),
    };
    let runtime = Runtime::builder().clock(clock).build();
    let mut runtime = runtime.map_err(|error| BadInput::new(error.to_string()))?;
    let result = runtime.block_on(future);
    runtime.cancel_all();
    result.map_err(|error| BadInput::new(error.to_string()))
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    start(args.real(), call())
}
