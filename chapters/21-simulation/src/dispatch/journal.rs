//! A replica's disk: one line for each change of what it must not forget.

use std::io;

use super::log::{Record, Saved};
use crate::World;

/// The file's name.
pub(super) const FILE: &str = "log";

/// What the disk has, of an earlier life.
///
/// A line that was cut off by a crash was never safe, so nobody has been told of it: it is taken away. All others are made
/// safe now. An ended program leaves lines behind that it had written and not made safe, and who reads them believes
/// them.
// ANCHOR: load
pub(super) async fn load<W: World>(world: &W) -> io::Result<Saved> {
    let bytes = match world.read(FILE).await {
        Err(none) if none.kind() == io::ErrorKind::NotFound => Vec::new(),
        read => read?,
    };
    let whole = bytes
        .iter()
        .rposition(|it| *it == b'\n')
        .map_or(0, |it| it + 1);
    let mut saved = Saved::default();
    for (number, line) in bytes[..whole]
        .split_inclusive(|it| *it == b'\n')
        .enumerate()
    {
        let record = serde_json::from_slice(line).map_err(|error| {
            let why = format!("line {} of the file '{FILE}': {error}", number + 1);
            io::Error::new(io::ErrorKind::InvalidData, why)
        })?;
        saved.keep(record);
    }
    if whole < bytes.len() || bytes.is_empty() {
        world.write(FILE, &bytes[..whole]).await?;
    }
    world.sync(FILE).await?;
    Ok(saved)
}
// ANCHOR_END: load

/// Adds these, and waits until they are safe.
// ANCHOR: save
pub(super) async fn save<W: World>(world: &W, records: &[Record]) -> io::Result<()> {
    let mut lines = Vec::new();
    for record in records {
        serde_json::to_writer(&mut lines, record)?;
        lines.push(b'\n');
    }
    world.append(FILE, &lines).await?;
    world.sync(FILE).await
}
// ANCHOR_END: save
