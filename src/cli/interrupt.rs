//! Ctrl-C in the middle of a run: it ends at once, leaves nothing half written, and says so.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::terminal;
use crate::lang::Lang;
use crate::report::write;

/// What the shell knows as ended by Ctrl-C.
const EXIT_CODE: i32 = 130;

/// Where finished parts of the run are left, and whether the same command goes on from there by itself.
static PARTS: Mutex<Option<(PathBuf, bool)>> = Mutex::new(None);

/// From now on finished parts of the run are left in a folder; with `--resume` (`resumes`) or `--parts`.
pub fn goes_on(folder: &Path, resumes: bool) {
    if let Ok(mut parts) = PARTS.lock() {
        *parts = Some((folder.to_owned(), resumes));
    }
}

/// How to go on, where finished parts are left; nothing where there is none yet, and no empty folder beside the results.
fn how(lang: Lang) -> Option<String> {
    let (folder, resumes) = PARTS.lock().ok()?.clone()?;
    if std::fs::read_dir(&folder).is_ok_and(|mut entries| entries.next().is_none()) {
        if resumes {
            let _ = std::fs::remove_dir(&folder);
        }
        return None;
    }
    let option = if resumes { "--resume".to_owned() } else { format!("--parts {}", folder.display()) };
    let folder = folder.display();
    Some(match lang {
        Lang::Zh => format!("；已完成的部分留在 {folder}：再次运行同一命令（{option}）即可接着算"),
        Lang::En => {
            format!("; what is finished is in {folder}: the same command ({option}) goes on from there")
        }
    })
}

/// Ends the program in order when it is interrupted from now on.
pub fn watch(lang: Lang) {
    // Where the system gives no such notice, it ends the program by itself, and the next run tidies up.
    let _ = ctrlc::set_handler(move || {
        let said = match write::abandon() {
            None => {
                let said = lang.pick("已中止，未写入任何结果", "stopped: nothing was written");
                said.to_owned() + &how(lang).unwrap_or_default()
            }
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
