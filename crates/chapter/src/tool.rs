//! What a chapter does for a user, beside its programs.

use std::process::ExitCode;

use crate::{BadInput, refuse};

/// A tool: what its chapter's binary is when the first argument is not a program's name.
///
/// ```
/// use chapter::{BadInput, Failure, Tool};
///
/// const GREET: Tool = Tool {
///     usage: "Or greet somebody: cargo run -p ch99-greeter -- greet NAME",
///     claims: |first| first == "greet",
///     run: |arguments| match arguments {
///         [_greet, name] if name == "nobody" => Err(Failure::Failed("there is nobody".into())),
///         [_greet, name] => Ok(trace::say!("Hello, {name}!")),
///         _ => Err(BadInput::new("greet wants a name").into()),
///     },
/// };
/// assert!((GREET.claims)("greet"));
/// assert!((GREET.run)(&["greet".into()]).is_err());
/// ```
#[derive(Debug)]
pub struct Tool {
    /// What it is for and how it is started, in a few lines.
    pub usage: &'static str,
    /// Whether the first argument asks for the tool.
    pub claims: fn(&str) -> bool,
    /// Runs it with all arguments, the first included.
    pub run: fn(&[String]) -> Result<(), Failure>,
}

/// Why a tool has not done what it was asked for, in a line that its user understands.
#[derive(Debug)]
pub enum Failure {
    /// It was asked wrongly: the process ends with status 2.
    BadInput(BadInput),
    /// It could not: the process ends with status 1.
    Failed(String),
}

impl From<BadInput> for Failure {
    fn from(why: BadInput) -> Failure {
        Failure::BadInput(why)
    }
}

impl Tool {
    /// Runs it, if the command line asks for it.
    pub(crate) fn start(&self) -> Option<ExitCode> {
        let arguments = std::env::args_os().skip(1);
        let arguments: Vec<String> = arguments
            .map(|it| it.to_string_lossy().into_owned())
            .collect();
        if !(self.claims)(arguments.first()?) {
            return None;
        }
        Some(match (self.run)(&arguments) {
            Ok(()) => ExitCode::SUCCESS,
            Err(Failure::BadInput(why)) => refuse(&why.to_string()),
            Err(Failure::Failed(why)) => {
                refuse(&why);
                ExitCode::FAILURE
            }
        })
    }
}
