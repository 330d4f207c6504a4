//! Where the code of holes is kept: ours while a hole is cut, and the reader's when ours comes back.
//!
//! What the reader wrote and has passed is kept, too: by it, `progress` knows what is done.
//!
//! Everything is below `.workbook`, which git ignores. Nothing there is ever overwritten by something else: a text
//! that would take the place of another gets a name with a number.

use anyhow::{Context, Result, bail};
use catalogue::holes::Hole;
use catalogue::process::{self, End};
use catalogue::{Chapter, Workbook};
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::term;

/// What is in a hole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Nothing but the `todo!`.
    Cut,
    /// The reader's code.
    Yours,
    /// The code it came with.
    Ours,
}

/// What is known of a chapter's holes besides their files.
#[derive(Debug)]
pub(crate) struct Store<'a> {
    root: &'a Path,
    slug: &'a str,
    unchanged: Option<&'a Unchanged>,
}

/// The files that are as they were committed last, asked of git once, for those who change none themselves.
#[derive(Debug)]
pub(crate) struct Unchanged(BTreeSet<String>);

impl Unchanged {
    /// What git says now of the chapters; nothing where it has nothing to say.
    pub(crate) fn since_the_last_commit(root: &Path) -> Unchanged {
        let names = |words: &[&str]| -> Option<BTreeSet<String>> {
            let said = said_by_git(root, words)?;
            Some(said.split('\0').map(str::to_string).collect())
        };
        let known = names(&["ls-tree", "-r", "-z", "--name-only", "HEAD", "chapters"]);
        let changed = names(&["diff", "-z", "--name-only", "--relative", "HEAD"]);
        let (Some(mut known), Some(changed)) = (known, changed) else {
            return Unchanged(BTreeSet::new());
        };
        known.retain(|file| !changed.contains(file));
        Unchanged(known)
    }
}

impl<'a> Store<'a> {
    /// The store for `chapter`.
    pub(crate) fn new(workbook: &'a Workbook, chapter: &'a Chapter) -> Store<'a> {
        Store {
            root: &workbook.root,
            slug: &chapter.slug,
            unchanged: None,
        }
    }

    /// The same, for somebody who knows what is `unchanged`, and leaves it so.
    pub(crate) fn knowing(
        workbook: &'a Workbook,
        chapter: &'a Chapter,
        unchanged: &'a Unchanged,
    ) -> Store<'a> {
        Store {
            unchanged: Some(unchanged),
            ..Store::new(workbook, chapter)
        }
    }

    /// What is in `hole`.
    ///
    /// # Errors
    ///
    /// If what was kept cannot be read.
    pub(crate) fn state(&self, hole: &Hole) -> Result<State> {
        if hole.is_cut() {
            return Ok(State::Cut);
        }
        let known = [self.kept(hole)?, self.committed(hole)];
        let mut known = known.iter().flatten().peekable();
        let unknown = known.peek().is_none();
        Ok(if unknown || known.any(|text| same(text, &hole.body)) {
            State::Ours
        } else {
            State::Yours
        })
    }

    /// The code that `hole` came with: what was kept when it was cut, else what was last committed.
    ///
    /// # Errors
    ///
    /// If what was kept cannot be read.
    pub(crate) fn original(&self, hole: &Hole) -> Result<Option<String>> {
        Ok(self.kept(hole)?.or_else(|| self.committed(hole)))
    }

    /// Keeps what is in `hole` as its original.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub(crate) fn keep_original(&self, hole: &Hole) -> Result<()> {
        let path = self.original_path(hole);
        match self.kept(hole)? {
            Some(before) if same(&before, &hole.body) => return Ok(()),
            // Committed since: what is in the hole now is the original, and the one before moves aside.
            Some(_) => move_aside(&path)?,
            None => {}
        }
        write(&path, &hole.body)
    }

    /// Forgets what was kept of `hole`, which says the same: from here on git knows better what came with it.
    ///
    /// # Errors
    ///
    /// If what was kept cannot be read or removed.
    pub(crate) fn forget_original(&self, hole: &Hole) -> Result<()> {
        if self.kept(hole)?.is_some_and(|kept| same(&kept, &hole.body)) {
            let path = self.original_path(hole);
            fs::remove_file(&path).with_context(|| path.display().to_string())?;
        }
        Ok(())
    }

    /// Whether the original of `hole` is kept: it was cut, and `solve` has not brought it back.
    pub(crate) fn has_original(&self, hole: &Hole) -> bool {
        self.original_path(hole).is_file()
    }

    /// Whether code of the reader's has passed in `hole`.
    pub(crate) fn has_passed(&self, hole: &Hole) -> bool {
        self.passed_path(hole).is_file()
    }

    /// Keeps what is in `hole` as something that passed.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub(crate) fn keep_passed(&self, hole: &Hole) -> Result<()> {
        write_free(&self.passed_path(hole), &hole.body).map(|_| ())
    }

    /// Where the reader's own code for `hole` was kept last, if it ever was.
    pub(crate) fn yours(&self, hole: &Hole) -> Option<String> {
        let path = self.folder("mine").join(format!("{}.rs", hole.name));
        let kept = names(&path).take_while(|path| path.is_file());
        kept.last().map(|path| term::below(self.root, &path))
    }

    /// Keeps what is in `hole` as the reader's, and says where.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub(crate) fn keep_yours(&self, hole: &Hole) -> Result<String> {
        let path = self.folder("mine").join(format!("{}.rs", hole.name));
        let path = write_free(&path, &hole.body)?;
        Ok(term::below(self.root, &path))
    }

    /// Whether `text`, the contents of `file`, was changed outside its holes since the last commit; false if there
    /// is no git to say so.
    pub(crate) fn changed_outside(&self, file: &Path, text: &str) -> bool {
        let committed = self.committed_text(file);
        committed.is_some_and(|committed| {
            match (emptied(file, &committed), emptied(file, text)) {
                (Some(committed), Some(now)) => !same(&committed, &now),
                _ => true,
            }
        })
    }

    fn kept(&self, hole: &Hole) -> Result<Option<String>> {
        let path = self.original_path(hole);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| path.display().to_string()),
        }
    }

    /// The code in `hole` at the last commit, unless it was cut then.
    fn committed(&self, hole: &Hole) -> Option<String> {
        let text = self.committed_text(&hole.file)?;
        let holes = Hole::in_text(&hole.file, &text).ok()?;
        let mut then = holes.into_iter().find(|it| it.name == hole.name)?;
        then.number.clone_from(&hole.number);
        (!then.is_cut()).then_some(then.body)
    }

    /// `file` as of the last commit; `None` if there is no git, no repository, or no such file in it.
    fn committed_text(&self, file: &Path) -> Option<String> {
        let below = term::below(self.root, file);
        if self.unchanged.is_some_and(|it| it.0.contains(&below)) {
            return fs::read_to_string(file).ok();
        }
        said_by_git(self.root, &["show", &format!("HEAD:./{below}")])
    }

    fn passed_path(&self, hole: &Hole) -> PathBuf {
        self.folder("passed").join(format!("{}.rs", hole.name))
    }

    fn original_path(&self, hole: &Hole) -> PathBuf {
        self.folder("holes").join(format!("{}.rs", hole.name))
    }

    fn folder(&self, kind: &str) -> PathBuf {
        self.root.join(".workbook").join(kind).join(self.slug)
    }
}

