//! The plan of the whole workbook, `book/plan.toml`: every chapter, also those to come, and every program of the
//! articles it grew from.

use anyhow::{Context, Result};
use serde::Deserialize;
use std::path::Path;

/// Every chapter and every row, from `book/plan.toml`.
#[derive(Debug, Deserialize)]
pub struct Plan {
    /// The four milestones on the way from a generator to I/O readiness.
    pub milestone: Vec<Milestone>,
    /// The chapters, in order.
    pub chapter: Vec<PlannedChapter>,
    /// The articles, by letter.
    pub article: Vec<Article>,
    /// The programs and open questions of the articles.
    pub row: Vec<Row>,
}

/// A milestone, reached when its chapters run.
#[derive(Debug, Deserialize)]
pub struct Milestone {
    /// Such as `Taxi loop`.
    pub name: String,
    /// The last chapter that belongs to it.
    pub through: u32,
}

/// A chapter as planned.
#[derive(Debug, Deserialize)]
pub struct PlannedChapter {
    /// Its number.
    pub number: u32,
    /// Its name, such as `event-loop`.
    pub name: String,
    /// The part of the book it stands in, such as `I`.
    pub part: String,
    /// What it adds, in a line.
    pub adds: String,
}

/// One of the articles.
#[derive(Debug, Deserialize)]
pub struct Article {
    /// `A` to `E`.
    pub letter: String,
    /// What it is about.
    pub about: String,
}

/// One program, promise or open question of the articles.
#[derive(Debug, Deserialize)]
pub struct Row {
    /// Such as `P19`.
    pub id: String,
    /// The articles it comes from, such as `A C`.
    pub from: String,
    /// What it does.
    pub what: String,
    /// The chapters that run it.
    pub chapters: Vec<u32>,
}

impl Plan {
    /// Reads `book/plan.toml` below `root`.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or says something else than [`Plan`] can hold.
    pub fn read(root: &Path) -> Result<Plan> {
        let path = root.join("book/plan.toml");
        let text =
            std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        toml::from_str(&text).with_context(|| path.display().to_string())
    }
}
