//! Finding what a reader named, or saying what there is.

use anyhow::{Result, bail};
use catalogue::holes::Hole;
use catalogue::{Chapter, Program, Workbook};

use super::refused;

/// The chapter that `wanted` names: `2`, `02`, `event-loop`, `02-event-loop` or `ch02-event-loop`.
///
/// # Errors
///
/// If there is none: the message says which there are, whether this one is still to come, or what else has that name.
/// If its files do not say what a chapter's must: what is wrong with them.
pub(crate) fn chapter<'a>(workbook: &'a Workbook, wanted: &str) -> Result<&'a Chapter> {
    let named = planned(workbook, wanted);
    let number = named.as_ref().map_or(wanted.parse().ok(), |it| Some(it.0));
    if let Some(chapter) = number.and_then(|number| workbook.chapter(number)) {
        if let Some(fault) = &chapter.fault {
            bail!("{} cannot be read: {fault}", chapter.called());
        }
        return Ok(chapter);
    }
    let there = workbook
        .chapters
        .iter()
        .map(|c| format!("{} ({})", c.number, c.name));
    let there = there.collect::<Vec<_>>().join(", ");
    if let Some((number, name)) = named {
        return Err(refused(format!(
            "chapter {number} ({name}) is still to come; there are {there}"
        )));
    }
    let near = || {
        let programs = workbook.all().flat_map(|it| &it.programs);
        let names = workbook.chapters.iter().map(|it| &it.name);
        let names = names.chain(programs.map(|it| &it.name));
        let near = chapter::nearest(wanted, names)?;
        let more = match is_chapter(workbook, &near) {
            true => None,
            false => command_for(workbook, "run", &near),
        };
        let more = more.map_or(String::new(), |more| format!(" ({more})"));
        Some(format!("did you mean '{near}'?{more}"))
    };
    let instead = command_for(workbook, "run", wanted).or_else(near);
    let instead = instead.unwrap_or_else(|| format!("there are {there}"));
    let what = match number {
        Some(number) => number.to_string(),
        None => format!("'{wanted}'"),
    };
    Err(refused(format!("there is no chapter {what}; {instead}")))
}

/// Whether `text` names a chapter, there or to come.
pub(crate) fn is_chapter(workbook: &Workbook, text: &str) -> bool {
    planned(workbook, text).is_some() || text.parse::<u32>().is_ok()
}

/// Number and name of the chapter that `wanted` names, of those that are there or planned.
fn planned(workbook: &Workbook, wanted: &str) -> Option<(u32, String)> {
    let wanted = wanted.replace('_', "-").to_lowercase();
    let there = workbook.all().map(|it| (it.number, &it.name));
    let planned = workbook.plan.chapter.iter().map(|it| (it.number, &it.name));
    let mut all = there.chain(planned);
    let found = all.find(|(number, name)| {
        let slug = format!("{number:02}-{name}");
        wanted == **name
            || wanted.parse() == Ok(*number)
            || wanted.strip_prefix("ch").unwrap_or(&wanted) == slug
    });
    found.map(|(number, name)| (number, name.clone()))
}

/// What to type instead of `name`, which is not what is wanted there but a chapter, a program or a hole. A program is for
/// the command `verb`.
pub(crate) fn command_for(workbook: &Workbook, verb: &str, name: &str) -> Option<String> {
    if let Some((number, _)) = planned(workbook, name) {
        return Some(format!(
            "chapter {number} is for a command, as in `cargo run -- list {number}`"
        ));
    }
    let has = |it: &&Chapter| it.program(name).is_some();
    let with: Vec<&Chapter> = workbook.all().filter(has).collect();
    if let Some(first) = with.first() {
        let numbers: Vec<String> = with.iter().map(|it| it.typed()).collect();
        let chapters = match &*numbers {
            [_] => first.called(),
            [most @ .., last] => format!("chapters {} and {last}", most.join(", ")),
            [] => return None,
        };
        return Some(format!(
            "that is a program of {chapters}: `cargo run -- {verb} {} {name}`",
            first.typed()
        ));
    }
    let hole = workbook.chapters.iter().find_map(|chapter| {
        // Damaged markers are for `practice` to tell.
        let mut holes = chapter.holes().unwrap_or_default().into_iter();
        let hole = holes.find(|hole| is_called(hole, name))?;
        Some((chapter.number, hole.name))
    });
    hole.map(|(number, hole)| {
        format!(
            "that is a hole of chapter {number}: `cargo run -- practice {number} {hole}`"
        )
    })
}

