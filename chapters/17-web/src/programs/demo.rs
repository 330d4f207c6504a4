//! A form that takes its time: the handler begins before it is there.
//!
//! rows: P38
//! twin: same
//! clock: virtual

use std::collections::HashMap;
use std::time::Duration;

use chapter::{Args, BadInput};
use serde::Serialize;
use taxi::net::TcpStream;
use taxi::time::{now, sleep};
use trace::say;
use web::{App, Error, Request, Response, Server, StatusCode};

use crate::programs::hello::{Fallible, anywhere, start};

// ANCHOR: app
#[derive(Serialize)]
struct Answer {
    name: String,
    key: String,
}

async fn demo1(mut request: Request) -> Result<Response, Error> {
    let name: String = request.param("name")?;
    say!("{} s  demo1 begins: it knows {name}", now().as_secs());
    let mut form: HashMap<String, String> = request.form().await?;
    say!("{} s  demo1 has the form", now().as_secs());
    let Some(key) = form.remove("key") else {
        return Err(Error::new(StatusCode::UNPROCESSABLE_ENTITY, "no key"));
    };
    Ok(Response::json(&Answer { name, key }))
}
// ANCHOR_END: app

// ANCHOR: main
async fn call() -> Fallible {
    let app = App::new().post("/demo1/{name}", demo1);
    let server = Server::bind(anywhere())?.serve(app)?;
    let stream = TcpStream::connect(server.local_addr()).await?;
    let header = "POST /demo1/Ann HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
        content-type: application/x-www-form-urlencoded\r\ncontent-length: 15\r\n\r\n";
    for piece in [header, "key=to+", "the+sea!"] {
        say!("{} s  sent: {} bytes", now().as_secs(), piece.len());
        stream.write_all(piece.as_bytes()).await?;
        sleep(Duration::from_secs(2)).await;
    }
    let answer = read(&stream).await?;
    let (_, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
    say!("{} s  answer: {body}", now().as_secs());
    Ok(())
}
// ANCHOR_END: main

/// All that comes until the end.
pub(crate) async fn read(stream: &TcpStream) -> std::io::Result<String> {
    let (mut all, mut buffer) = (Vec::new(), vec![0; 16 * 1024]);
    loop {
        match stream.read(&mut buffer).await? {
            0 => return Ok(String::from_utf8_lossy(&all).into_owned()),
            length => all.extend(&buffer[..length]),
        }
    }
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    start(args.real(), call())
}
