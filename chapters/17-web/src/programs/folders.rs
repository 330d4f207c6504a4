//! Two folders under names of their own. What is not in them cannot be had, however it is written.
//!
//! rows: P40
//! twin: same

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use chapter::{Args, BadInput};
use taxi::net::open_connection;
use trace::say;
use web::files::Folder;
use web::{App, Server};

/// Files to serve, and one beside them, for as long as this lives.
pub(crate) struct Site(PathBuf);

impl Site {
    pub(crate) fn new() -> io::Result<Site> {
        let folder = format!("web-site-{}", std::process::id());
        let site = Site(std::env::temp_dir().join(folder));
        for (name, text) in [
            ("secret.txt", "the office's safe: 4711\n"),
            ("static/css/site.css", "body { color: gold }\n"),
            ("static/css/night/dark.css", "body { color: black }\n"),
            ("static/font/taxi.woff2", "wOF2\n"),
        ] {
            let file = site.0.join(name);
            std::fs::create_dir_all(file.parent().unwrap_or(&site.0))?;
            std::fs::write(file, text)?;
        }
        Ok(site)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

// ANCHOR: ask
/// Asks as no browser would: the path goes out as it is written here.
pub(crate) async fn ask(
    server: SocketAddr,
    path: &str,
    headers: &str,
) -> io::Result<String> {
    let (mut reader, writer) = open_connection(server).await?;
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n"
    );
    writer.write(request.as_bytes());
    writer.drain().await?;
    let mut answer = Vec::new();
    while let Some(line) = reader.read_line().await? {
        answer.push(line);
    }
    Ok(answer.join("\n").replace('\r', ""))
}

/// The status, and the header with this name.
pub(crate) fn head<'a>(answer: &'a str, name: &str) -> (&'a str, &'a str) {
    let status = answer.get(9..12).unwrap_or("");
    let mut lines = answer.lines().filter_map(|line| line.split_once(": "));
    let header = lines.find(|(it, _)| it.eq_ignore_ascii_case(name));
    (status, header.map_or("", |(_, value)| value))
}
// ANCHOR_END: ask

// ANCHOR: main
const ASKED: [&str; 8] = [
    "/css/site.css",
    "/font/taxi.woff2",
    "/css/",
    "/font/",
    "/css/none.css",
    "/css/../../secret.txt",
    "/css/%2e%2e/%2e%2e/secret.txt",
    "/css/..%2f..%2fsecret.txt",
];

async fn serve(site: &Path) -> io::Result<()> {
    let app = App::new()
        .files("/css/", Folder::new(site.join("static/css")))
        .files(
            "/font/",
            Folder::new(site.join("static/font")).listing(true),
        );
    let server = Server::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?.serve(app)?;
    for path in ASKED {
        let answer = ask(server.local_addr(), path, "").await?;
        let (status, kind) = head(&answer, "content-type");
        let (_, body) = answer.split_once("\n\n").unwrap_or_default();
        let first = body.lines().next().unwrap_or_default();
        say!("{path:<30} {status}  {kind:<25} {first}");
    }
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    let served = Site::new().and_then(|site| taxi::test::run(serve(site.path())));
    served.map_err(|error| BadInput::new(error.to_string()))
}