/// Chapter and hole of a number such as `2.1`, typed where a chapter is wanted; else the chapter alone.
pub(crate) fn with_hole<'a>(
    chapter: &'a str,
    hole: Option<&'a str>,
) -> (&'a str, Option<&'a str>) {
    let number = |text: &str| text.parse::<u32>().is_ok();
    match chapter.split_once('.') {
        Some((of, place)) if hole.is_none() && number(of) && number(place) => {
            (of, Some(chapter))
        }
        _ => (chapter, hole),
    }
}

/// Whether `name` is the name of `hole`, its number, or its place in its chapter.
pub(crate) fn is_called(hole: &Hole, name: &str) -> bool {
    let place = hole.number.split_once('.').map(|(_, place)| place);
    hole.name == name.replace('_', "-") || hole.number == name || place == Some(name)
}

/// The program of `chapter` that is called `name`.
///
/// # Errors
///
/// If there is none: the message names the chapter that has it, or the nearest, or all.
pub(crate) fn program<'a>(
    workbook: &Workbook,
    chapter: &'a Chapter,
    name: &str,
) -> Result<&'a Program> {
    if let Some(program) = chapter.program(name) {
        return Ok(program);
    }
    let (number, of) = (chapter.typed(), chapter.called());
    // Damaged markers are for `practice` to tell.
    let holes = chapter.holes().unwrap_or_default();
    if let Some(hole) = holes.iter().find(|hole| is_called(hole, name)) {
        let what = match hole.name == name {
            true => "a hole",
            false => "the number of a hole, and programs have names",
        };
        return Err(refused(format!(
            "{of} has no program '{name}': that is {what}; \
             `cargo run -- check {number} {}` tries it",
            hole.name
        )));
    }
    let mut others = workbook.all();
    if let Some(other) = others.find(|other| other.program(name).is_some()) {
        return Err(refused(format!(
            "{of} has no program '{name}'; {} has it",
            other.called()
        )));
    }
    let names = chapter.programs.iter().map(|program| &*program.name);
    Err(refused(format!(
        "{of} has no program '{name}'; {}",
        instead(name, &names.collect::<Vec<_>>())
    )))
}

/// The same, if this system can run it.
///
/// # Errors
///
/// Likewise, and if the program or its chapter needs another kind of system.
pub(crate) fn runnable<'a>(
    workbook: &Workbook,
    chapter: &'a Chapter,
    name: &str,
) -> Result<&'a Program> {
    let program = program(workbook, chapter, name)?;
    match chapter.lacks().or(program.lacks()) {
        None => Ok(program),
        Some(system) => Err(refused(format!(
            "'{name}' needs {system}, which this system is not"
        ))),
    }
}

/// The holes of `chapter` that `name` means: one by its name or number, or `all`.
///
/// # Errors
///
/// If there is none, or the chapter's files cannot be read.
pub(crate) fn holes(chapter: &Chapter, name: &str) -> Result<Vec<Hole>> {
    let mut holes = chapter.holes()?;
    if holes.is_empty() {
        return Err(refused(format!(
            "{} has no holes to fill",
            chapter.called()
        )));
    }
    if name == "all" {
        return Ok(holes);
    }
    match holes.iter().position(|hole| is_called(hole, name)) {
        Some(index) => Ok(vec![holes.swap_remove(index)]),
        None => {
            let names = holes.iter().map(|hole| &*hole.name);
            Err(refused(format!(
                "chapter {} has no hole '{name}'; {}",
                chapter.number,
                instead(name, &names.collect::<Vec<_>>())
            )))
        }
    }
}

fn instead(name: &str, names: &[&str]) -> String {
    match chapter::nearest(name, names) {
        Some(near) => format!("did you mean '{near}'?"),
        None if names.is_empty() => "it has none yet".to_string(),
        None => format!("it has {}", names.join(", ")),
    }
}
