//! A type stands on the page before its methods.
//!
//! Whoever meets `fn push(&mut self)` has to know what `self` is. So a listing with methods of a type, or of a trait for
//! a type, comes after one that shows that type, on the same page or on an earlier one. Types of other packages are
//! known from elsewhere.
//!
//! The files are read by their lines, as rustfmt leaves them: an `impl` ends at a `}` that is indented as it is.

use std::collections::BTreeMap;
use std::fs;
use std::ops::RangeInclusive;

use crate::problem::Problem;
use crate::site::Site;

/// A piece of a file that stands open on a page.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    /// The page, and the line in it.
    pub page: String,
    pub at: usize,
    /// The chapter whose page it is.
    pub chapter: Option<u32>,
    /// The file, and its lines.
    pub file: String,
    pub lines: RangeInclusive<usize>,
}

/// What a file of Rust holds.
#[derive(Debug, Default)]
struct Items {
    /// The line that begins each struct, enum, union, trait or alias.
    types: Vec<(String, usize)>,
    blocks: Vec<Block>,
}

/// An `impl` or a trait.
#[derive(Debug)]
struct Block {
    /// The type that it is for, and the trait.
    of: Vec<String>,
    /// Where its functions begin.
    functions: Vec<usize>,
}

/// The methods in `shown` whose type is shown later or nowhere.
pub(crate) fn unseen(site: &Site, shown: &[Shown]) -> Vec<Problem> {
    let files = read(site, shown);
    let mut problems = Vec::new();
    for (index, listing) in shown.iter().enumerate() {
        let Some(items) = files.get(listing.file.as_str()) else {
            continue;
        };
        for name in items.used_in(&listing.lines) {
            let places = places(&files, listing, name);
            let seen = |(file, line): &(&str, usize)| {
                let mut before = shown[..=index].iter();
                before.any(|it| it.file == *file && it.lines.contains(line))
            };
            if let Some((file, line)) = places.first()
                && !places.iter().any(seen)
            {
                let message = format!(
                    "{} shows methods of `{name}` before `{name}`: first show {file}:{line}",
                    listing.file
                );
                problems.push(Problem::at(&listing.page, listing.at, message));
            }
        }
    }
    problems
}

/// What is in the files that are quoted, and in the chapters' libraries.
fn read(site: &Site, shown: &[Shown]) -> BTreeMap<String, Items> {
    let mut names: Vec<String> = shown.iter().map(|it| it.file.clone()).collect();
    for chapter in &site.workbook.chapters {
        let files = chapter.library().unwrap_or_default();
        names.extend(files.iter().map(|file| site.relative(file)));
    }
    names.retain(|name| name.ends_with(".rs"));
    names
        .into_iter()
        .filter_map(|name| {
            let text = fs::read_to_string(site.workbook.root.join(&name)).ok()?;
            Some((name, Items::of(&text)))
        })
        .collect()
}

/// Where `name`, used in `listing`, may be defined: in its file, or else in a library up to its chapter's.
fn places<'f>(
    files: &'f BTreeMap<String, Items>,
    listing: &Shown,
    name: &str,
) -> Vec<(&'f str, usize)> {
    let of = |(file, items): (&'f String, &'f Items)| {
        let types = items.types.iter();
        let here = types.filter(|(it, _)| it == name);
        here.map(|(_, line)| (file.as_str(), *line)).collect()
    };
    let own: Vec<_> = files.get_key_value(&listing.file).map_or(vec![], of);
    if !own.is_empty() {
        return own;
    }
    let below = |file: &str| {
        let number = file.strip_prefix("chapters/").and_then(|it| it.get(..2));
        let number = number.and_then(|it| it.parse::<u32>().ok());
        let aside = ["programs", "steps", "broken", "solutions", "wont_compile"];
        let is_aside = aside.iter().any(|it| file.contains(&format!("/src/{it}/")));
        number.is_some_and(|it| Some(it) <= listing.chapter) && !is_aside
    };
    files
        .iter()
        .filter(|(file, _)| below(file))
        .flat_map(of)
        .collect()
}

impl Items {
    fn of(text: &str) -> Items {
        let lines: Vec<&str> = text.lines().collect();
        let mut items = Items::default();
        for (index, line) in lines.iter().enumerate() {
            let bare = without_visibility(line.trim_start());
            let mut words = bare.split(|c: char| !c.is_alphanumeric() && c != '_');
            let first = words.next();
            // A macro's `struct $name` has none.
            let second = words.next().filter(|it| !it.is_empty());
            match first {
                Some("struct" | "enum" | "union" | "type" | "trait") => {
                    items
                        .types
                        .extend(second.map(|it| (it.to_string(), index + 1)));
                }
                Some("impl") => {}
                _ => continue,
            }
            if matches!(first, Some("impl" | "trait")) {
                items.blocks.extend(Block::at(&lines, index));
            }
        }
        items
    }

