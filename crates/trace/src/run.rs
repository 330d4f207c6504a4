//! A run from its begin to its end, which writes the document.

use std::path::{Path, PathBuf};

use timeline::{Source, Teller, Trace, is_hook};

use crate::record;

/// The variable of the environment that names the file to write.
const FILE: &str = "WORKBOOK_TRACE";

/// As in `off.rs`.
#[must_use = "the trace is written when this is dropped"]
pub struct Run {
    /// The file to write, if the environment names one.
    path: Option<PathBuf>,
    /// The program's source.
    program: String,
}

/// As in `off.rs`.
pub fn begin(chapter: &str, program: &str, args: &[String], file: &str) -> Run {
    let path = std::env::var_os(FILE).map(PathBuf::from);
    if path.is_some() {
        record::start(Trace::new(chapter, program, args));
    }
    Run {
        path,
        program: file.replace('\\', "/"),
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        let (Some(path), Some(trace)) = (&self.path, record::end()) else {
            return;
        };
        let json = finish(trace, &self.program).to_json();
        if let Err(error) = std::fs::write(path, json) {
            let path = path.display();
            eprintln!("error: the trace cannot be written to {path}: {error}");
        }
    }
}

/// The workspace, where cargo starts the compiler: the paths of its files begin here.
fn root() -> &'static Path {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    crates.and_then(Path::parent).unwrap_or(Path::new("."))
}

/// A file's path from the workspace's root, with `/`; `None` if it is elsewhere.
pub(crate) fn in_workspace(file: &str) -> Option<String> {
    let path = Path::new(file);
    let path = match path.is_absolute() {
        true => path.strip_prefix(root()).ok()?,
        false => path,
    };
    Some(path.to_string_lossy().replace('\\', "/"))
}

/// The document with all texts in it.
fn finish(mut trace: Trace, program: &str) -> Trace {
    let mut files = vec![program.to_string()];
    for place in &trace.places {
        if !files.contains(&place.file) {
            files.push(place.file.clone());
        }
    }
    for file in files {
        // What is not there to read (a file of another crate) is not shown.
        if let Ok(text) = std::fs::read_to_string(root().join(&file)) {
            trace.sources.push(Source { file, text });
        }
    }
    for place in &mut trace.places {
        let mut sources = trace.sources.iter();
        if let Some(source) = sources.find(|source| source.file == place.file) {
            (place.line, place.text) = line_of(&source.text, place.line);
        }
    }
    let mut teller = Teller::new();
    for event in &mut trace.events {
        event.says = teller.tell(&event.what);
    }
    trace
}

/// The line with this number. If that is a hook's own: the one line of the hook's block that yields, or else the one
/// that the hook stands before.
fn line_of(text: &str, line: u32) -> (u32, String) {
    let mut after = text.lines().zip(1..).skip_while(|(_, n)| *n < line);
    let Some((hook, _)) = after.clone().next().filter(|(text, _)| is_hook(text)) else {
        let (text, line) = after.next().unwrap_or(("", line));
        return (line, text.trim().to_string());
    };
    let indent = |text: &str| text.len() - text.trim_start().len();
    let in_block = |text: &str| text.is_empty() || indent(text) >= indent(hook);
    let block = after.take_while(|(text, _)| in_block(text));
    let is_code = |text: &str| !is_hook(text) && !text.trim_start().starts_with("//");
    let code: Vec<(&str, u32)> = block.filter(|(text, _)| is_code(text)).collect();
    let yields: Vec<_> = code.iter().filter(|it| it.0.contains("Yielded(")).collect();
    let (text, line) = match yields[..] {
        [only] => *only,
        _ => code.first().copied().unwrap_or(("", line)),
    };
    (line, text.trim().to_string())
}
