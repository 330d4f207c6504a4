//! The header of a program: the `//!` lines its file begins with.
//!
//! A program says about itself, in its own file, all that anybody else needs to know: the command line lists it,
//! the tests decide how to run it, the book's appendix finds the article rows it covers. So nothing about a
//! program is written down twice, and none of these readers has to compile it first.
//!
//! ```text
//! //! Three taxis drive through the night.          what it shows, in a line
//! //!
//! //! rows: P19                                     rows of the articles' list that it covers
//! //! twin: same                                    taxi.py prints the same transcript
//! //! clock: virtual                                keeps time, so `--real` means something
//! //! flag: --seed S  where the random trips start
//! ```
//!
//! The other keys are in [`Header`].

use std::fmt;

/// What a program's header says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Header {
    /// The first line: what the program shows.
    pub about: String,
    /// `rows:` which rows of the articles' list of programs it covers, such as `P19`.
    pub rows: Vec<String>,
    /// `twin:` what its Python twin prints.
    pub twin: Twin,
    /// `clock: virtual`: it keeps time, and `--real` runs it on the wall clock.
    pub clock: bool,
    /// `flag:` the flags it takes.
    pub flags: Vec<Flag>,
    /// `exit:` the status it is expected to end with, 0 unless it says so.
    pub exit: i32,
    /// `needs: unix`, `needs: linux` or `needs: postgres`: it is left out on other systems.
    pub needs: Option<System>,
}

/// A kind of system that a program or a chapter may need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    /// `unix`: Linux, macOS and their like.
    Unix,
    /// `linux`.
    Linux,
    /// `postgres`: a Unix with the programs of a PostgreSQL server, `initdb` and `postgres`.
    Postgres,
}

impl System {
    /// The kind that is written as `word` in a header or a manifest.
    ///
    /// ```
    /// assert_eq!(chapter::System::parse("unix"), Some(chapter::System::Unix));
    /// assert_eq!(chapter::System::parse("amiga"), None);
    /// ```
    pub fn parse(word: &str) -> Option<System> {
        match word {
            "unix" => Some(System::Unix),
            "linux" => Some(System::Linux),
            "postgres" => Some(System::Postgres),
            _ => None,
        }
    }

    /// Whether a system is of this kind that [`std::env::consts::OS`] names `os`.
    ///
    /// ```
    /// assert!(chapter::System::Unix.includes("macos"));
    /// assert!(!chapter::System::Unix.includes("windows"));
    /// ```
    pub fn includes(self, os: &str) -> bool {
        match self {
            System::Unix => os != "windows",
            System::Linux => os == "linux",
            System::Postgres => os != "windows" && has_postgres(),
        }
    }
}

/// Whether both programs are in one folder: in `PATH`, or where Debian and its children have them, which put them into
/// none.
fn has_postgres() -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<_> = std::env::split_paths(&path).collect();
    let versions = std::fs::read_dir("/usr/lib/postgresql");
    let versions = versions.into_iter().flatten().flatten();
    folders.extend(versions.map(|version| version.path().join("bin")));
    let has_both = |it: &std::path::PathBuf| {
        it.join("initdb").exists() && it.join("postgres").exists()
    };
    folders.iter().any(has_both)
}

impl fmt::Display for System {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            System::Unix => "Unix",
            System::Linux => "Linux",
            System::Postgres => "PostgreSQL's `initdb` and `postgres`",
        })
    }
}

/// What the Python twin beside a program prints.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Twin {
    /// There is none. The header says why (`twin: none, because …`); a broken twin need not.
    #[default]
    None,
    /// `twin: same`: the same transcript, byte for byte.
    Same,
    /// `twin: own, …`: another transcript, for the reason given.
    Own(String),
}

/// A flag with a value that a program takes: `flag: --seed S  where the random trips start`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// Its name, without the dashes.
    pub name: String,
    /// What stands for its value in the help.
    pub value: String,
    /// What it does.
    pub about: String,
}

/// A header that cannot be read, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadHeader(String);

impl fmt::Display for BadHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadHeader {}

impl Header {
    /// Reads the header at the top of a program's source.
    ///
    /// Lines that begin with no known key are prose, and are left to the reader.
    ///
    /// ```
    /// let header = chapter::Header::parse("//! Counts down.\n//!\n//! twin: same\n").unwrap();
    /// assert_eq!(header.about, "Counts down.");
    /// assert_eq!(header.twin, chapter::Twin::Same);
    /// ```
    ///
    /// # Errors
    ///
    /// If there is no first line, or a known key has a value that means nothing.
    pub fn parse(source: &str) -> Result<Header, BadHeader> {
        let mut lines = lines(source);
        let about = lines.next().filter(|line| !line.is_empty());
        let about = about
            .ok_or_else(|| BadHeader("the file begins with no `//!` line".into()))?;
        let mut header = Header {
            about: about.to_string(),
            ..Header::default()
        };
        for line in lines {
            if let Some((key, value)) = line.split_once(": ") {
                header.set(key, value.trim())?;
            }
        }
        Ok(header)
    }

