//! Whether everything that a chapter has is shown by a page.

use catalogue::Kind;
use std::collections::BTreeSet;
use std::fs;

use crate::problem::Problem;
use crate::site::Site;

/// What no page shows: programs of every kind, drafts, and holes. All are named by the chapter's number and their name.
pub(crate) fn unshown(
    site: &Site,
    programs: &BTreeSet<(u32, String)>,
    drafts: &BTreeSet<(u32, String)>,
    holes: &BTreeSet<(u32, String)>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for chapter in &site.workbook.chapters {
        for program in &chapter.programs {
            let directive = match program.kind {
                Kind::Program | Kind::Step => "transcript",
                Kind::Broken => "broken",
                Kind::Solution => "solution",
                Kind::WontCompile => "error",
                Kind::Mine => continue,
            };
            let name = &program.name;
            if !programs.contains(&(chapter.number, name.clone())) {
                let message =
                    format!("no page shows it; write `{{{{{directive}: {name}}}}}`");
                let file = site.relative(&program.file);
                problems.push(Problem::at(&file, 1, message));
            }
            if let Some(draft) = program.draft()
                && !drafts.contains(&(chapter.number, name.clone()))
            {
                let message = format!("no page shows it; write `{{{{draft: {name}}}}}`");
                problems.push(Problem::at(&site.relative(&draft), 1, message));
            }
        }
        for hole in site.holes.get(&chapter.number).into_iter().flatten() {
            if !holes.contains(&(chapter.number, hole.name.clone())) {
                let message = format!(
                    "no page names hole `{0}`; write `{{{{exercise-hole: {0}}}}}`",
                    hole.name
                );
                let text = fs::read_to_string(&hole.file).unwrap_or_default();
                let title = format!("// hole: {} ", hole.name);
                let line = text.lines().position(|line| line.contains(&title));
                let file = site.relative(&hole.file);
                problems.push(Problem::at(&file, line.unwrap_or(0) + 1, message));
            }
        }
    }
    problems
}
