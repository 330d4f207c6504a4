//! The forms of a trace, and writing one without losing anything.

use anyhow::{Context, Result};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use textwrap::core::display_width;
use timeline::{FORMAT, SvgOptions, TextOptions, Trace};

use super::super::{refused, term};
use super::typed;

/// What a trace is shown or written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// The timeline, drawn with letters.
    Text {
        /// With those of ASCII alone.
        ascii: bool,
    },
    /// A sentence a step.
    Steps,
    /// The document itself.
    Json,
    /// The timeline as a picture.
    Svg,
    /// Chrome's trace-event form.
    Chrome,
}

/// `trace` in this form.
///
/// # Errors
///
/// If it cannot be drawn.
pub(crate) fn render(trace: &Trace, form: Form) -> Result<String> {
    Ok(match form {
        Form::Text { ascii } => trace.to_text(&TextOptions {
            width: term::columns(),
            ascii,
            colour: true,
            ..TextOptions::default()
        })?,
        Form::Svg => {
            let options = SvgOptions {
                alone: true,
                ..SvgOptions::default()
            };
            trace.to_svg(&options)?.trim_end().to_string() + "\n" + &mark()
        }
        Form::Chrome => trace.to_chrome()?,
        Form::Json => trace.to_playable()?,
        Form::Steps => steps(trace),
    })
}

/// A sentence a step, under each other; what does not fit the terminal goes on below.
fn steps(trace: &Trace) -> String {
    let rows = || trace.rows(0..trace.events.len());
    let number = trace.events.len().saturating_sub(1).to_string().len();
    let time = rows()
        .map(|row| display_width(&row.time))
        .max()
        .unwrap_or(0);
    let width = term::width();
    let mut text = String::new();
    for row in rows() {
        let pad = " ".repeat(time - display_width(&row.time));
        let first = format!("{:number$}  {pad}{}  ", row.step, row.time);
        text += &term::hang(&first, row.says, width);
    }
    text
}

/// The last line of our pictures, by which they are told from other people's.
fn mark() -> String {
    format!("<!-- {FORMAT} -->\n")
}

/// Where `path` leads, if something may be written there: to a new file, or in place of an earlier trace.
///
/// # Errors
///
/// If something else is there, or there is no such folder.
pub(crate) fn target(path: &Path) -> Result<PathBuf> {
    let shown = path.display();
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let folder = folder(path);
            match path.file_name() {
                Some(_) if folder.is_dir() => Ok(path.to_path_buf()),
                _ => Err(refused(format!(
                    "{shown}: there is no folder {}",
                    folder.display()
                ))),
            }
        }
        Err(error) => Err(refused(format!("{shown}: {error}"))),
        Ok(found) if found.is_dir() => Err(refused(format!(
            "{shown} is a folder; name a file in it, as in {}",
            path.join("trace.json").display()
        ))),
        Ok(found) if found.is_file() && is_ours(path) => {
            // What is replaced is the file, not a link to it.
            fs::canonicalize(path).with_context(|| path.display().to_string())
        }
        Ok(_) => Err(refused(format!(
            "{shown} is there, and is no trace: it is left as it is; name another file"
        ))),
    }
}

/// Whether the file at `path` is something that this command wrote, or empty.
fn is_ours(path: &Path) -> bool {
    let Ok(text) = fs::read_to_string(path) else {
        return false;
    };
    if text.is_empty() || text.starts_with("<svg") && text.ends_with(&mark()) {
        return true;
    }
    let Ok(json) = serde_json::from_str::<serde_json::Value>(&text) else {
        return false;
    };
    [&json["format"], &json["otherData"]["format"]]
        .iter()
        .any(|format| *format == FORMAT)
}

fn folder(path: &Path) -> &Path {
    let folder = path.parent().unwrap_or(path);
    if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    }
}

/// Writes `text` to `target`: all of it, or nothing.
///
/// # Errors
///
/// If it cannot be written; what was there before is still there then.
pub(crate) fn write(target: &Path, text: &str) -> Result<()> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".trace-");
    // Like any other new file: the umask takes away what the reader does not want to give.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let write = || -> io::Result<()> {
        let mut file = builder.tempfile_in(folder(target))?;
        file.write_all(text.as_bytes())?;
        file.persist(target)?;
        Ok(())
    };
    write().with_context(|| target.display().to_string())
}

/// What was written, and how to look at it.
pub(crate) fn written(path: &Path, trace: &Trace, form: Form) -> String {
    let file = path.display();
    let steps = term::count(trace.events.len(), "step");
    let first = format!("wrote {file}: {steps} of {}\n", trace.program);
    let hints = match form {
        Form::Svg => vec!["open it in a browser".to_string()],
        Form::Chrome => {
            vec![
                "open it at https://ui.perfetto.dev, or in Chrome at chrome://tracing"
                    .into(),
            ]
        }
        _ => vec![
            format!(
                "play it step by step: {}, the page \"Play a trace\"",
                typed("read --open")
            ),
            format!("or draw it here: {}", typed(&format!("trace {file}"))),
        ],
    };
    let hints = hints.iter().map(|hint| format!("  {hint}\n"));
    first + &hints.collect::<String>()
}
