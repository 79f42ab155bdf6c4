//! Names by which scenarios of one comparison can be told apart in tables and charts.

use std::path::Path;

use super::Scenario;
use super::find::stem;

/// Gives scenarios whose ids or titles are alike distinct ones: by the file's name, then with its folder, then by
/// number. What can be told apart already keeps its name.
pub fn distinguish(scenarios: &mut [Scenario]) {
    let ids = scenarios.iter().map(|scenario| {
        let folder = folder(scenario);
        vec![scenario.id.clone(), format!("{folder}-{}", scenario.id)]
    });
    let ids = distinct(&ids.collect::<Vec<_>>());
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
    for (scenario, ((id, zh), en)) in scenarios.iter_mut().zip(ids.into_iter().zip(zh).zip(en)) {
        scenario.id = id;
        scenario.settings.title_zh = zh;
        scenario.settings.title_en = en;
    }
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
            return numbered(&names);
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
        assert_eq!(of(&[&["a", "x/a"], &["a", "x/a"], &["a", "x/a"]]), ["x/a", "x/a 2", "x/a 3"]);
    }
}
