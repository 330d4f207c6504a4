//! What a chapter's ladder asks for, in the order in which the command sets it. The task of a rung and its hints are left
//! to the command: a reader who sees them all has climbed nothing.

use catalogue::ladders::Ladder;
use std::fmt::Write as _;

use crate::command;
use crate::figure;
use crate::site::{Page, Site};

/// The rungs of chapter `number`, and the commands that set and check them.
///
/// # Errors
///
/// If this is no page of that chapter, or there is no such ladder.
pub(crate) fn rungs(site: &Site, page: &Page, number: u32) -> Result<String, String> {
    if page.chapter() != Some(number) {
        return Err(format!(
            "`{{{{ladder: {number}}}}}` stands on a page of chapter {number}"
        ));
    }
    let ladder = Ladder::of(site.chapter(number)?);
    let ladder = ladder.map_err(|error| format!("{error:#}"))?;
    let ladder = ladder.ok_or_else(|| format!("chapter {number} has no ladder"))?;
    let mut list = String::new();
    for rung in &ladder.rungs {
        let on = match rung.needs.as_slice() {
            [] => String::new(),
            needs => format!(" (stands on {})", needs.join(" and ")),
        };
        let _ = writeln!(list, "- **{}** {}{on}", rung.number, rung.title);
    }
    let mut commands = String::new();
    for word in ["mine", "hint"] {
        let line = command::checked(site, &format!("{word} {number}"))?;
        commands += &figure::command(&line);
        commands.push('\n');
    }
    Ok(format!(
        "<div class=\"exercise ladder\" id=\"ladder\">\n\n{list}\n{commands}</div>\n"
    ))
}
