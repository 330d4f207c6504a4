//! What is wrong with the book, and where.

use std::fmt;

/// One thing that is wrong with the book.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file to mend, relative to the workspace, with `/`.
    pub file: String,
    /// The line in it, counted from 1, where one is to blame.
    pub line: Option<usize>,
    /// What is wrong, and what is wanted.
    pub message: String,
}

impl Problem {
    /// Something wrong at `line` of `file`.
    pub fn at(file: &str, line: usize, message: impl Into<String>) -> Problem {
        Problem {
            file: file.to_string(),
            line: Some(line),
            message: message.into(),
        }
    }

    /// Something wrong with `file` as a whole.
    pub fn with(file: &str, message: impl Into<String>) -> Problem {
        Problem {
            file: file.to_string(),
            line: None,
            message: message.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.message),
            None => write!(f, "{}: {}", self.file, self.message),
        }
    }
}
