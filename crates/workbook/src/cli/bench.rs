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

/// Builds the benchmarks as an application would be built, and runs those that are wanted in place of this process;
/// or only lists them.
///
/// # Errors
///
/// If there is none of that name, before anything is built; or if they are not there, or cannot be started.
pub(crate) fn bench(
    workbook: &Workbook,
    wanted: Option<&str>,
    list: bool,
    rounds: u64,
) -> Result<ExitCode> {
    let rows = rows(&workbook.root)?;
    let rows = choose(workbook, &rows, wanted)?;
    if list {
        term::print(&listed(&rows, term::width()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let folder = workbook.root.join(BENCH);
    if !folder.join("Cargo.toml").is_file() {
        let why = format!("there is no {BENCH}/Cargo.toml in this workbook");
        return Err(refused(why));
    }
    term::complain("building the benchmarks: a minute or two, the first time…\n");
    if !build::optimized(&folder, "bench")? {
        return Ok(ExitCode::FAILURE);
    }
    let (count, seconds) = (rows.len(), 15 * rows.len());
    term::complain(&format!(
        "{}, about {}; best on a machine that does nothing else\n",
        term::count(count, "row"),
        match seconds {
            0..60 => format!("{seconds} s"),
            _ => format!("{} min", seconds.div_ceil(60)),
        }
    ));
    let mut command = catalogue::build::cargo(&workbook.root);
    command.args(["run", "--release", "--quiet", "--manifest-path"]);
    command.arg(folder.join("Cargo.toml"));
    command.args(["--", "--rounds", &rounds.to_string()]);
    command.args(rows.iter().map(|row| &row.name));
    become_it(&mut command).context("cargo")
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