    /// The types whose functions are among `lines`.
    fn used_in(&self, lines: &RangeInclusive<usize>) -> impl Iterator<Item = &str> {
        let here =
            move |block: &&Block| block.functions.iter().any(|it| lines.contains(it));
        let blocks = self.blocks.iter().filter(here);
        blocks.flat_map(|block| block.of.iter().map(String::as_str))
    }
}

impl Block {
    /// The one that begins at line `index`, counted from 0; `None` if it has no end.
    fn at(lines: &[&str], index: usize) -> Option<Block> {
        let first = lines[index];
        let indent = &first[..first.len() - first.trim_start().len()];
        let opens = index + lines[index..].iter().position(|it| it.contains('{'))?;
        let header = lines[index..=opens].join(" ");
        let header = header.split('{').next().unwrap_or("").trim_start();
        let end = format!("{indent}}}");
        let closes = match lines[opens].trim_end().ends_with('}') {
            true => opens,
            false => opens + lines[opens..].iter().position(|it| *it == end)?,
        };
        let is_function = |(_, line): &(usize, &&str)| {
            let bare = without_visibility(line.trim_start());
            let bare = bare
                .trim_start_matches("const ")
                .trim_start_matches("async ");
            bare.starts_with("fn ")
        };
        let inside = (index + 1..).zip(&lines[index..=closes]);
        Some(Block {
            of: named(header),
            functions: inside.filter(is_function).map(|(line, _)| line).collect(),
        })
    }
}

fn without_visibility(line: &str) -> &str {
    match line.strip_prefix("pub") {
        Some(rest) if rest.starts_with(' ') => rest.trim_start(),
        Some(rest) if rest.starts_with('(') => {
            rest.split_once(") ").map_or(line, |(_, rest)| rest)
        }
        _ => line,
    }
}

/// The type, and the trait, that the head of an `impl` or of a trait names.
fn named(header: &str) -> Vec<String> {
    let header = without_visibility(header);
    if let Some(rest) = header.strip_prefix("trait ") {
        return vec![last_name(rest)];
    }
    let rest = header.strip_prefix("impl").unwrap_or(header);
    let rest = match rest.starts_with('<') {
        true => &rest[closing(rest)..],
        false => rest,
    };
    let rest = rest.split(" where ").next().unwrap_or(rest);
    let mut names = match rest.split_once(" for ") {
        Some((of, target)) => vec![last_name(target), last_name(of)],
        None => vec![last_name(rest)],
    };
    // A tuple has none.
    names.retain(|name| !name.is_empty());
    names
}

/// The byte after the `>` that closes the `<` which `text` begins with.
fn closing(text: &str) -> usize {
    let mut depth = 0;
    let mut before = ' ';
    for (at, letter) in text.char_indices() {
        match letter {
            '<' => depth += 1,
            '>' if before != '-' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
        before = letter;
    }
    text.len()
}

/// `Node` of `&mut tree::Node<'_, T>`.
fn last_name(path: &str) -> String {
    let path = path.trim().trim_start_matches('&');
    let path = path.trim_start_matches("mut ").trim_start_matches("dyn ");
    let end = path.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
    let path = &path[..end.unwrap_or(path.len())];
    path.rsplit("::").next().unwrap_or(path).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str = "
pub(crate) struct Heap<T> {
    keys: Vec<T>,
}

impl<T: Fn() -> u8> Heap<T> {
    /// Adds one.
    pub fn push(&mut self) {
        if true {
        }
    }
}

impl<T> Iterator
    for tree::Heap<T>
where
    T: Ord,
{
    fn next(&mut self) {}
}

pub trait Park {
    fn park(&mut self);
}

impl Park for &mut Bed {}

macro_rules! bed {
    ($name:ident) => {
        pub struct $name;
    };
}

impl Park for (Bed, Bed) {
    fn park(&mut self) {}
}
";

    #[test]
    fn blocks_and_their_types_are_found() {
        let items = Items::of(CODE);
        assert_eq!(items.types, [("Heap".into(), 2), ("Park".into(), 22)]);
        let of: Vec<&[String]> = items.blocks.iter().map(|it| &it.of[..]).collect();
        assert_eq!(
            of,
            [
                &["Heap"][..],
                &["Heap", "Iterator"],
                &["Park"],
                &["Bed", "Park"],
                &["Park"]
            ]
        );
        let used = |lines| items.used_in(&lines).collect::<Vec<_>>();
        assert_eq!(used(7..=9), ["Heap"]);
        assert_eq!(used(14..=17), Vec::<&str>::new());
        assert_eq!(used(18..=25), ["Heap", "Iterator", "Park"]);
        assert_eq!(used(34..=35), ["Park"]);
    }
}
