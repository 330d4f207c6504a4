//! A handler that takes all that it is given.
//!
//! clock: virtual

use chapter::{Args, BadInput};
use trace::say;
use web::client::Client;
use web::{App, Bytes, Error, Payload, Request, Server};

use crate::programs::hello::{Fallible, anywhere, start};

const MIB: usize = 1 << 20;

// ANCHOR: main
async fn upload(mut request: Request) -> Result<String, Error> {
    let body = request.body();
    body.set_limit(u64::MAX);
    let all = body.collect().await?;
    Ok(format!("{} MiB, all of them in memory", all.len() / MIB))
}

async fn call() -> Fallible {
    let app = App::new().post("/upload", upload);
    let server = Server::bind(anywhere())?.serve(app)?;
    let url = format!("http://{}/upload", server.local_addr());
    // It could go on for ever.
    let pieces = (0..64).map(|_| Ok(Bytes::from(vec![0; MIB])));
    let body = Payload::pieces(taxi::stream::iter(pieces));
    let answer = Client::new().post(&url, "image/png", body).await?;
    say!("{}", answer.text().await?);
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    start(args.real(), call())
}
