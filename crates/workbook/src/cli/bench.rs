//! `bench`: what the chapters' code costs, beside others' on this machine.

use anyhow::{Context, Result};
use catalogue::Workbook;
use serde::Deserialize;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use super::run::become_it;
use super::term::{self, BOLD, CYAN, styled};
use super::{build, refused};

/// A workspace of its own, with other runtimes beside ours: no reader has to build them who does not ask.
const BENCH: &str = "crates/bench";

/// What of a row can be known before the benchmarks are built: it stands in `rows.toml`, beside their code.
#[derive(Deserialize)]
struct Row {
    name: String,
    chapter: u32,
    about: String,
}

/// What is measured, and how.
pub(crate) struct Asked<'a> {
    /// Which rows: a name, a part of one, or a chapter.
    pub wanted: Option<&'a str>,
    /// They are only listed.
    pub list: bool,
    /// How many rounds of a row are counted at most.
    pub rounds: u64,
    /// Only whether all sides do the same, and what can be counted.
    pub quick: bool,
    /// Where what was measured is written.
    pub json: Option<&'a Path>,
    /// What is written with it.
    pub note: &'a str,
}

/// Builds the benchmarks as an application would be built, and runs those that are wanted in place of this process;
/// or only lists them.
///
/// # Errors
///
/// If there is none of that name, before anything is built; or if they are not there, or cannot be started.
pub(crate) fn bench(workbook: &Workbook, asked: &Asked<'_>) -> Result<ExitCode> {
    let rows = rows(&workbook.root)?;
    let rows = choose(workbook, &rows, asked.wanted)?;
    if asked.list {
        term::print(&listed(&rows, term::width()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let folder = workbook.root.join(BENCH);
    if !folder.join("Cargo.toml").is_file() {
        let why = format!("there is no {BENCH}/Cargo.toml in this workbook");
        return Err(refused(why));
    }
    let (profile, time) = match asked.quick {
        true => ("quick", "one to three minutes"),
        false => ("release", "three to six minutes"),
    };
    term::complain(&format!(
        "building the benchmarks in {BENCH}/target: {time} the first time; cargo downloads what they measure beside ours \
         (tokio, smol, futures, monoio, compio, hyper) if it has not yet…\n"
    ));
    if !build::profiled(&folder, "bench", profile)? {
        return Ok(ExitCode::FAILURE);
    }
    term::complain(&expectation(rows.len() as u64, asked.quick));
    let mut command = catalogue::build::cargo(&workbook.root);
    command.args(["run", "--profile", profile, "--quiet", "--manifest-path"]);
    command.arg(folder.join("Cargo.toml"));
    command.args(["--", "--rounds", &asked.rounds.to_string()]);
    command.args(asked.quick.then_some("--quick"));
    if let Some(file) = asked.json {
        // It is started in the workbook's folder, and the reader may be in another.
        let file = std::path::absolute(file).context("where the file is to be")?;
        command.arg("--json").arg(file).args(["--note", asked.note]);
    }
    command.args(rows.iter().map(|row| &row.name));
    become_it(&mut command).context("cargo")
}

/// How many rows there are, and how long they will take.
fn expectation(rows: u64, quick: bool) -> String {
    let (seconds, advice) = match quick {
        true => (2 * rows, "their times are not judged"),
        false => (40 * rows, "best on a machine that does nothing else"),
    };
    let time = match seconds {
        0..60 => format!("{seconds} s"),
        _ => format!("{} min", seconds.div_ceil(60)),
    };
    format!(
        "{}, about {time}; {advice}\n",
        term::count(rows as usize, "row")
    )
}

fn rows(root: &Path) -> Result<Vec<Row>> {
    #[derive(Deserialize)]
    struct Rows {
        row: Vec<Row>,
    }
    let file = format!("{BENCH}/rows.toml");
    let text = match fs::read_to_string(root.join(&file)) {
        Ok(text) => text,
        Err(error) => return Err(refused(format!("{file}: {error}"))),
    };
    let rows: Rows = toml::from_str(&text).context(file)?;
    Ok(rows.row)
}

/// The row of this name; or all of a chapter; or all with this in their name.
fn choose<'a>(
    workbook: &Workbook,
    rows: &'a [Row],
    wanted: Option<&str>,
) -> Result<Vec<&'a Row>> {
    let Some(wanted) = wanted else {
        return Ok(rows.iter().collect());
    };
    let all_that = |is: &dyn Fn(&Row) -> bool| -> Vec<&'a Row> {
        rows.iter().filter(|row| is(row)).collect()
    };
    let named = workbook.chapters.iter().find(|it| it.name == wanted);
    let number = named.map(|it| it.number).or(wanted.parse().ok());
    let chosen = [
        all_that(&|row| row.name == wanted),
        all_that(&|row| Some(row.chapter) == number),
        all_that(&|row| row.name.contains(wanted)),
    ];
    if let Some(chosen) = chosen.into_iter().find(|rows| !rows.is_empty()) {
        return Ok(chosen);
    }
    let near = chapter::nearest(wanted, rows.iter().map(|row| &row.name));
    let instead = match near {
        Some(near) => format!("did you mean '{near}'?"),
        None => "`cargo run -- bench --list` names what there is".into(),
    };
    Err(refused(format!(
        "nothing to measure is called '{wanted}'; {instead}"
    )))
}

fn listed(rows: &[&Row], width: usize) -> String {
    let names = rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    let mut chapter = 0;
    for row in rows {
        if row.chapter != chapter {
            let space = if chapter == 0 { "" } else { "\n" };
            chapter = row.chapter;
            let title = styled(BOLD, format!("Chapter {chapter}"));
            let _ = writeln!(text, "{space}{title}");
        }
        text += &term::hang(&format!("  {:names$}  ", row.name), &row.about, width);
    }
    let hint = styled(CYAN, "cargo run -- bench spawn");
    text + &format!("\nMeasures one of them: {hint}\n")
}
