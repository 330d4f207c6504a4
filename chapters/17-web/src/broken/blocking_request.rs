//! The outbound request, made by a client that blocks: everybody waits for it.

use std::io::{Read, Write};
use std::net;
use std::rc::Rc;
use std::thread;
use std::time::Duration;

use chapter::{Args, BadInput};
use taxi::join;
use taxi::sync::Event;
use trace::say;
use web::client::Client;
use web::{App, Error, Request, Server};

use crate::programs::hello::{Fallible, anywhere};

// ANCHOR: main
/// What `requests.post` does: it returns when it has the answer.
fn ask(archive: net::SocketAddr) -> std::io::Result<String> {
    let mut stream = net::TcpStream::connect(archive)?;
    stream.write_all(b"GET / HTTP/1.1\r\nhost: archive\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.lines().last().unwrap_or("").to_string())
}

fn office(archive: net::SocketAddr, begun: Rc<Event>) -> App {
    let demo2 = async move |_: Request| {
        begun.set();
        say!("demo2 asks the archive");
        let found = ask(archive)?;
        say!("demo2 has an answer: {found}");
        Ok::<_, Error>("welcome")
    };
    App::new()
        .post("/demo2", demo2)
        .get("/", async |_: Request| "Hello, world")
}
// ANCHOR_END: main

async fn call() -> Fallible {
    let begun = Rc::new(Event::new());
    let office = office(archive()?, Rc::clone(&begun));
    let server = Server::bind(anywhere())?.serve(office)?;
    let (client, url) = (Client::new(), format!("http://{}", server.local_addr()));
    let ann = client.post(&format!("{url}/demo2"), "text/plain", "");
    let bob = async {
        begun.wait().await;
        say!("Bob asks");
        let text = client.get(&url).await?.text().await?;
        say!("Bob: {text}");
        Ok::<_, Box<dyn std::error::Error>>(())
    };
    let (ann, bob) = join(ann, bob).await;
    ann?;
    bob
}

/// A server in a thread of its own: it answers one who asks, after a while.
fn archive() -> std::io::Result<net::SocketAddr> {
    let listener = net::TcpListener::bind(anywhere())?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        let (mut stream, _) = listener.accept()?;
        let _asked = stream.read(&mut [0; 1024])?;
        thread::sleep(Duration::from_millis(300));
        stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nfound")
    });
    Ok(address)
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    taxi::run(call())
        .map_err(Into::into)
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
