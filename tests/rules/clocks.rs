//! Programs on the wall clock.

use std::fs;

use catalogue::Kind;
use workbook_tests::chapters::workbook;

use crate::assert_none;

#[test]
fn who_says_clock_virtual_asks_which_clock_and_nobody_else_does() {
    let mut broken = Vec::new();
    for chapter in workbook().unwrap().all() {
        for program in &chapter.programs {
            if matches!(program.kind, Kind::Mine | Kind::WontCompile) {
                continue;
            }
            let text = fs::read_to_string(&program.file).unwrap();
            let asks = text.contains("args.real()");
            if asks != program.header.clock {
                let (says, name) = (program.header.clock, &program.name);
                broken.push(format!(
                    "{} {name}: `clock: virtual` {says}, `args.real()` {asks}",
                    chapter.slug
                ));
            }
        }
    }
    assert_none("`--real` is refused, or changes nothing", broken);
}
