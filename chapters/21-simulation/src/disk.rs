//! A simulated disk: what was not synced may be lost.

use std::collections::BTreeMap;
use std::io;

use fastrand::Rng;

/// A host's files.
#[derive(Debug, Default)]
pub(crate) struct Disk {
    files: BTreeMap<String, File>,
}

// ANCHOR: file
/// A file: what is safe, and what was written since.
#[derive(Debug, Default)]
struct File {
    /// What a crash leaves in any case. `None`: not even the file.
    safe: Option<Vec<u8>>,
    /// What was done since, the oldest first.
    unsafe_yet: Vec<Write>,
    /// How many writes are safe.
    settled: usize,
}

#[derive(Debug, Clone)]
enum Write {
    Replace(Vec<u8>),
    Append(Vec<u8>),
}
// ANCHOR_END: file

fn apply(content: &mut Option<Vec<u8>>, write: Write) {
    match write {
        Write::Replace(bytes) => *content = Some(bytes),
        Write::Append(bytes) => content.get_or_insert_default().extend(bytes),
    }
}

impl File {
    fn content(&self) -> Option<Vec<u8>> {
        let mut content = self.safe.clone();
        for write in &self.unsafe_yet {
            apply(&mut content, write.clone());
        }
        content
    }

    /// The oldest `count` of the writes are safe now.
    fn settle(&mut self, count: usize) {
        self.settled += count;
        for write in self.unsafe_yet.drain(..count) {
            apply(&mut self.safe, write);
        }
    }

    // ANCHOR: crash
    /// The power goes: the disk had got to some of the writes, and was perhaps in the
    /// middle of one.
    fn crash(&mut self, dice: &mut Rng) {
        self.settle(dice.usize(..=self.unsafe_yet.len()));
        if let Some(Write::Append(bytes)) = self.unsafe_yet.first_mut() {
            bytes.truncate(dice.usize(..=bytes.len()));
            self.settle(1);
        }
        self.unsafe_yet.clear();
    }
    // ANCHOR_END: crash
}

impl Disk {
    fn file(&mut self, name: &str) -> &mut File {
        if !self.files.contains_key(name) {
            self.files.insert(name.to_string(), File::default());
        }
        self.files.get_mut(name).expect("it was inserted")
    }

    pub(crate) fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        let content = self.files.get(name).and_then(File::content);
        content.ok_or_else(|| no_file(name))
    }

    pub(crate) fn replace(&mut self, name: &str, bytes: &[u8]) {
        let write = Write::Replace(bytes.to_vec());
        self.file(name).unsafe_yet.push(write);
    }

    pub(crate) fn append(&mut self, name: &str, bytes: &[u8]) {
        let write = Write::Append(bytes.to_vec());
        self.file(name).unsafe_yet.push(write);
    }

    /// How many writes to the file there were.
    pub(crate) fn writes(&self, name: &str) -> io::Result<usize> {
        let file = self.files.get(name).ok_or_else(|| no_file(name))?;
        Ok(file.settled + file.unsafe_yet.len())
    }

    /// The first `count` writes to the file are safe now.
    pub(crate) fn settle(&mut self, name: &str, count: usize) {
        let file = self.file(name);
        file.settle(count.saturating_sub(file.settled));
    }

    pub(crate) fn crash(&mut self, dice: &mut Rng) {
        for file in self.files.values_mut() {
            file.crash(dice);
        }
        self.files.retain(|_, file| file.safe.is_some());
    }
}

fn no_file(name: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::NotFound,
        format!("there is no file '{name}'"),
    )
}
