//! A web server on `taxi`, and a client: hyper reads and writes HTTP/1.1, and this decides who waits, for how long, for
//! what, and what becomes of them when somebody leaves.
//!
//! A [`Server`] accepts connections, each served by a task of its own, within [`Limits`]. An [`App`] chooses a handler,
//! an ordinary `async` function from [`Request`] to [`Response`]. Nothing needs to be `Send`.
//!
//! ```
//! use web::client::Client;
//! use web::{App, Error, Request, Response, Server};
//!
//! async fn item(request: Request) -> Result<Response, Error> {
//!     let id: u64 = request.param("item_id")?;
//!     Ok(Response::json(&[id]))
//! }
//!
//! taxi::test::run(async {
//!     let app = App::new().get("/items/{item_id}", item);
//!     let server = Server::bind("127.0.0.1:0".parse()?)?.serve(app)?;
//!     let client = Client::new();
//!     let url = format!("http://{}/items", server.local_addr());
//!     let response = client.get(&format!("{url}/7")).await?;
//!     assert_eq!(response.text().await?, "[7]");
//!     let response = client.get(&format!("{url}/seven")).await?;
//!     assert_eq!(response.status(), 422);
//!     let text = response.text().await?;
//!     assert_eq!(text, "item_id 'seven': invalid digit found in string\n");
//!     assert_eq!(server.shutdown(std::time::Duration::from_secs(1)).await, 0);
//!     Ok::<(), Box<dyn std::error::Error>>(())
//! })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod app;
mod body;
mod caught;
pub mod client;
mod error;
mod events;
pub mod files;
mod limits;
mod live;
mod log;
mod patient;
mod payload;
mod request;
mod response;
mod server;
mod templates;
mod tls;

pub use app::{App, Next};
pub use body::Body;
pub use error::Error;
pub use events::Event;
pub use hyper::body::Bytes;
pub use hyper::header::{self, HeaderMap, HeaderValue};
pub use hyper::{Method, StatusCode, Uri};
pub use limits::Limits;
pub use log::AccessLog;
pub use payload::Payload;
pub use request::Request;
pub use response::{IntoResponse, Response};
pub use server::{Running, Server};
pub use templates::Templates;
