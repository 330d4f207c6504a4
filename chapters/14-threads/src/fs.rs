//! Files: the calls of [`std::fs`], on the threads of the loop's pool.
//!
//! An operating system's files are always ready, and block all the same: a reactor cannot help. (Linux has io_uring for
//! it.) What is not here needs one line: `spawn_blocking(move || std::fs::copy(from, to))`.
//!
//! All functions panic where no loop with threads runs, as [`spawn_blocking`] does.

use std::fs::{DirEntry, Metadata, OpenOptions};
use std::io::{self, Seek};
use std::panic::Location;
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use streams::try_stream;

use crate::job::Job;
use crate::layer::spawn_blocking;
use crate::unblock::Unblock;

/// A file, with the traits of `futures::io`: see [`Unblock`] for what they promise.
///
/// ```
/// use event_loop::Clock;
/// use futures::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};
/// use std::io::SeekFrom;
/// use threads::fs::{self, File};
///
/// let path = std::env::temp_dir().join(format!("threads-file-{}", std::process::id()));
/// threads::run(Clock::real(), async {
///     let mut options = std::fs::OpenOptions::new();
///     let mut file = File::open_with(options.read(true).write(true).create(true), &path).await?;
///     file.write_all(b"a taxi, please").await?;
///     file.seek(SeekFrom::Start(2)).await?;
///     let mut taxi = [0; 4];
///     file.read_exact(&mut taxi).await?;
///     assert_eq!(&taxi, b"taxi");
///     file.close().await?;
///     fs::remove_file(&path).await
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
pub type File = Unblock<std::fs::File>;

impl Unblock<std::fs::File> {
    /// Opens the file at `path` to be read.
    ///
    /// ```
    /// use event_loop::Clock;
    /// use futures::AsyncReadExt;
    /// use threads::fs::File;
    ///
    /// threads::run(Clock::real(), async {
    ///     let mut start = [0; 9];
    ///     File::open("Cargo.toml").await?.read_exact(&mut start).await?;
    ///     assert_eq!(&start, b"[package]");
    ///     std::io::Result::Ok(())
    /// })??;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`std::fs::File::open`].
    #[track_caller]
    pub fn open(path: impl AsRef<Path>) -> Call<File> {
        File::open_with(OpenOptions::new().read(true), path)
    }

    /// Opens the file at `path` to be written, without what was in it.
    ///
    /// ```
    /// use event_loop::Clock;
    /// use futures::AsyncWriteExt;
    /// use threads::fs::{self, File};
    ///
    /// let path = std::env::temp_dir().join(format!("threads-create-{}", std::process::id()));
    /// threads::run(Clock::real(), async {
    ///     let mut file = File::create(&path).await?;
    ///     file.write_all(b"a taxi").await?;
    ///     file.close().await?; // Says whether it could be written.
    ///     assert_eq!(fs::read(&path).await?, b"a taxi");
    ///     fs::remove_file(&path).await
    /// })??;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`std::fs::File::create`].
    #[track_caller]
    pub fn create(path: impl AsRef<Path>) -> Call<File> {
        let mut options = OpenOptions::new();
        File::open_with(options.write(true).create(true).truncate(true), path)
    }

    /// Opens the file at `path` as `options` say.
    ///
    /// ```
    /// use event_loop::Clock;
    /// use std::io::ErrorKind;
    /// use threads::fs::File;
    ///
    /// threads::run(Clock::real(), async {
    ///     let mut options = std::fs::OpenOptions::new();
    ///     let opened = File::open_with(options.append(true).create_new(true), "Cargo.toml");
    ///     assert_eq!(opened.await.unwrap_err().kind(), ErrorKind::AlreadyExists);
    /// })?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`OpenOptions::open`].
    #[track_caller]
    pub fn open_with(options: &OpenOptions, path: impl AsRef<Path>) -> Call<File> {
        let (options, path) = (options.clone(), path.as_ref().to_path_buf());
        let made = Location::caller();
        call(move || options.open(path).map(|file| File::of(file, made)))
    }

    /// One that std has opened.
    ///
    /// ```
    /// use threads::fs::File;
    ///
    /// let file = File::from_std(std::fs::File::open("Cargo.toml")?);
    /// assert_eq!(format!("{file:?}"), "Unblock");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[track_caller]
    pub fn from_std(file: std::fs::File) -> File {
        File::of(file, Location::caller())
    }

    fn of(file: std::fs::File, made: &'static Location<'static>) -> File {
        Unblock::made(file, None, Some(|file, by| file.seek_relative(-by)), made)
    }
}

/// A call of the operating system, on a thread. Dropping it lets the call go on.
///
/// ```
/// use event_loop::Clock;
///
/// threads::run(Clock::real(), async {
///     // It has begun before it is awaited.
///     let reading: threads::fs::Call<Vec<u8>> = threads::fs::read("Cargo.toml");
///     assert!(!reading.await?.is_empty());
///     std::io::Result::Ok(())
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "dropping it lets it run on without anybody who knows its end"]
pub struct Call<R: 'static>(Job<io::Result<R>>);

