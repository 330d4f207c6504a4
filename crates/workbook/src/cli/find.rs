//! Finding what a reader named, or saying what there is.

use anyhow::{Result, bail};
use catalogue::holes::Hole;
use catalogue::{Chapter, Program, Workbook};

use super::refused;

/// Chapter `number`.
///
/// # Errors
///
/// If there is none: the message says which there are, and whether this one is still to come. If its files do not
/// say what a chapter's must: what is wrong with them.
pub(crate) fn chapter(workbook: &Workbook, number: u32) -> Result<&Chapter> {
    if let Some(chapter) = workbook.chapter(number) {
        if let Some(fault) = &chapter.fault {
            bail!("chapter {number} cannot be read: {fault}");
        }
        return Ok(chapter);
    }
    let there = workbook
        .chapters
        .iter()
        .map(|c| format!("{} ({})", c.number, c.name));
    let there = there.collect::<Vec<_>>().join(", ");
    let planned = workbook.plan.chapter.iter().find(|c| c.number == number);
    Err(refused(match planned {
        Some(planned) => format!(
            "chapter {number} ({}) is still to come; there are {there}",
            planned.name
        ),
        None => format!("there is no chapter {number}; there are {there}"),
    }))
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
    let number = chapter.number;
    // Damaged markers are for `practice` to tell.
    let holes = chapter.holes().unwrap_or_default();
    if holes.iter().any(|hole| hole.name == name) {
        return Err(refused(format!(
            "chapter {number} has no program '{name}': that is a hole, and \
             `cargo run -- check {number}` tries it"
        )));
    }
    let mut others = workbook.chapters.iter();
    if let Some(other) = others.find(|other| other.program(name).is_some()) {
        return Err(refused(format!(
            "chapter {number} has no program '{name}'; chapter {} has it",
            other.number
        )));
    }
    let names = chapter.programs.iter().map(|program| &*program.name);
    Err(refused(format!(
        "chapter {number} has no program '{name}'; {}",
        instead(name, &names.collect::<Vec<_>>())
    )))
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
            "chapter {} has no holes to fill",
            chapter.number
        )));
    }
    if name == "all" {
        return Ok(holes);
    }
    match holes
        .iter()
        .position(|it| it.name == name || it.number == name)
    {
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
