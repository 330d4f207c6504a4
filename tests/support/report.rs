//! What AddressSanitizer says, less all that differs between two runs and two machines.

use anyhow::{Context, Result, ensure};

/// The report in `said`, which a process left on standard error: what happened, and the calls that led to each of its
/// stations, innermost first. Of the calls, only those in the files below `folder` (such as
/// `chapters/08-task-cell/src`) are told: the function, and the file below `folder`.
///
/// # Errors
///
/// If it is no report of a wrong access, or a station has no call in `folder`: then all that was said is the error.
pub fn report(said: &str, folder: &str) -> Result<String> {
    let whole = || format!("AddressSanitizer said:\n{said}");
    let mut lines = said.lines();
    let kind = lines.find_map(|line| line.split_once("ERROR: AddressSanitizer: "));
    let (_, kind) = kind.with_context(whole)?;
    let kind = kind.split(' ').next().unwrap_or(kind);
    let mut text = format!("{kind}\n");
    let mut calls: Option<usize> = None;
    for line in lines {
        if let Some(title) = station(line) {
            ensure!(calls != Some(0), whole());
            text += &format!("\n{title}:\n");
            calls = Some(0);
        } else if line.starts_with("SUMMARY") || line.starts_with("Thread ") {
            // What follows says where a thread came from, or paints the memory.
            break;
        } else if let (Some(calls), Some((function, file))) =
            (&mut calls, call(line, folder))
        {
            text += &format!("    {function:<23} {file}\n");
            *calls += 1;
        }
    }
    ensure!(calls.is_some_and(|calls| calls > 0), whole());
    Ok(text)
}

/// What the line that begins a station comes to: `READ of size 2, by the main thread`.
fn station(line: &str) -> Option<String> {
    let (what, rest) =
        if line.starts_with("READ of size") || line.starts_with("WRITE of size") {
            let (what, rest) = line.split_once(" at ")?;
            (format!("{what},"), rest)
        } else {
            let (what, rest) = line.split_once(" by thread ")?;
            if !matches!(what, "freed" | "previously allocated") {
                return None;
            }
            (what.to_string(), rest)
        };
    // The first thread is always T0.
    let words = rest.split([' ', ':']);
    let main = words.into_iter().any(|word| word == "T0");
    let who = if main {
        "the main thread"
    } else {
        "another thread"
    };
    Some(format!("{what} by {who}"))
}

/// Function and file of a line such as `#1 0x55d in <cell::State>::has /…/src/state.rs:75:16`.
fn call<'l>(line: &'l str, folder: &str) -> Option<(String, &'l str)> {
    let (number, rest) = line.trim_start().strip_prefix('#')?.split_once(" in ")?;
    ensure_number(number)?;
    let (before, file) = rest.split_once(&format!("/{folder}/"))?;
    let (function, _) = before.rsplit_once(" /")?;
    let file = file.split(':').next()?;
    Some((short(function), file))
}

/// `1 0x55d2`
fn ensure_number(text: &str) -> Option<()> {
    let (number, address) = text.split_once(' ')?;
    number.parse::<u32>().ok()?;
    address.starts_with("0x").then_some(())
}

/// A function without its modules and its generic arguments, but with its type: `State::has`.
///
/// Names are demangled by whichever tool the sanitizer has found, and not all of them know a function's type.
fn short(function: &str) -> String {
    let (of, rest) = match function.strip_prefix('<') {
        Some(_) => function.split_at(matching(function)),
        None => ("", function),
    };
    let of = of.strip_prefix('<').and_then(|it| it.strip_suffix('>'));
    let of = of.map(|it| it.split(" as ").next().unwrap_or(it));
    let of = of.map(without_generics).unwrap_or_default();
    let rest = without_generics(rest);
    let last = |path: &str| path.rsplit("::").next().unwrap_or(path).to_string();
    // A closure is named after the function it is in.
    let (path, closure) = match rest.find("::{closure") {
        Some(at) => rest.split_at(at),
        None => (&*rest, ""),
    };
    let mut name = last(path) + closure;
    if !of.is_empty() {
        name = format!("{}::{name}", last(&of));
    }
    name
}

