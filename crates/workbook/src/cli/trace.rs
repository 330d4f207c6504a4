//! `trace`: what a program did, step by step, drawn from what it wrote down itself.

mod save;

use anyhow::{Context, Result, bail};
use catalogue::process::{self, End};
use catalogue::{Chapter, Kind, Program, Workbook};
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus};
use std::time::Duration;
use timeline::Trace;

use super::term::{self, CYAN, styled};
use super::{TIME_LIMIT, build, find, refused};
use save::Form;

/// What can be asked of `trace`.
#[derive(clap::Args)]
pub(crate) struct Asked {
    /// A chapter's number or name, or the file of a trace
    #[arg(value_name = "CHAPTER|FILE")]
    what: OsString,
    /// A program's name, after a chapter
    program: Option<String>,
    /// Write the trace to this file instead of drawing it here; `-` is standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    form: FormAsked,
    /// Draw with the letters of ASCII alone
    #[arg(long, conflicts_with_all = ["output", "svg", "chrome", "steps"])]
    ascii: bool,
    /// On the wall clock instead of the virtual one
    #[arg(long)]
    real: bool,
    /// How many seconds the program may take
    #[arg(long, value_name = "SECONDS", default_value_t = TIME_LIMIT.as_secs())]
    #[arg(value_parser = super::whole_number(1..=3600))]
    limit: u64,
    /// What the program takes, as in `trace 2 taxi --seed 7`; ours come before them
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    flags: Vec<OsString>,
}

#[derive(clap::Args)]
#[group(multiple = false)]
struct FormAsked {
    /// As a picture for a page (as is an output file that ends with .svg)
    #[arg(long)]
    svg: bool,
    /// In Chrome's trace-event form, which Perfetto opens
    #[arg(long)]
    chrome: bool,
    /// Every step in a sentence, those that print with what they print
    #[arg(long, conflicts_with = "output")]
    steps: bool,
}

/// Options of `trace` itself that would be mistaken for the program's flags after one of those.
const OURS: [&str; 7] = [
    "-o", "--output", "--ascii", "--svg", "--chrome", "--steps", "--limit",
];

/// Runs a program that records, or reads what one has recorded, and shows or writes it.
///
/// What the program prints is not shown: it is part of the trace, and `run` prints it.
///
/// # Errors
///
/// If there is no such program or file, if it is no trace, or if writing would lose something.
pub(crate) fn trace(workbook: &Workbook, asked: &Asked) -> Result<ExitCode> {
    let target = match &asked.output {
        Some(path) if path.as_os_str() != "-" => Some(save::target(path)?),
        _ => None,
    };
    let chapter = asked.what.to_str();
    let chapter = chapter.filter(|text| find::is_chapter(workbook, text));
    let trace = match chapter {
        Some(name) => match record(workbook, find::chapter(workbook, name)?, asked)? {
            Ok(trace) => trace,
            Err(status) => return Ok(status),
        },
        None => read(workbook, asked)?,
    };
    let form = asked.form();
    let text = save::render(&trace, form)?;
    match (target, &asked.output) {
        (Some(target), Some(path)) => {
            save::write(&target, &text)?;
            term::print(&save::written(path, &trace, form))?;
        }
        _ if trace.events.is_empty()
            && matches!(form, Form::Text { .. } | Form::Steps) =>
        {
            let name = &trace.program;
            term::print(&format!(
                "'{name}' left no step: it runs no loop, and prints nothing\n"
            ))?;
        }
        _ => term::print(&text)?,
    }
    if trace.left_out > 0 {
        term::complain(&format!(
            "{} more steps were not recorded: a trace holds a million\n",
            trace.left_out
        ));
    }
    Ok(ExitCode::SUCCESS)
}

impl Asked {
    /// The form by its flag, else by the file's ending.
    fn form(&self) -> Form {
        let ending = self.output.as_deref().and_then(Path::extension);
        match &self.form {
            FormAsked { svg: true, .. } => Form::Svg,
            FormAsked { chrome: true, .. } => Form::Chrome,
            FormAsked { steps: true, .. } => Form::Steps,
            _ if self.output.is_none() => Form::Text { ascii: self.ascii },
            _ if ending.is_some_and(|it| it.eq_ignore_ascii_case("svg")) => Form::Svg,
            _ => Form::Json,
        }
    }

    /// What the program is given.
    fn flags(&self, program: &Program) -> Result<Vec<OsString>> {
        let mut flags = self.flags.clone();
        flags.retain(|flag| flag != "--");
        let is_ours = |flag: &&OsString| {
            let text = flag.to_string_lossy();
            let name = text.split('=').next().unwrap_or("");
            let takes = program.header.flags.iter();
            OURS.contains(&name)
                && !takes.into_iter().any(|it| format!("--{}", it.name) == name)
        };
        if let Some(flag) = flags.iter().find(is_ours) {
            return Err(refused(format!(
                "{} comes before the flags of '{}'",
                flag.display(),
                program.name
            )));
        }
        flags.extend(self.real.then(|| "--real".into()));
        Ok(flags)
    }
}

