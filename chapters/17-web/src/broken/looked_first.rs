//! A path that is resolved and compared with the folder, and then opened: in between it may have become another.
//!
//! twin: none, it is the same in every language
//! needs: unix

use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use chapter::{Args, BadInput};
use http_body_util::BodyExt;
use hyper::Request;
use trace::say;
use web::files::Folder;

use crate::programs::folders::Site;

// ANCHOR: main
/// The path, if what is there now is below the folder.
fn look(folder: &Path, name: &str) -> io::Result<PathBuf> {
    let path = folder.join(name);
    match path.canonicalize()?.starts_with(folder.canonicalize()?) {
        true => Ok(path),
        false => Err(io::ErrorKind::PermissionDenied.into()),
    }
}

async fn office(site: &Path) -> io::Result<()> {
    let css = site.join("static/css");
    let path = look(&css, "site.css")?;
    say!("site.css is in the folder");
    // Somebody who may write in the folder puts a link in its place.
    std::fs::remove_file(&path)?;
    symlink(site.join("secret.txt"), &path)?;
    say!("what is sent: {}", std::fs::read_to_string(&path)?.trim());

    let asked = Request::get("/site.css").body(());
    let asked = asked.map_err(io::Error::other)?;
    let answer = Folder::new(css).answer("/", &asked).await;
    let body = answer.into_body().collect().await?.to_bytes();
    say!(
        "what Folder sends: {}",
        String::from_utf8_lossy(&body).trim()
    );
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    let done = Site::new().and_then(|site| taxi::test::run(office(site.path())));
    done.map_err(|error| BadInput::new(error.to_string()))
}
