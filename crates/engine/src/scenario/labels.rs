//! Names by which scenarios of one comparison can be told apart in tables and charts.

use std::path::Path;

use super::Scenario;
use super::find::stem;

/// Gives scenarios whose ids or titles are alike distinct ones: by the file's name, then with its folder, then by
/// number. What can be told apart already keeps its name. A delta without a title of its own is called by its file.
pub fn distinguish(scenarios: &mut [Scenario]) {
    let ids = scenarios.iter().map(|scenario| {
        let folder = folder(scenario);
        vec![scenario.id.clone(), format!("{folder}-{}", scenario.id)]
    });
    let ids = distinct(&ids.collect::<Vec<_>>());
    for (scenario, id) in scenarios.iter_mut().zip(ids) {
        scenario.id = id;
        // A delta without a title of its own is not what its base is called.
        if !has_own(scenario, "title_zh") {
            scenario.settings.title_zh.clone_from(&scenario.id);
        }
        if !has_own(scenario, "title_en") {
            scenario.settings.title_en.clone_from(&scenario.id);
        }
    }
    let titles = |title: fn(&Scenario) -> &str, brackets: [&str; 2]| {
        let [open, close] = brackets;
        let of = |scenario: &Scenario| {
            let (title, id) = (title(scenario), &scenario.id);
            let with = |what: &str| format!("{title}{open}{what}{close}");
            vec![title.to_owned(), with(id), with(&format!("{}/{id}", folder(scenario)))]
        };
        distinct(&scenarios.iter().map(of).collect::<Vec<_>>())
    };
    let zh = titles(|one| &one.settings.title_zh, ["（", "）"]);
    let en = titles(|one| &one.settings.title_en, [" (", ")"]);
    for (scenario, (zh, en)) in scenarios.iter_mut().zip(zh.into_iter().zip(en)) {
        scenario.settings.title_zh = zh;
        scenario.settings.title_en = en;
    }
}

/// Whether a key is written in the scenario's own file, or in that of deltas laid over each other, where the titles of
/// all are joined.
fn has_own(scenario: &Scenario, key: &str) -> bool {
    let own = scenario.own_files();
    let origin = scenario.files.scenario.document.origin(key);
    own.len() > 1
        || origin.is_none_or(|origin| own.contains(&origin.file) || origin.file.starts_with("--set"))
}

/// The name of the folder of a scenario's file.
fn folder(scenario: &Scenario) -> String {
    let file = scenario.own_files().last().map_or("", String::as_str);
    let full = std::path::absolute(file).unwrap_or_else(|_| file.into());
    full.parent().map(|folder: &Path| stem(folder)).unwrap_or_default()
}

/// Of each list of names, from short to long, the first by which it differs from all others; else with a number.
fn distinct(options: &[Vec<String>]) -> Vec<String> {
    let mut level = vec![0; options.len()];
    loop {
        let names: Vec<&str> = options.iter().zip(&level).map(|(names, &at)| names[at].as_str()).collect();
        let is_double = |at: usize| names.iter().filter(|name| **name == names[at]).count() > 1;
        let longer: Vec<usize> =
            (0..names.len()).filter(|&at| is_double(at) && level[at] + 1 < options[at].len()).collect();
        if longer.is_empty() {
            // What no name tells apart keeps its shortest one, with a number.
            let name = |at: usize| if is_double(at) { options[at][0].as_str() } else { names[at] };
            return numbered(&(0..names.len()).map(name).collect::<Vec<_>>());
        }
        longer.into_iter().for_each(|at| level[at] += 1);
    }
}

/// The second and later of equal names get a number that makes them unlike all others.
fn numbered(names: &[&str]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for name in names {
        let mut own = (*name).to_owned();
        let mut number = 2;
        while all.contains(&own) {
            own = format!("{name} {number}");
            number += 1;
        }
        all.push(own);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(all: &[&[&str]]) -> Vec<Vec<String>> {
        all.iter().map(|names| names.iter().map(|name| (*name).to_owned()).collect()).collect()
    }

    #[test]
    fn exact_names_become_longer_only_where_they_must() {
        let of = |all: &[&[&str]]| distinct(&options(all));
        assert_eq!(of(&[&["a", "x/a"], &["b", "x/b"]]), ["a", "b"]);
        assert_eq!(
            of(&[&["t", "t (a)", "t (x/a)"], &["t", "t (b)", "t (x/b)"], &["u", "u (c)"]]),
            ["t (a)", "t (b)", "u"]
        );
        assert_eq!(of(&[&["t", "t (a)", "t (x/a)"], &["t", "t (a)", "t (y/a)"]]), ["t (x/a)", "t (y/a)"]);
        assert_eq!(of(&[&["a", "x/a"], &["a", "x/a"], &["a", "x/a"]]), ["a", "a 2", "a 3"]);
    }
}