impl<R: 'static> Future for Call<R> {
    type Output = io::Result<R>;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<R>> {
        let end = ready!(Pin::new(&mut self.0).poll(context));
        Poll::Ready(end.map_err(io::Error::other)?)
    }
}

/// Its line is that of whoever calls.
#[track_caller]
fn call<R: Send + 'static>(
    work: impl FnOnce() -> io::Result<R> + Send + 'static,
) -> Call<R> {
    Call(spawn_blocking(work))
}

/// All bytes of the file at `path`.
///
/// ```
/// use event_loop::Clock;
///
/// let bytes = threads::run(Clock::real(), async { threads::fs::read("Cargo.toml").await })??;
/// assert!(bytes.starts_with(b"[package]"));
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// As [`std::fs::read`].
#[track_caller]
pub fn read(path: impl AsRef<Path>) -> Call<Vec<u8>> {
    let path = path.as_ref().to_path_buf();
    call(|| std::fs::read(path))
}

/// The text of the file at `path`.
///
/// ```
/// use event_loop::Clock;
/// use threads::fs::read_to_string;
///
/// let text = threads::run(Clock::real(), async { read_to_string("Cargo.toml").await })??;
/// assert!(text.starts_with("[package]"));
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// As [`std::fs::read_to_string`].
#[track_caller]
pub fn read_to_string(path: impl AsRef<Path>) -> Call<String> {
    let path = path.as_ref().to_path_buf();
    call(|| std::fs::read_to_string(path))
}

/// Makes `bytes` all that is in the file at `path`.
///
/// ```
/// use event_loop::Clock;
/// use threads::fs;
///
/// let path = std::env::temp_dir().join(format!("threads-write-{}", std::process::id()));
/// threads::run(Clock::real(), async {
///     fs::write(&path, "a taxi").await?;
///     assert_eq!(fs::metadata(&path).await?.len(), 6);
///     fs::remove_file(&path).await
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// As [`std::fs::write`].
#[track_caller]
pub fn write(path: impl AsRef<Path>, bytes: impl Into<Vec<u8>>) -> Call<()> {
    let (path, bytes) = (path.as_ref().to_path_buf(), bytes.into());
    call(|| std::fs::write(path, bytes))
}

/// What is known of the file at `path`.
///
/// ```
/// use event_loop::Clock;
///
/// let found = threads::run(Clock::real(), async { threads::fs::metadata("src").await })??;
/// assert!(found.is_dir());
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// As [`std::fs::metadata`].
#[track_caller]
pub fn metadata(path: impl AsRef<Path>) -> Call<Metadata> {
    let path = path.as_ref().to_path_buf();
    call(|| std::fs::metadata(path))
}

/// Gives the file at `from` the name `to`; one that had it is gone.
///
/// ```
/// use event_loop::Clock;
///
/// let renamed = threads::run(Clock::real(), async { threads::fs::rename("no", "nor").await })?;
/// assert_eq!(renamed.unwrap_err().kind(), std::io::ErrorKind::NotFound);
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// As [`std::fs::rename`].
#[track_caller]
pub fn rename(from: impl AsRef<Path>, to: impl AsRef<Path>) -> Call<()> {
    let (from, to) = (from.as_ref().to_path_buf(), to.as_ref().to_path_buf());
    call(|| std::fs::rename(from, to))
}

/// Removes the file at `path`.
///
/// ```
/// use event_loop::Clock;
///
/// let removed = threads::run(Clock::real(), async { threads::fs::remove_file("no").await })?;
/// assert_eq!(removed.unwrap_err().kind(), std::io::ErrorKind::NotFound);
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// As [`std::fs::remove_file`].
#[track_caller]
pub fn remove_file(path: impl AsRef<Path>) -> Call<()> {
    let path = path.as_ref().to_path_buf();
    call(|| std::fs::remove_file(path))
}

// ANCHOR: read-dir
/// The entries of a directory; made by [`read_dir`].
pub type ReadDir = Pin<Box<dyn Stream<Item = io::Result<DirEntry>>>>;

/// How many entries of a directory one call reads.
const ENTRIES: usize = 64;

/// What is in the directory at `path`, as the operating system lists it; an error is the last item.
///
/// ```
/// use event_loop::Clock;
/// use streams::StreamExt;
///
/// threads::run(Clock::real(), async {
///     let mut entries = threads::fs::read_dir("src");
///     let mut names = Vec::new();
///     while let Some(entry) = entries.next().await {
///         names.push(entry?.file_name());
///     }
///     assert!(names.iter().any(|name| name == "lib.rs"));
///     std::io::Result::Ok(())
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn read_dir(path: impl AsRef<Path>) -> ReadDir {
    let path = path.as_ref().to_path_buf();
    Box::pin(try_stream(async |mut yields| {
        let mut entries = call(|| std::fs::read_dir(path)).await?;
        loop {
            let some = move || {
                let some = entries.by_ref().take(ENTRIES).collect::<Vec<_>>();
                Ok((some, entries))
            };
            let (some, rest) = call(some).await?;
            if some.is_empty() {
                return Ok(());
            }
            for entry in some {
                yields.send(entry?).await;
            }
            entries = rest;
        }
    }))
}
// ANCHOR_END: read-dir