/// The length of the part in angle brackets that `text` begins with.
fn matching(text: &str) -> usize {
    let mut depth = 0;
    for (at, letter) in text.char_indices() {
        match letter {
            '<' => depth += 1,
            // In `fn() -> u8`, it closes nothing.
            '>' if !text[..at].ends_with('-') => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + letter.len_utf8();
        }
    }
    text.len()
}

/// `cell::new` for `cell::new::<u8>`.
fn without_generics(path: &str) -> String {
    let mut bare = String::new();
    let mut left = path;
    while let Some(at) = left.find('<') {
        bare += left[..at].trim_end_matches("::");
        left = &left[at..];
        left = &left[matching(left)..];
    }
    bare + left
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "\
=================================================================
==7==ERROR: AddressSanitizer: heap-use-after-free on address 0x7b at pc 0x55 bp 0x7f sp 0x7e
READ of size 2 at 0x7b thread T0
    #0 0x55d1 in <core::cell::Cell<u16>>::get /rustc/e50/library/core/src/cell.rs:555:18
    #1 0x55d2 in <cell::state::State>::has /srv/a b/chapters/08-cell/src/state.rs:75:16
    #2 0x55d3 in main (/srv/target/debug/ch08-cell+0x2b) (BuildId: e0)

0x7b is located 108 bytes inside of 160-byte region [0x7a,0x7c)
freed by thread T1 here:
    #0 0x55d4 in free /rustc/llvm/asan_malloc_linux.cpp:51:3
    #1 0x55d5 in <cell::Cell<a::run::{closure#0}>>::free /srv/a b/chapters/08-cell/src/cell.rs:25

previously allocated by thread T0 here:
    #1 0x55d6 in new<a::drive::{async_fn_env#0}> /srv/a b/chapters/08-cell/src/cell.rs:15
    #2 0x55d7 in a::late::run /srv/a b/chapters/08-cell/src/programs/late.rs:27:25

Thread T1 created by T0 here:
    #0 0x55d8 in a::late::run /srv/a b/chapters/08-cell/src/programs/late.rs:19:18

SUMMARY: AddressSanitizer: heap-use-after-free cell.rs:555:18 in <core::cell::Cell<u16>>::get
";

    #[test]
    fn only_what_is_the_same_everywhere_is_told() {
        let wanted = "\
heap-use-after-free

READ of size 2, by the main thread:
    State::has              state.rs

freed by another thread:
    Cell::free              cell.rs

previously allocated by the main thread:
    new                     cell.rs
    run                     programs/late.rs
";
        assert_eq!(report(SAID, "chapters/08-cell/src").unwrap(), wanted);
    }

    #[test]
    fn what_tells_nothing_is_an_error() {
        let error = report("killed\n", "src").unwrap_err().to_string();
        assert!(error.ends_with("killed\n"), "{error}");
        // A station without a call of ours.
        for gone in ["/state.rs", "/cell.rs:25", "/cell.rs:15"] {
            let said = SAID.replace(&format!("chapters/08-cell/src{gone}"), "elsewhere");
            let said = said.replace("/08-cell/src/programs", "/09-else");
            assert!(report(&said, "chapters/08-cell/src").is_err(), "{gone}");
        }
    }

    #[test]
    fn a_function_keeps_its_type_and_loses_the_rest() {
        for (function, wanted) in [
            ("task_cell::local::give_up", "give_up"),
            ("task_cell::cell::new::<a::b::{closure#0}>", "new"),
            ("new<a::b::{async_fn_env#0}>", "new"),
            ("<task_cell::outcome::Outcome<&str>>::get", "Outcome::get"),
            ("<a::Ref as core::ops::drop::Drop>::drop", "Ref::drop"),
            ("a::late_wakers::run::{closure#0}", "run::{closure#0}"),
            ("<a::Core>::spawn::<fn() -> u8>", "Core::spawn"),
            (
                "<a::Core>::spawn::<u8>::{closure#1}",
                "Core::spawn::{closure#1}",
            ),
        ] {
            assert_eq!(short(function), wanted);
        }
    }
}
