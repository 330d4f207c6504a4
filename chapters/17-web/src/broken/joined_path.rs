//! A path that is joined to the folder as it was asked: two dots lead up, and a whole path leads anywhere.
//!
//! twin: same

use std::path::Path;

use chapter::{Args, BadInput};
use percent_encoding::percent_decode_str;
use trace::say;

use crate::programs::folders::Site;

// ANCHOR: main
/// What is in the file that `asked` names below `folder`, or so it seems.
fn serve(folder: &Path, asked: &str) -> String {
    let name = percent_decode_str(asked).decode_utf8_lossy();
    let text = std::fs::read_to_string(folder.join(&*name));
    text.unwrap_or_else(|_| "404 Not Found\n".into())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    let site = Site::new().map_err(|error| BadInput::new(error.to_string()))?;
    let (css, top) = (site.path().join("static/css"), site.path().display());
    for (said, asked) in [
        ("site.css", "site.css".to_string()),
        ("../../secret.txt", "../../secret.txt".into()),
        (
            "%2e%2e%2f%2e%2e%2fsecret.txt",
            "%2e%2e%2f%2e%2e%2fsecret.txt".into(),
        ),
        ("the whole path of secret.txt", format!("{top}/secret.txt")),
    ] {
        say!("{said:<30} {}", serve(&css, &asked).trim());
    }
    Ok(())
}
