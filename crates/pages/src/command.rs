//! Checking that a command which a page shows can be typed.

use catalogue::ladders::Ladder;
use catalogue::{Chapter, TAXI};
use chapter::Header;

use crate::site::{Site, program};

/// The subcommands of the workbook, and whether a chapter's number may follow.
const WORDS: [(&str, bool); 10] = [
    ("list", true),
    ("run", true),
    ("check", true),
    ("practice", true),
    ("solve", true),
    ("mine", true),
    ("hint", true),
    ("trace", true),
    ("read", false),
    ("bench", false),
];

/// The command line that the directive `{{command: words}}` stands for.
///
/// # Errors
///
/// If it names what does not exist: a subcommand, a chapter, a program, a hole, a flag.
pub(crate) fn checked(site: &Site, text: &str) -> Result<String, String> {
    let (release, words) = match text.strip_prefix("--release ") {
        Some(words) => (" --release", words),
        None => ("", text),
    };
    if let Some(rest) = words.strip_prefix("-p ") {
        package(site, rest)?;
        return Ok(format!("cargo run{release} {words}"));
    }
    if words.is_empty() {
        return Ok("cargo run".into());
    }
    workbook(site, words)?;
    Ok(format!("cargo run{release} -- {words}"))
}

/// `run 2 taxi --seed 7`
fn workbook(site: &Site, text: &str) -> Result<(), String> {
    let mut words = text.split_whitespace();
    let name = words.next().unwrap_or("");
    let Some((_, numbered)) = WORDS.iter().find(|(word, _)| *word == name) else {
        let all = WORDS.map(|(word, _)| word).join(", ");
        return Err(format!(
            "`{text}`: there is no command `{name}`; there are {all}"
        ));
    };
    let rest: Vec<&str> = words.collect();
    let (number, rest) = match rest.split_first() {
        Some((number, rest)) if *numbered => (number, rest),
        None if ["list", "check", "mine", "read", "bench"].contains(&name) => {
            return Ok(());
        }
        _ if name == "bench" => return benches(text, &rest),
        Some((flag, _)) if name == "read" && flag.starts_with("--") => return Ok(()),
        _ => return Err(format!("`{text}`: cannot be typed")),
    };
    let number = match *number {
        "taxi" => TAXI,
        number => number.parse().map_err(|_| {
            format!("`{text}`: expected a chapter's number, not `{number}`")
        })?,
    };
    let chapter = site.chapter(number)?;
    match (name, rest) {
        ("trace", []) => Err(format!("`{text}`: of which program?")),
        ("mine" | "hint", []) => match Ladder::of(chapter) {
            Ok(Some(_)) => Ok(()),
            _ => Err(format!("`{text}`: there is no such ladder")),
        },
        (_, []) => Ok(()),
        ("trace", [program, flags @ ..]) => {
            runs(chapter, program, &of_the_program(flags))
        }
        ("run", [program, flags @ ..]) => runs(chapter, program, flags),
        ("check", [name]) => program(chapter, name).map(|_| ()),
        ("practice" | "solve", [hole]) => has_hole(site, chapter, hole),
        _ => Err(format!("`{text}`: `{}` is too much", rest.join(" "))),
    }
}

/// `bench spawn --json mine.json`: a filter of rows, which are known only where the benchmarks are built; and flags.
fn benches(text: &str, words: &[&str]) -> Result<(), String> {
    match words {
        [] | [_] if !words.concat().starts_with('-') => Ok(()),
        ["--quick" | "--list", rest @ ..] | ["--json" | "--rounds", _, rest @ ..] => {
            benches(text, rest)
        }
        [row, flag, rest @ ..] if !row.starts_with('-') && flag.starts_with('-') => {
            benches(text, &[&[*flag], rest].concat())
        }
        _ => Err(format!("`{text}`: cannot be typed")),
    }
}

/// What is left of the flags of `trace 2 taxi -o night.svg --seed 7` for the program.
fn of_the_program<'f>(flags: &[&'f str]) -> Vec<&'f str> {
    match flags {
        ["-o", _, rest @ ..] | ["--svg" | "--chrome" | "--steps", rest @ ..] => {
            of_the_program(rest)
        }
        _ => flags.to_vec(),
    }
}

/// `ch02-event-loop -- taxi --seed 7`
fn package(site: &Site, text: &str) -> Result<(), String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let name = words.first().copied().unwrap_or("");
    let mut all = site.workbook.all();
    let chapter = all.find(|chapter| chapter.package == name);
    let chapter = chapter.ok_or_else(|| format!("there is no package `{name}`"))?;
    match &words[1..] {
        [] | ["--", "--list" | "--help"] => Ok(()),
        ["--", program, flags @ ..] => runs(chapter, program, flags),
        _ => Err(format!("`-p {text}`: cannot be typed")),
    }
}

fn runs(chapter: &Chapter, name: &str, flags: &[&str]) -> Result<(), String> {
    takes(&program(chapter, name)?.header, name, flags)
}

/// Whether the program `name` with this header takes `flags`.
///
/// # Errors
///
/// If it does not: the first flag that it does not know, or that lacks a value.
pub(crate) fn takes(header: &Header, name: &str, flags: &[&str]) -> Result<(), String> {
    let mut flags = flags.iter();
    while let Some(flag) = flags.next() {
        if *flag == "--real" && header.clock {
            continue;
        }
        let known = header
            .flags
            .iter()
            .any(|known| flag.strip_prefix("--") == Some(&known.name));
        if !known {
            return Err(format!("`{name}` does not take `{flag}`"));
        }
        if flags.next().is_none() {
            return Err(format!("`{flag}` wants a value"));
        }
    }
    Ok(())
}

fn has_hole(site: &Site, chapter: &Chapter, name: &str) -> Result<(), String> {
    site.hole(chapter.number, name).map(|_| ())
}