/// What git prints; `None` if there is no git, or it refuses.
fn said_by_git(root: &Path, words: &[&str]) -> Option<String> {
    let mut git = Command::new("git");
    git.current_dir(root).args(words);
    let ended = process::run(&mut git, Duration::from_secs(10)).ok()?;
    matches!(ended.end, End::Status(status) if status.success()).then_some(ended.stdout)
}

/// Puts `body` into `hole` in its file.
///
/// # Errors
///
/// If the file cannot be read or written.
pub(crate) fn fill(hole: &Hole, body: &str) -> Result<()> {
    let read = fs::read_to_string(&hole.file);
    let text = read.with_context(|| hole.file.display().to_string())?;
    write(&hole.file, &hole.replaced(&text, body))
}

/// Whether two texts are the same but for the ends of their lines.
fn same(one: &str, other: &str) -> bool {
    one.lines().eq(other.lines())
}

/// `text` with nothing in its holes, if its markers are in order.
fn emptied(file: &Path, text: &str) -> Option<String> {
    let holes = Hole::in_text(file, text).ok()?;
    // From the last to the first, so that the places of those still to be emptied stay right.
    let holes = holes.iter().rev();
    Some(holes.fold(text.to_string(), |text, hole| hole.replaced(&text, "")))
}

fn write(path: &Path, text: &str) -> Result<()> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    fs::write(path, text).with_context(|| path.display().to_string())
}

/// `push.rs`, and the names beside it: `push-2.rs`, `push-3.rs` …
fn names(path: &Path) -> impl Iterator<Item = PathBuf> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let numbered = move |number: u32| path.with_file_name(format!("{stem}-{number}.rs"));
    std::iter::once(path.to_path_buf()).chain((2..).map(numbered))
}

/// Writes `text` to `path`, or to the next of its [`names`] if that is taken by something else.
fn write_free(path: &Path, text: &str) -> Result<PathBuf> {
    for free in names(path) {
        match fs::read_to_string(&free) {
            Ok(there) if there == text => return Ok(free),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                write(&free, text)?;
                return Ok(free);
            }
            _ => {}
        }
    }
    bail!("{}: no name is free beside it", path.display())
}

/// Gives the file at `path` the next of its [`names`] that is free.
fn move_aside(path: &Path) -> Result<()> {
    let free = names(path).find(|name| !name.exists());
    let free = free.context("no name is free")?;
    fs::rename(path, &free).with_context(|| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_text_is_not_overwritten() {
        let folder =
            std::env::temp_dir().join(format!("workbook-{}", std::process::id()));
        let path = folder.join("push.rs");
        assert_eq!(write_free(&path, "one").unwrap(), path);
        assert_eq!(write_free(&path, "two").unwrap(), folder.join("push-2.rs"));
        assert_eq!(write_free(&path, "one").unwrap(), path);
        assert_eq!(
            write_free(&path, "three").unwrap(),
            folder.join("push-3.rs")
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        fs::remove_dir_all(folder).unwrap();
    }
}
