//! A part of a file, and the file that one has already: what a browser asks for when a film is wound forward.
//!
//! twin: none, asyncio has no HTTP of its own

use std::fs::File;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use chapter::{Args, BadInput};
use trace::say;
use web::files::Folder;
use web::{App, Server};

use crate::programs::folders::{Site, ask, head};

// ANCHOR: main
const ASKED: [&str; 11] = [
    "",
    "Range: bytes=0-3",
    "Range: bytes=7-",
    "Range: bytes=-2",
    "Range: bytes=8-99",
    "Range: bytes=10-",
    "Range: bytes=0-1,4-5",
    "If-None-Match: \"a-14d1120d7b160000\"",
    "If-Modified-Since: Fri, 14 Jul 2017 02:40:00 GMT",
    "If-Range: \"a-14d1120d7b160000\"\r\nRange: bytes=0-3",
    "If-Range: \"another\"\r\nRange: bytes=0-3",
];

async fn wind(site: &Path) -> io::Result<()> {
    let mut film = File::create(site.join("static/film.txt"))?;
    film.write_all(b"0123456789")?;
    film.set_modified(UNIX_EPOCH + Duration::from_secs(1_500_000_000))?;
    let app = App::new().files("/", Folder::new(site.join("static")));
    let server = Server::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?.serve(app)?;
    for headers in ASKED {
        let lines = match headers {
            "" => String::new(),
            some => format!("{some}\r\n"),
        };
        let answer = ask(server.local_addr(), "/film.txt", &lines).await?;
        let (status, part) = head(&answer, "content-range");
        let (_, tag) = head(&answer, "etag");
        let (_, body) = answer.split_once("\n\n").unwrap_or_default();
        let headers = headers.replace("\r\n", ", ");
        say!(
            "{}",
            if headers.is_empty() {
                "(the file)"
            } else {
                &headers
            }
        );
        say!("    {status}  tag {tag}, part {part:?}, body {body:?}");
    }
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    let wound = Site::new().and_then(|site| taxi::test::run(wind(site.path())));
    wound.map_err(|error| BadInput::new(error.to_string()))
}
