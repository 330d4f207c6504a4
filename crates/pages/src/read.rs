//! The book while it is read, and written: who serves it, and what happens when a file of it changes.

use std::path::{Path, PathBuf};
use std::thread::{Scope, ScopedJoinHandle, sleep};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

#[cfg(unix)]
use std::{path::PathBuf as Program, sync::mpsc::Receiver};

use crate::book::{Built, build};
#[cfg(unix)]
use crate::ours::{News, Ours};
use crate::serve::Desk;
use crate::watch::Watch;

/// How often the files are looked at.
const TICK: Duration = Duration::from_millis(400);

/// The book of a workspace, to be served.
pub struct Reading {
    root: PathBuf,
    dir: PathBuf,
    watch: Watch,
    #[cfg(unix)]
    coming: Receiver<Result<Program, String>>,
}

impl Reading {
    /// Builds the book of the workspace at `root` into the folder `dir`, and begins to build what is to serve it.
    ///
    /// # Errors
    ///
    /// As [`build`].
    pub fn begin(root: &Path, dir: &Path) -> anyhow::Result<(Reading, Built)> {
        // First, so that what changes meanwhile is seen as a change.
        let watch = Watch::new(root);
        #[cfg(unix)]
        let coming = Ours::build(root);
        let built = build(root, dir)?;
        let reading = Reading {
            root: root.to_path_buf(),
            dir: built.dir.clone(),
            watch,
            #[cfg(unix)]
            coming,
        };
        Ok((reading, built))
    }

    /// Serves it until the process ends. `tell` is given the problems of each book that is built again.
    pub fn serve(mut self, desk: &Desk, first: &Built, tell: impl Fn(&Built)) {
        let mut news = News::of(first);
        std::thread::scope(|scope| {
            let mut clerk = Clerk::new(scope, desk, &self.dir);
            // Before anything else is tried: whatever that does, the book is there.
            clerk.begin();
            loop {
                #[cfg(unix)]
                match self.coming.try_recv() {
                    Ok(Ok(program)) => clerk.hand_over(&program, &news),
                    Ok(Err(why)) => clerk.stay(&why),
                    Err(_) => clerk.look(),
                }
                clerk.begin();
                sleep(TICK);
                if self.watch.has_changed() {
                    match build(&self.root, &self.dir) {
                        Ok(built) => {
                            news = News::of(&built);
                            tell(&built);
                        }
                        Err(error) => {
                            eprintln!("the book stays as it was: {error:#}");
                            news.problems = format!("{error:#}");
                        }
                    }
                    clerk.tell(&news);
                }
            }
        });
    }
}

impl News {
    fn of(built: &Built) -> News {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let problems = built.problems.iter().map(ToString::to_string);
        News {
            built: now.as_millis() as u64,
            problems: problems.collect::<Vec<_>>().join("\n"),
        }
    }
}

/// Who sees to it that somebody serves.
struct Clerk<'s, 'e> {
    scope: &'s Scope<'s, 'e>,
    desk: &'e Desk,
    dir: PathBuf,
    /// The desk's own server, while it serves.
    small: Option<ScopedJoinHandle<'s, ()>>,
    #[cfg(unix)]
    ours: Option<Ours>,
}

impl<'s, 'e> Clerk<'s, 'e> {
    fn new(scope: &'s Scope<'s, 'e>, desk: &'e Desk, dir: &Path) -> Clerk<'s, 'e> {
        Clerk {
            scope,
            desk,
            dir: dir.to_path_buf(),
            small: None,
            #[cfg(unix)]
            ours: None,
        }
    }

    /// Has the desk serve, if nobody does.
    fn begin(&mut self) {
        #[cfg(unix)]
        if self.ours.is_some() {
            return;
        }
        if self.small.is_none() {
            let (desk, dir) = (self.desk, self.dir.clone());
            self.small = Some(self.scope.spawn(move || {
                if let Err(error) = desk.serve(&dir) {
                    eprintln!("the port fails: {error}");
                }
            }));
        }
    }
}

#[cfg(unix)]
impl Clerk<'_, '_> {
    /// Lets the server that stands on the chapters take over, if it answers.
    fn hand_over(&mut self, program: &Path, news: &News) {
        // It compiles, but a hole in it may have it do anything, or nothing for ever.
        if let Err(why) = Ours::try_out(program, &self.dir, news) {
            return self.stay(&why);
        }
        if let Some(small) = self.small.take() {
            self.desk.retire();
            // It only ends; what it may have said it has said.
            let _ = small.join();
        }
        match Ours::start(program, self.desk, &self.dir, news, None) {
            Ok(ours) => self.ours = Some(ours),
            Err(why) => self.stay(&why),
        }
    }

    /// Says why the desk's own server serves.
    fn stay(&mut self, why: &str) {
        eprintln!(
            "the book is served by the server of threads, since taxi's does not: {why}"
        );
    }

    /// Looks whether it still runs.
    fn look(&mut self) {
        if self.ours.as_mut().is_some_and(Ours::has_ended) {
            self.ours = None;
            self.stay("it ended");
        }
    }

    fn tell(&mut self, news: &News) {
        if let Some(ours) = &mut self.ours
            && ours.tell(news).is_err()
        {
            self.ours = None;
            self.stay("it does not listen");
        }
    }
}

/// Where no listener can be lent, nobody else serves, and no page is told.
#[cfg(not(unix))]
struct News {
    problems: String,
    built: u64,
}

#[cfg(not(unix))]
impl Clerk<'_, '_> {
    fn tell(&mut self, _: &News) {}
}
