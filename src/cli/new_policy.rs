//! `new-policy`: a commented policy file to fill in, with a scenario that runs it.

use std::path::{Path, PathBuf};

use super::args::NewPolicyArgs;
use super::{Stop, lines, pretty, terminal};
use crate::file;
use crate::lang::{Lang, Words};
use crate::raw;
use crate::report::write::not_written;
use crate::scenario::find::is_plain_name;
use crate::scenario::{self, schema};

const POLICY: &str = include_str!("new_policy/policy.toml");
const SCENARIO: &str = include_str!("new_policy/scenario.toml");
/// Begins a line of the template that is there to be used or not.
const FURTHER: &str = "#|";

/// Writes the files and says how to go on.
pub fn run(args: &NewPolicyArgs) -> Result<(), Stop> {
    let name = &args.name;
    let is_plain = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || !name.chars().all(is_plain) {
        return Err(Stop::BadInput(Words::new(
            format!("`{name}`不能作为名称：只能有字母、数字、- 和 _，例如 linjiang-2024"),
            format!("`{name}` is no name: letters, digits, - and _ only, such as linjiang-2024"),
        )));
    }
    let names = Names { folder: &args.folder, name, place: &args.place, model: &args.model, year: args.year };
    let folder = &args.folder;
    let policies = folder.join("policies");
    let (policy, own) = (policies.join(format!("{name}.toml")), folder.join(format!("{name}.toml")));
    let taken: Vec<String> = [&policy, &own]
        .iter()
        .filter(|path| path.symlink_metadata().is_ok())
        .map(|path| path.display().to_string())
        .collect();
    if !taken.is_empty() {
        return Err(Stop::BadInput(Words::new(
            format!("已存在，未写入任何文件：{}", taken.join("、")),
            format!("already there, nothing was written: {}", taken.join(", ")),
        )));
    }
    names.check()?;
    std::fs::create_dir_all(&policies).map_err(|error| failed(&policies, &error))?;
    let text = names.fill(POLICY);
    write(&policy, &if args.all_shapes { with_further(&text) } else { text })?;
    if let Err(stop) = write(&own, &names.fill(SCENARIO)) {
        std::fs::remove_file(&policy).map_err(|error| failed(&policy, &error))?;
        return Err(stop);
    }
    let schemas = [
        (policies.join("policy.schema.json"), schema::for_editors::<raw::policy::Policy>()),
        (folder.join("scenario.schema.json"), schema::for_editors::<raw::settings::Scenario>()),
    ];
    for (path, schema) in &schemas {
        let text = pretty(schema)?;
        file::write(path, text.as_bytes()).map_err(|error| failed(path, &error))?;
    }
    // What was written is in order, or it is taken back: a place may lack what the year asks for.
    if let Err(faults) = scenario::load(&own, &[]) {
        for path in [&policy, &own] {
            std::fs::remove_file(path).map_err(|error| failed(path, &error))?;
        }
        return Err(faults.into());
    }
    let (policy, own) = (policy.display(), own.display());
    Ok(terminal::result(Lang::from(args.lang).pick(
        &format!("已写入 {policy}（政策）和 {own}（情景），数值均为占位。逐项改成文件规定后：\n  fundcast check {own}\n  fundcast settle {own} --cases 案例.jsonl\n  fundcast run {own}\n写法见 docs/policy-format.md；编辑器按同目录的 *.schema.json 提示和检查"),
        &format!("written: {policy} (policy) and {own} (scenario), with values that stand in for those of the document. Replace them, then:\n  fundcast check {own}\n  fundcast settle {own} --cases cases.jsonl\n  fundcast run {own}\nEvery key: docs/policy-format.md; editors complete and check by the *.schema.json beside the files"),
    ))?)
}

/// What the templates leave open.
struct Names<'a> {
    folder: &'a Path,
    name: &'a str,
    place: &'a str,
    model: &'a str,
    year: u16,
}

impl Names<'_> {
    fn fill(&self, template: &str) -> String {
        let year = self.year.to_string();
        let mut text = template.to_owned();
        for (open, value) in
            [("YEAR", year.as_str()), ("NAME", self.name), ("PLACE", self.place), ("MODEL", self.model)]
        {
            text = text.replace(open, value);
        }
        text
    }

    /// The place and the model lie beside the new files.
    fn check(&self) -> Result<(), Stop> {
        let needed = [
            (
                "--place",
                self.place,
                self.folder.join("places"),
                self.folder.join("places").join(self.place).join("place.toml"),
            ),
            (
                "--model",
                self.model,
                self.folder.join("models"),
                self.folder.join("models").join(format!("{}.toml", self.model)),
            ),
        ];
        let paths: Vec<Words> = needed
            .iter()
            .filter(|(_, name, ..)| !is_plain_name(name))
            .map(|(option, name, among, _)| {
                let among = among.display();
                Words::new(
                    format!("{option} {name}：须为 {among} 中的名称，不能是路径"),
                    format!("{option} {name}: must be a name in {among}, not a path"),
                )
            })
            .collect();
        if !paths.is_empty() {
            return Err(Stop::BadInput(lines(&paths)));
        }
        let missing: Vec<Words> = needed
            .iter()
            .filter(|(.., file)| !file.is_file())
            .map(|(option, name, among, file)| {
                let (known, file) = (stems(among), file.display());
                let none = Words::new("无", "none");
                let known = if known.is_empty() { none } else { Words::list(&known) };
                Words::new(
                    format!("{option} {name}：没有文件 {file}；可用的有：{}", known.zh),
                    format!("{option} {name}: there is no file {file}; known: {}", known.en),
                )
            })
            .collect();
        if missing.is_empty() { Ok(()) } else { Err(Stop::BadInput(lines(&missing))) }
    }
}

/// The names of what lies in a folder, in order.
fn stems(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let stem = |path: PathBuf| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let mut names: Vec<String> = entries.filter_map(|entry| stem(entry.path())).collect();
    names.sort();
    names
}

/// The template with all its further shapes in use.
fn with_further(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines() {
        let further = line.strip_prefix(FURTHER).map(str::trim_start);
        // One of the further lines says more than the line above it.
        if let (Some(further), Some(above)) = (further, lines.last())
            && further.split_once(" = ").zip(above.split_once(" = ")).is_some_and(|(a, b)| a.0 == b.0)
        {
            lines.pop();
        }
        lines.push(further.unwrap_or(line));
    }
    lines.join("\n") + "\n"
}

fn write(path: &Path, text: &str) -> Result<(), Stop> {
    let folder = path.parent().unwrap_or_else(|| Path::new(""));
    file::write_new(path, text.as_bytes())
        .and_then(|()| file::sync_folder(folder))
        .map_err(|error| failed(path, &error))
}

fn failed(path: &Path, error: &std::io::Error) -> Stop {
    Stop::Failed(not_written(path, error))
}
