//! `list`: the chapters, or what one of them holds.

use anyhow::Result;
use catalogue::holes::Hole;
use catalogue::{Chapter, Kind, Program, System, TAXI, Workbook};
use std::fmt::Write as _;
use std::process::ExitCode;

use super::find;
use super::term::{self, BOLD, CYAN, DIM, RED, styled};

/// Lists the chapters, or the programs and holes of one.
///
/// # Errors
///
/// If there is no such chapter, or its files cannot be read.
pub(crate) fn list(workbook: &Workbook, chapter: Option<&str>) -> Result<ExitCode> {
    let text = match chapter {
        None => chapters(workbook, term::width()),
        Some(name) => {
            let chapter = find::chapter(workbook, name)?;
            contents(chapter, &chapter.holes()?, term::width())
        }
    };
    term::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn chapters(workbook: &Workbook, width: usize) -> String {
    let plan = &workbook.plan.chapter;
    let names = plan.iter().map(|chapter| chapter.name.len()).max();
    let names = names.unwrap_or(0);
    let mut text = String::new();
    let mut part = "";
    for planned in plan {
        if planned.part != part {
            let space = if part.is_empty() { "" } else { "\n" };
            part = &planned.part;
            let _ = writeln!(text, "{space}{}", styled(BOLD, format!("Part {part}")));
        }
        let first = format!("  {:02} {:names$}  ", planned.number, planned.name);
        match workbook.chapter(planned.number) {
            Some(chapter) => {
                let adds = match &chapter.fault {
                    Some(fault) => styled(RED, "✗") + " " + fault,
                    None => {
                        chapter.adds.clone() + &needs(chapter.system, chapter.lacks())
                    }
                };
                text += &term::hang(&first, &adds, width);
            }
            None => {
                let line =
                    term::hang(&first, &format!("(to come) {}", planned.adds), width);
                let _ = writeln!(text, "{}", styled(DIM, line.trim_end()));
            }
        }
    }
    if let Some(taxi) = &workbook.taxi {
        let title = styled(BOLD, "The finished runtime");
        let first = format!("  {:>2} {:names$}  ", "", taxi.name);
        let _ = writeln!(text, "\n{title}");
        text += &term::hang(&first, &taxi.adds, width);
    }
    let hint = styled(CYAN, "cargo run -- list 2");
    text + &format!("\nA chapter's programs: {hint}\n")
}

fn contents(chapter: &Chapter, holes: &[Hole], width: usize) -> String {
    let title = match chapter.number {
        TAXI => chapter.name.clone(),
        number => format!("{number:02} {}", chapter.name),
    };
    let mut text = styled(BOLD, title) + "\n";
    let adds = chapter.adds.clone() + &needs(chapter.system, chapter.lacks());
    text += &term::hang("", &adds, width);
    let names = chapter.programs.iter().map(|it| it.name.len());
    let names = names.chain(holes.iter().map(|it| it.name.len()));
    let names = names.max().unwrap_or(0);
    for (kind, heading) in HEADINGS {
        let of_kind: Vec<&Program> = chapter
            .programs
            .iter()
            .filter(|it| it.kind == *kind)
            .collect();
        if !of_kind.is_empty() {
            let _ = writeln!(text, "\n{}", styled(BOLD, heading));
        }
        for program in of_kind {
            text += &about(program, names, width);
        }
    }
    if !holes.is_empty() {
        let _ = writeln!(text, "\n{}", styled(BOLD, "Holes"));
    }
    for hole in holes {
        let first = format!("  {:names$}  ", hole.name);
        text += &term::hang(&first, &format!("{}: {}", hole.number, hole.about), width);
    }
    text + &hints(chapter, holes)
}

const HEADINGS: &[(Kind, &str)] = &[
    (Kind::Program, "Programs"),
    (Kind::Step, "Steps on the way"),
    (Kind::Broken, "Broken, to be seen failing"),
    (Kind::WontCompile, "Refused by the compiler"),
    (Kind::Solution, "Solutions of exercises"),
    (Kind::Mine, "Yours"),
];

fn about(program: &Program, names: usize, width: usize) -> String {
    let first = format!("  {:names$}  ", program.name);
    let what =
        program.header.about.clone() + &needs(program.header.needs, program.lacks());
    let mut text = term::hang(&first, &what, width);
    let indent = " ".repeat(if names + 4 > width / 3 { 6 } else { names + 4 });
    let flags = program.header.flags.iter();
    let flags =
        flags.map(|flag| format!("--{} {}  {}", flag.name, flag.value, flag.about));
    let real = String::from("--real  on the wall clock");
    for flag in flags.chain(program.header.clock.then_some(real)) {
        text += &styled(DIM, term::hang(&indent, &flag, width));
    }
    text
}

/// What kind of system something needs, and whether it is therefore left out.
fn needs(system: Option<System>, lacks: Option<System>) -> String {
    match (system, lacks) {
        (None, _) => String::new(),
        (Some(system), None) => format!(" (needs {system})"),
        (Some(system), Some(_)) => format!(" (needs {system}: left out here)"),
    }
}

fn hints(chapter: &Chapter, holes: &[Hole]) -> String {
    let number = chapter.typed();
    let mut commands = Vec::new();
    if let Some(program) = chapter.programs.first() {
        commands.push(format!("run {number} {}", program.name));
    }
    commands.push(format!("check {number}"));
    if !holes.is_empty() {
        commands.push(format!("practice {number}"));
    }
    let mut text = "\n".to_string();
    for command in commands {
        let _ = writeln!(text, "{}", styled(CYAN, format!("cargo run -- {command}")));
    }
    text
}
