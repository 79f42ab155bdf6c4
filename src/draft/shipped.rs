//! The policies, illness models and places that are built into the program, so that a new folder can be made anywhere.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::lang::Words;
use crate::scenario::place::lookup;
use crate::scenario::table::{self, Columns};

/// A file that is built in: its name without folder and ending, and its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Embedded {
    /// The name in a scenario, such as `fangchenggang-2022-08`.
    pub id: &'static str,
    /// The text.
    pub text: &'static str,
}

macro_rules! embedded {
    ($folder:literal: $($id:literal),+ $(,)?) => {
        &[$(Embedded {
            id: $id,
            text: include_str!(concat!("../../scenarios/", $folder, "/", $id, ".toml")),
        }),+]
    };
}

/// Every file of `scenarios/policies`.
pub const POLICIES: &[Embedded] = embedded!("policies":
    "baise-2022-05", "ewenki-2022-09", "fangchenggang-2022-08", "guangde-2024", "guangxi-2022-06", "guangxi-common",
    "handan-2024", "jiujiang-2023", "national-common", "panjin-2025", "suqian-2024", "wuxi-2023", "zichuan-2025",
);

/// Every file of `scenarios/models`.
pub const MODELS: &[Embedded] = embedded!("models": "ewenki", "guangxi", "other-provinces", "wuxi");

/// A place that is built in, with its numbers of persons by category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The name of its folder.
    pub id: &'static str,
    /// The place file.
    pub text: &'static str,
    /// The table of persons by category.
    pub categories: &'static str,
}

macro_rules! places {
    ($($id:literal),+ $(,)?) => {
        &[$(Place {
            id: $id,
            text: include_str!(concat!("../../scenarios/places/", $id, "/place.toml")),
            categories: include_str!(concat!("../../scenarios/places/", $id, "/categories.csv")),
        }),+]
    };
}

/// Every folder of `scenarios/places`.
pub const PLACES: &[Place] = places!(
    "baise",
    "ewenki",
    "fangchenggang",
    "guangde",
    "guangxi",
    "handan",
    "jiujiang",
    "panjin",
    "suqian",
    "wuxi",
    "zichuan",
);

/// A plan that can be run: with which place it was shipped, and for which area that place was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// The policy.
    pub policy: &'static str,
    /// The place that it was shipped with.
    pub place: &'static str,
    /// The place whose population and parameters are taken for other areas.
    pub elsewhere: &'static str,
    /// First and last year of the shipped scenario.
    pub years: (u16, u16),
    /// How the codes of the place's counties begin.
    pub home: &'static str,
}

const fn plan(
    policy: &'static str,
    (place, elsewhere): (&'static str, &'static str),
    years: (u16, u16),
    home: &'static str,
) -> Plan {
    Plan { policy, place, elsewhere, years, home }
}

/// Every policy that a shipped scenario runs by itself.
pub const PLANS: &[Plan] = &[
    plan("fangchenggang-2022-08", ("fangchenggang", "guangxi"), (2022, 2025), "4506"),
    plan("guangxi-2022-06", ("guangxi", "guangxi"), (2022, 2025), "45"),
    plan("baise-2022-05", ("baise", "guangxi"), (2022, 2025), "4510"),
    plan("ewenki-2022-09", ("ewenki", "ewenki"), (2022, 2025), "150724"),
    plan("wuxi-2023", ("wuxi", "wuxi"), (2023, 2025), "3202"),
    plan("suqian-2024", ("suqian", "suqian"), (2024, 2025), "3213"),
    plan("jiujiang-2023", ("jiujiang", "jiujiang"), (2024, 2025), "3604"),
    plan("panjin-2025", ("panjin", "panjin"), (2025, 2025), "2111"),
    plan("zichuan-2025", ("zichuan", "zichuan"), (2025, 2025), "370302"),
    plan("handan-2024", ("handan", "handan"), (2024, 2025), "1304"),
    plan("guangde-2024", ("guangde", "guangde"), (2024, 2025), "341882"),
];

/// The illness model of an area, by how the codes of all its counties begin; else that of other provinces.
pub const MODELS_OF_AREAS: [(&str, &str); 3] = [("45", "guangxi"), ("150724", "ewenki"), ("3202", "wuxi")];

/// The place whose incomes stand for the whole country.
pub const NATIONAL: &str = "zichuan";

/// The place of a name.
#[must_use]
pub fn place(id: &str) -> Option<&'static Place> {
    PLACES.iter().find(|place| place.id == id)
}

/// A file with everything that it extends, the lowest last.
#[must_use]
pub fn with_bases(files: &'static [Embedded], id: &str) -> Vec<Embedded> {
    let mut all: Vec<Embedded> = Vec::new();
    let mut wanted = id.to_owned();
    while let Some(file) = files.iter().find(|file| file.id == wanted && !all.contains(file)) {
        all.push(*file);
        match extends(file.text) {
            Some(base) => wanted = base,
            None => break,
        }
    }
    all
}