/// The trace in a file.
fn read(workbook: &Workbook, asked: &Asked) -> Result<Trace> {
    let path = Path::new(&asked.what);
    let shown = path.display();
    let looks_like_a_file = path.extension().is_some() || path.components().count() > 1;
    let of_a_program = asked.program.is_some() || asked.real || !asked.flags.is_empty();
    let refuse = |why: &str| Err(refused(format!("{shown} {why}")));
    let text = match fs::metadata(path) {
        Ok(found) if found.is_dir() => return refuse("is a folder, not a trace"),
        Ok(found) if !found.is_file() => return refuse("is no ordinary file"),
        Ok(_) => fs::read(path).with_context(|| path.display().to_string())?,
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(error).with_context(|| path.display().to_string());
        }
        Err(_) if looks_like_a_file => {
            return Err(refused(format!("there is no file {shown}")));
        }
        Err(_) => {
            let name = shown.to_string();
            let meant = find::command_for(workbook, "trace", &name).unwrap_or_else(|| {
                "`trace 2 taxi` runs a program, `trace night.json` shows what was recorded".into()
            });
            return Err(refused(format!(
                "'{shown}' is neither a chapter nor a file; {meant}"
            )));
        }
    };
    if of_a_program {
        return refuse("is a trace: what was recorded takes no program and no flags");
    }
    if text.iter().all(u8::is_ascii_whitespace) {
        return refuse("is empty, so it is no trace");
    }
    let Ok(text) = String::from_utf8(text) else {
        return refuse("is no trace: it is not text");
    };
    let damaged = |why| refused(format!("{shown}: {why}"));
    let trace = Trace::parse(&text).map_err(damaged)?;
    trace.check().map_err(damaged)?;
    Ok(trace)
}

/// The trace of a run, or the status to end with if there was none.
fn record(
    workbook: &Workbook,
    chapter: &Chapter,
    asked: &Asked,
) -> Result<Result<Trace, ExitCode>> {
    let of = chapter.called();
    let Some(name) = &asked.program else {
        let names = chapter.runnable().filter(|it| it.lacks().is_none());
        let names = names.map(|it| &*it.name);
        let names = names.collect::<Vec<_>>().join(", ");
        return Err(refused(format!("which program of {of}? It has {names}")));
    };
    let program = find::runnable(workbook, chapter, name)?;
    if program.kind == Kind::WontCompile {
        return Err(refused(format!(
            "'{}' is there to be refused by the compiler, so there is no run to trace",
            program.name
        )));
    }
    let flags = asked.flags(program)?;
    let Some(executable) = build::recorder(&workbook.root, chapter)? else {
        return Ok(Err(ExitCode::FAILURE));
    };
    run(chapter, program, &executable, flags, asked.limit)
}

fn run(
    chapter: &Chapter,
    program: &Program,
    executable: &Path,
    flags: Vec<OsString>,
    limit: u64,
) -> Result<Result<Trace, ExitCode>> {
    let name = &program.name;
    let folder = tempfile::tempdir().context("a folder for the trace")?;
    let file = folder.path().join("trace.json");
    let mut command = Command::new(executable);
    command.arg(name).args(flags).env("WORKBOOK_TRACE", &file);
    let ended = process::run(&mut command, Duration::from_secs(limit))
        .with_context(|| executable.display().to_string())?;
    let status = match ended.end {
        End::Status(status) => status,
        End::TimedOut => bail!(
            "'{name}' had not ended after {} and was stopped. A trace is written at the end; \
             `--limit` gives it more time",
            term::count(limit as usize, "second")
        ),
        End::TooMuch => bail!("'{name}' was stopped: it printed without end"),
    };
    if status.code() == Some(2) && program.header.exit != 2 {
        // It does not take these flags, and says so better than we could.
        term::complain(&ended.stderr);
        return Ok(Err(ExitCode::from(2)));
    }
    let json = match fs::read_to_string(&file) {
        Ok(json) => json,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            term::complain(&ended.stderr);
            bail!("'{name}' left no trace: it ended with {}", words(status))
        }
        Err(error) => return Err(error).context("the trace"),
    };
    if status.code() != Some(program.header.exit) {
        let status = words(status);
        term::complain(&format!("'{name}' ended with {status}\n{}", ended.stderr));
    }
    let trace = Trace::parse(&json)?;
    trace.check().with_context(|| {
        let command = format!("trace {} {name}", chapter.typed());
        format!("the recorder has noted what cannot be (`{command}`)")
    })?;
    Ok(Ok(trace))
}

fn words(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("exit status {code}"),
        None => status.to_string(),
    }
}

/// A command that can be typed.
fn typed(command: &str) -> String {
    styled(CYAN, format!("cargo run -- {command}"))
}
