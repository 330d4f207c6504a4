//! Pages: a template, a form that is sent, and the access log.
//!
//! rows: P53
//! twin: none, Python's standard library has neither an HTTP server for asyncio nor templates
//! clock: virtual

use std::cell::RefCell;
use std::rc::Rc;

use chapter::{Args, BadInput};
use serde::{Deserialize, Serialize};
use trace::say;
use web::client::Client;
use web::{AccessLog, App, Error, Request, Response, Server, Templates};

use crate::programs::hello::{Fallible, anywhere, start};

// ANCHOR: model
const PAGE: &str = "\
<!doctype html>
<title>Rides</title>
<h1>{{ rides|length }} rides</h1>
<ul>
{%- for ride in rides %}
  <li>{{ ride.seats }} to {{ ride.to }}</li>
{%- endfor %}
</ul>
";

#[derive(Serialize, Deserialize)]
struct Ride {
    to: String,
    seats: u8,
}

/// The model: what is kept. (Chapter 20 keeps it in a database.)
type Rides = Rc<RefCell<Vec<Ride>>>;
// ANCHOR_END: model

// ANCHOR: app
fn office() -> Result<App, Error> {
    let mut templates = Templates::new();
    templates.add("rides.html", PAGE)?;
    let rides = Rides::default();
    let kept = Rc::clone(&rides);
    let list = async move |_: Request| {
        #[derive(Serialize)]
        struct View<'a> {
            rides: &'a [Ride],
        }
        let rides = rides.borrow();
        templates.page("rides.html", View { rides: &rides })
    };
    let order = async move |mut request: Request| {
        let ride: Ride = request.form().await?;
        kept.borrow_mut().push(ride);
        Ok::<_, Error>(Response::redirect("/"))
    };
    Ok(App::new().get("/", list).post("/", order))
}
// ANCHOR_END: app

// ANCHOR: main
async fn call() -> Fallible {
    let log = AccessLog::new(|line| say!("log: {line}"));
    let app = office().map_err(|it| it.to_string())?.log(log);
    let server = Server::bind(anywhere())?.serve(app)?;
    let (client, url) = (Client::new(), format!("http://{}/", server.local_addr()));
    let orders = [
        ("the sea", "2"),
        ("<b>home</b>", "1"),
        ("the opera", "many"),
    ];
    for (to, seats) in orders {
        let response = client
            .post_form(&url, &[("to", to), ("seats", seats)])
            .await?;
        let (status, to) = (response.status(), response.header("location"));
        say!("{status} {}", to.unwrap_or(""));
        for line in response.text().await?.lines() {
            say!("{line}");
        }
    }
    say!("{}", client.get(&url).await?.text().await?);
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    start(args.real(), call())
}
