//! A folder that is made beside another one and then put in its place, so that nobody finds it half made.

use anyhow::{Context, Result};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Has `make` fill an empty folder, and puts that in the place of the folder `out` once it has succeeded.
///
/// Others who do the same to `out` at that time, in this process or another, come one after another. So none loses what it is
/// at work on, and no more than one such folder is left behind by those who are killed: the next one empties it.
///
/// # Errors
///
/// If `make` fails: then `out` is as it was. If files beside `out` cannot be written.
pub(crate) fn exchange<T>(
    out: &Path,
    make: impl FnOnce(&Path) -> Result<T>,
) -> Result<T> {
    let (next, last) = (beside(out, "-next"), beside(out, "-last"));
    if let Some(folder) = out.parent() {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    // The system gives it back when this process ends, however it does.
    let name = beside(out, "-lock");
    let lock = File::create(&name).with_context(|| name.display().to_string())?;
    lock.lock().with_context(|| name.display().to_string())?;
    remove(&next)?;
    let made = make(&next)?;
    remove(&last)?;
    let was = fs::exists(out)?;
    if was {
        fs::rename(out, &last)?;
    }
    if let Err(error) = fs::rename(&next, out) {
        if was {
            fs::rename(&last, out)?;
        }
        return Err(error.into());
    }
    remove(&last)?;
    Ok(made)
}

/// The path of `out` with `end` at the end of its name.
fn beside(out: &Path, end: &str) -> PathBuf {
    let mut name = out.file_name().unwrap_or_default().to_os_string();
    name.push(end);
    out.with_file_name(name)
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_leaves_the_old_one_and_what_is_left_behind_is_cleared() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("below/out");
        let write = |name: &'static str| {
            move |dir: &Path| -> Result<()> {
                fs::create_dir(dir)?;
                Ok(fs::write(dir.join(name), name)?)
            }
        };
        let there = |name: &str| out.join(name).is_file();
        exchange(&out, write("first")).unwrap();
        assert!(there("first"));
        // It dies half-way.
        let failed = exchange(&out, |dir| {
            write("second")(dir)?;
            Err::<(), _>(anyhow::anyhow!("half made"))
        });
        assert_eq!(failed.unwrap_err().to_string(), "half made");
        assert!(there("first") && beside(&out, "-next").is_dir());
        exchange(&out, write("third")).unwrap();
        assert!(there("third") && !there("first") && !there("second"));
        assert!(!beside(&out, "-next").exists() && !beside(&out, "-last").exists());
    }
}