/// The name of the file that a text extends.
fn extends(text: &str) -> Option<String> {
    let table: toml::Table = text.parse().ok()?;
    Some(table.get("extends")?.as_str()?.to_owned())
}

/// A number of persons of a shipped place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownCount {
    /// Persons.
    pub persons: u32,
    /// Status as written.
    pub status: String,
    /// Source as written.
    pub source: Words,
}

const COLUMNS: [&str; 6] = ["code", "category", "persons", "status", "source", "source_zh"];

/// The numbers of all shipped places by place, code and category.
static COUNTS: LazyLock<BTreeMap<(&str, u32, String), KnownCount>> = LazyLock::new(|| {
    let mut all = BTreeMap::new();
    for place in PLACES {
        let table = table::read(place.categories, Columns::plain(&COLUMNS, &COLUMNS)).unwrap_or_default();
        for row in &table.rows {
            let cell = |column| table.cell(row, column);
            let (Ok(code), Ok(persons)) = (cell("code").parse(), cell("persons").parse()) else { continue };
            let (status, source) = (cell("status").to_owned(), Words::new(cell("source_zh"), cell("source")));
            all.insert((place.id, code, cell("category").to_owned()), KnownCount { persons, status, source });
        }
    }
    all
});

/// The number of a county's persons of a category in a shipped place, that of the named one before others, with the
/// place.
#[must_use]
pub fn count(place: &str, code: u32, category: &str) -> Option<(&'static str, &'static KnownCount)> {
    let codes = lookup::same_codes(code);
    let of = |one: &'static Place| {
        let known = codes.iter().find_map(|code| COUNTS.get(&(one.id, *code, category.to_owned())));
        known.map(|known| (one.id, known))
    };
    let own = PLACES.iter().find(|one| one.id == place).and_then(of);
    own.or_else(|| PLACES.iter().find_map(of))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    use super::*;

    /// The place of all counties, which is made of another: nothing is taken from it.
    const OF_THE_CENSUS: &str = "china";

    fn folder(below: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(below)
    }

    fn names(below: &str, is_folder: bool) -> BTreeSet<String> {
        std::fs::read_dir(folder(below))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_dir() == is_folder && path.extension().is_none_or(|end| end == "toml"))
            .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn exact_every_policy_model_and_place_is_built_in() {
        let ids = |files: &[Embedded]| files.iter().map(|file| file.id.to_owned()).collect::<BTreeSet<_>>();
        assert_eq!(ids(POLICIES), names("policies", false));
        assert_eq!(ids(MODELS), names("models", false));
        let mut places: BTreeSet<String> = PLACES.iter().map(|place| place.id.to_owned()).collect();
        places.insert(OF_THE_CENSUS.to_owned());
        assert_eq!(places, names("places", true));
    }

    /// The plans are the scenarios that stand by themselves: same policy, place and years; the model of their area is
    /// the scenario's.
    #[test]
    fn exact_every_shipped_scenario_with_one_policy_is_a_plan() {
        let mut found = BTreeSet::new();
        for name in names("", false) {
            let text = std::fs::read_to_string(folder(&format!("{name}.toml"))).unwrap();
            let table: toml::Table = text.parse().unwrap();
            let word = |key: &str| table.get(key).and_then(|value| value.as_str());
            let Some((policy, place)) = word("policy").zip(word("place")) else { continue };
            if place == OF_THE_CENSUS {
                continue;
            }
            let plan = PLANS.iter().find(|plan| plan.policy == policy);
            let plan = plan.unwrap_or_else(|| panic!("{policy} is no plan"));
            assert_eq!(plan.place, place, "{name}");
            let years = table["run"]["years"].as_array().unwrap();
            let years: Vec<i64> = years.iter().filter_map(toml::Value::as_integer).collect();
            let (first, last) = plan.years;
            assert_eq!((years[0], years[years.len() - 1]), (first.into(), last.into()), "{name}");
            let model = MODELS_OF_AREAS.iter().find(|(digits, _)| plan.home.starts_with(digits));
            assert_eq!(model.map_or("other-provinces", |(_, model)| model), word("model").unwrap(), "{name}");
            found.insert(policy.to_owned());
        }
        assert_eq!(found.len(), PLANS.len());
    }

    #[test]
    fn exact_a_file_comes_with_everything_that_it_extends() {
        let ids = |files: Vec<Embedded>| files.iter().map(|file| file.id).collect::<Vec<_>>();
        assert_eq!(
            ids(with_bases(POLICIES, "fangchenggang-2022-08")),
            ["fangchenggang-2022-08", "guangxi-common"]
        );
        assert_eq!(ids(with_bases(MODELS, "other-provinces")), ["other-provinces", "guangxi"]);
        assert_eq!(ids(with_bases(POLICIES, "wuxi-2023")), ["wuxi-2023"]);
        assert!(with_bases(POLICIES, "nowhere").is_empty());
    }
}