    /// Reads the header of a reader's own program. It needs none: a key counts wherever it stands, also in the first
    /// line, and what cannot be read is prose.
    ///
    /// ```
    /// let header = chapter::Header::own("//! clock: virtual\nfn main() {}\n");
    /// assert!(header.clock);
    /// ```
    pub fn own(source: &str) -> Header {
        let mut header = Header::default();
        for (index, line) in lines(source).enumerate() {
            let before = header.clone();
            if let Some((key, value)) = line.split_once(": ") {
                // A key that means nothing changes nothing.
                let _prose = header.set(key, value.trim());
            }
            if index == 0 && header == before {
                header.about = line.to_string();
            }
        }
        header
    }

    fn set(&mut self, key: &str, value: &str) -> Result<(), BadHeader> {
        let bad =
            |wanted: &str| Err(BadHeader(format!("`{key}: {value}`: expected {wanted}")));
        match key {
            "rows" => self.rows = value.split_whitespace().map(str::to_string).collect(),
            "clock" if value == "virtual" => self.clock = true,
            "clock" => return bad("`virtual`"),
            "exit" => match value.parse() {
                Ok(status) => self.exit = status,
                Err(_) => return bad("a number"),
            },
            "needs" => match System::parse(value) {
                Some(system) => self.needs = Some(system),
                None => return bad("`unix`, `linux` or `postgres`"),
            },
            "twin" => match value.split_once(", ").unwrap_or((value, "")) {
                ("same", "") => self.twin = Twin::Same,
                ("own", why) if !why.is_empty() => self.twin = Twin::Own(why.to_string()),
                ("none", why) if !why.is_empty() => self.twin = Twin::None,
                _ => return bad("`same`, `own, <why>` or `none, <why>`"),
            },
            "flag" => match Flag::parse(value) {
                Some(flag) => self.flags.push(flag),
                None => return bad("`--name VALUE  what it does`"),
            },
            _ => {}
        }
        Ok(())
    }
}

/// The lines of the header, without their slashes.
fn lines(source: &str) -> impl Iterator<Item = &str> {
    source
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(str::trim)
}

impl Flag {
    fn parse(text: &str) -> Option<Flag> {
        let (name, rest) = text.strip_prefix("--")?.split_once(' ')?;
        let (value, about) = rest.split_once(' ')?;
        Some(Flag {
            name: name.to_string(),
            value: value.to_string(),
            about: about.trim().to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_read() {
        let header = Header::parse(
            "//! Drives.\n//!\n//! Prose: not a key.\n//! rows: P19 P43\n//! twin: own, ties differ\n\
             //! clock: virtual\n//! exit: 101\n//! needs: linux\n//! flag: --seed S  where it starts\n\
             fn main() {}\n",
        )
        .unwrap();
        assert_eq!(header.needs, Some(System::Linux));
        assert_eq!(header.about, "Drives.");
        assert_eq!(header.rows, ["P19", "P43"]);
        assert_eq!(header.twin, Twin::Own("ties differ".into()));
        assert!(header.clock);
        assert_eq!(header.exit, 101);
        assert_eq!(header.flags[0].name, "seed");
        assert_eq!(header.flags[0].value, "S");
        assert_eq!(header.flags[0].about, "where it starts");
    }

    #[test]
    fn a_twin_that_differs_says_why() {
        for bad in ["own", "none", "same, but", "perhaps"] {
            let source = format!("//! Drives.\n//! twin: {bad}\n");
            let error = Header::parse(&source).unwrap_err().to_string();
            assert!(error.contains("expected `same`"), "{error}");
        }
    }

    #[test]
    fn a_system_that_nobody_knows_is_refused() {
        let error = Header::parse("//! Drives.\n//! needs: fuel\n").unwrap_err();
        assert_eq!(
            error.to_string(),
            "`needs: fuel`: expected `unix`, `linux` or `postgres`"
        );
    }

    #[test]
    fn a_readers_own_program_needs_no_header() {
        let keys = "clock: virtual\n//! twin: perhaps\n//! flag: --taxis N  how many\n";
        let bare = Header::own(&format!("//! {keys}fn main() {{}}\n"));
        assert!(bare.clock && bare.about.is_empty(), "{bare:?}");
        assert_eq!((bare.twin, bare.flags.len()), (Twin::None, 1));
        let about = Header::own(&format!("//! Mine: a night.\n//! {keys}"));
        assert!(about.clock, "{about:?}");
        assert_eq!(about.about, "Mine: a night.");
        assert_eq!(Header::own("fn main() {}"), Header::default());
    }

    #[test]
    fn a_file_without_a_header_is_refused() {
        assert!(Header::parse("fn main() {}").is_err());
        assert!(Header::parse("//!\n").is_err());
    }
}
