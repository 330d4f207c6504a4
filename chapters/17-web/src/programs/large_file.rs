//! A million bytes, of which 65,536 are in memory at a time; and a client that leaves.
//!
//! twin: none, asyncio has no HTTP of its own

use std::io;
use std::path::Path;

use chapter::{Args, BadInput};
use http_body_util::BodyExt;
use hyper::Request;
use taxi::yield_now;
use trace::say;
use web::files::Folder;

use crate::programs::folders::Site;

// ANCHOR: main
async fn send(site: &Path) -> io::Result<()> {
    std::fs::write(site.join("static/film.bin"), vec![b'x'; 1_000_000])?;
    let folder = Folder::new(site.join("static"));
    let asked = Request::get("/film.bin").body(());
    let asked = asked.map_err(io::Error::other)?;
    let mut content = folder.answer("/", &asked).await.into_body();
    let (mut pieces, mut sum, mut largest) = (0, 0, 0);
    while let Some(frame) = content.frame().await {
        let length = frame?.data_ref().map_or(0, |piece| piece.len());
        (pieces, sum, largest) = (pieces + 1, sum + length, largest.max(length));
    }
    say!("{sum} bytes in {pieces} pieces, the largest of {largest}");

    let mut content = folder.answer("/", &asked).await.into_body();
    let first = content.frame().await.transpose()?;
    drop(content);
    yield_now().await;
    let length = first.map_or(0, |it| it.data_ref().map_or(0, |it| it.len()));
    say!("a client leaves after {length}: nobody reads the rest");
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    let sent = Site::new().and_then(|site| taxi::test::run(send(site.path())));
    sent.map_err(|error| BadInput::new(error.to_string()))
}
