//! The same over TLS, with a certificate made for this run; and two who are refused.
//!
//! twin: none, Python's ssl takes certificates from files, and makes none
//! clock: virtual

use chapter::{Args, BadInput};
use taxi::protocols::tls::{self, TlsAcceptor, TlsConnector};
use trace::say;
use web::client::Client;
use web::{App, Request, Server};

use crate::programs::hello::{Fallible, anywhere, start};

// ANCHOR: main
/// A server's secret, and a client that trusts it.
fn secrets() -> Result<(TlsAcceptor, TlsConnector), Box<dyn std::error::Error>> {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_string()])?;
    let certificate = made.cert.der().clone();
    let key = tls::key(made.signing_key.serialize_der());
    let acceptor = tls::acceptor(vec![certificate.clone()], key)?;
    Ok((acceptor, tls::connector([certificate])?))
}

async fn call() -> Fallible {
    let (acceptor, connector) = secrets()?;
    let (_, stranger) = secrets()?;
    let app = App::new().get("/", async |_: Request| "nobody else can read this");
    let server = Server::bind(anywhere())?.tls(acceptor).serve(app)?;
    let address = server.local_addr();
    let client = Client::new().tls(connector);
    let response = client.get(&format!("https://{address}/")).await?;
    say!("{}", response.text().await?);
    let error = client.get(&format!("http://{address}/")).await.unwrap_err();
    say!("without TLS: {:?}", error.kind());
    let client = Client::new().tls(stranger);
    let error = client
        .get(&format!("https://{address}/"))
        .await
        .unwrap_err();
    say!("who trusts another: {:?}", error.kind());
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    start(args.real(), call())
}
