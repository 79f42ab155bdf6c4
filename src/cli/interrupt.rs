//! Ctrl-C in the middle of a run: it ends at once, leaves nothing half written, and says so.

use super::terminal;
use crate::lang::Lang;
use crate::report::write;

/// What the shell knows as ended by Ctrl-C.
const EXIT_CODE: i32 = 130;

/// Ends the program in order when it is interrupted from now on.
pub fn watch(lang: Lang) {
    // Where the system gives no such notice, it ends the program by itself, and the next run tidies up.
    let _ = ctrlc::set_handler(move || {
        let said = match write::abandon() {
            None => lang.pick("已中止，未写入任何结果", "stopped: nothing was written").to_owned(),
            Some(folder) => {
                let folder = folder.display();
                lang.pick(
                    &format!("已中止；结果完整，在 {folder}"),
                    &format!("stopped; the results are complete in {folder}"),
                )
                .to_owned()
            }
        };
        terminal::note(&said);
        std::process::exit(EXIT_CODE);
    });
}
