//! The page on the policy format is true: its example settles as it says, and no key is left out. The page on the
//! shipped policies lists every one of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use fundcast::raw::policy::Policy;
use fundcast::scenario;
use serde_json::Value;

use crate::support::{differences, path, scenario as load, settle, text};

const PAGE: &str = "docs/policy-format.md";

/// The content of a code block that follows `<!-- file: NAME -->`.
fn block(page: &str, name: &str) -> String {
    let marker = format!("<!-- file: {name} -->\n```");
    let after = page.split_once(&marker).unwrap_or_else(|| panic!("no block {name}")).1;
    let code = after.split_once('\n').expect("a block has lines").1;
    code.split_once("\n```").expect("a block ends").0.to_owned()
}

#[test]
fn exact_example_of_the_page_settles_as_it_says() {
    let page = text(PAGE);
    let folder = tempfile::tempdir().expect("a folder for the example");
    let root = folder.path();
    let copies = [
        "policies/guangxi-common.toml",
        "models/guangxi.toml",
        "places/fangchenggang/place.toml",
        "places/fangchenggang/counties.csv",
        "places/fangchenggang/categories.csv",
    ];
    for file in copies {
        fs::create_dir_all(root.join(file).parent().expect("a folder")).expect("created");
        fs::copy(path("scenarios").join(file), root.join(file)).expect("copied");
    }
    for file in ["policies/example-2024.toml", "example.toml"] {
        fs::write(root.join(file), block(&page, file)).expect("written");
    }
    let example = scenario::load(&root.join("example.toml"), &[]).unwrap_or_else(|faults| panic!("{faults}"));
    let answers = settle(&example, &block(&page, "cases.jsonl"));
    let expected: Value = serde_json::from_str(&block(&page, "expected.json")).expect("JSON");
    assert_eq!(differences(&expected, &answers[0]), Vec::<String>::new());
}

/// What several plans share is printed on the page as it is.
#[test]
fn exact_the_page_prints_the_shared_files() {
    let page = text(PAGE);
    for name in ["national-common", "guangxi-common"] {
        let marker = format!("<!-- shared: policies/{name}.toml -->\n```toml\n");
        let printed =
            page.split_once(&marker).and_then(|(_, after)| after.split_once("\n```")).expect("a block").0;
        assert_eq!(printed, text(&format!("scenarios/policies/{name}.toml")).trim_end(), "{name}");
    }
}

#[test]
fn exact_example_of_earlier_claims_settles_as_the_page_says() {
    let page = text("docs/cases.md");
    let lines = crate::command::settle(crate::command::FANGCHENGGANG, block(&page, "window.jsonl")).good();
    assert!(page.contains("= 15,566.40") && lines.contains("\"amount\":15566.40"), "{lines}");
    let tables = crate::command::settle_tables(&block(&page, "persons.csv"), &block(&page, "claims.csv"));
    assert_eq!(tables.good(), lines);
}

#[test]
fn exact_example_of_two_identities_settles_as_the_page_says() {
    let page = text("docs/cases.md");
    let parts = settle(&load("scenarios/fangchenggang.toml", &[]), &block(&page, "parts.jsonl"));
    let amount = |path: &str| parts[0].pointer(path).map(ToString::to_string).unwrap_or_default();
    let found = ["/claims/0/basic", "/claims/1/basic", "/claims/1/critical", "/claims/1/other"].map(amount);
    assert_eq!(found, ["6000.0", "6000.0", "1820.0", "1000.0"]);
    assert_eq!(amount("/claims/1/assistance/0/amount"), "944.0");
    assert_eq!(amount("/reversed/0/id"), "\"c3\"");
    for amount in ["6,000.00", "1,820.00", "944.00"] {
        assert!(page.contains(amount), "{amount}");
    }
    let case = block(&page, "two-identities.jsonl");
    let amounts = |settings: &[(&str, &str)]| {
        let answers = settle(&load("scenarios/fangchenggang.toml", settings), &case);
        let amount = |path: &str| answers[0].pointer(path).map(ToString::to_string).unwrap_or_default();
        [amount("/claims/0/critical"), amount("/claims/0/assistance/0/amount")]
    };
    assert_eq!(amounts(&[]), ["12852.0", "10357.2"]);
    assert_eq!(amounts(&[("policy.assistance.class2_other.enabled", "false")]), ["12852.0", "4254.0"]);
    for amount in ["24,360.00", "12,852.00", "11,934.00", "10,357.20", "4,254.00"] {
        assert!(page.contains(amount), "{amount}");
    }
}

#[test]
fn exact_example_of_a_household_settles_as_the_page_says() {
    let page = text("docs/cases.md");
    let paid = |settings: &[(&str, &str)]| {
        let answers =
            settle(&load("scenarios/fangchenggang.toml", settings), &block(&page, "household.jsonl"));
        [0, 1].map(|case: usize| {
            answers[case].pointer("/totals/assistance").map(ToString::to_string).unwrap_or_default()
        })
    };
    assert_eq!(paid(&[("policy.pools.inpatient.sums_of", "\"household\"")]), ["1280.0", "1760.0"]);
    assert_eq!(paid(&[]), ["1280.0", "0.0"]);
    assert!(page.contains("= 1,280.00") && page.contains("= 1,760.00"));
}

/// Every key of a policy file, from the schema that files are held against.
fn keys(schema: &Value, out: &mut BTreeSet<String>) {
    match schema {
        Value::Object(fields) => {
            if let Some(Value::Object(properties)) = fields.get("properties") {
                out.extend(properties.keys().cloned());
            }
            fields.values().for_each(|inner| keys(inner, out));
        }
        Value::Array(items) => items.iter().for_each(|inner| keys(inner, out)),
        _ => {}
    }
}

#[test]
fn exact_page_names_every_key_of_the_format() {
    let page = text(PAGE);
    let words: BTreeSet<&str> =
        page.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').collect();
    let mut all = BTreeSet::new();
    keys(&scenario::schema::of::<Policy>(), &mut all);
    let missing: Vec<&String> = all.iter().filter(|key| !words.contains(key.as_str())).collect();
    assert!(all.len() > 80, "only {} keys in the schema", all.len());
    assert!(missing.is_empty(), "{PAGE} does not speak of {missing:?}");
}

const POLICIES_PAGE: &str = "docs/policies.md";

/// A row of the page on the shipped policies, by the file that it names in its first cell.
fn rows_by_file(page: &str) -> BTreeMap<&str, &str> {
    let rows = page.lines().filter_map(|line| {
        let (file, rest) = line.strip_prefix("| `")?.split_once("` |")?;
        Some((file, rest))
    });
    rows.collect()
}

#[test]
fn exact_page_lists_every_shipped_policy() {
    let page = text(POLICIES_PAGE);
    let rows = rows_by_file(&page);
    let folder = fs::read_dir(path("scenarios/policies")).expect("the policies");
    let names = folder.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let files: BTreeSet<String> =
        names.filter_map(|name| name.strip_suffix(".toml").map(ToOwned::to_owned)).collect();
    assert_eq!(rows.keys().map(|&file| file.to_owned()).collect::<BTreeSet<_>>(), files);
    for (file, row) in rows {
        let policy = text(&format!("scenarios/policies/{file}.toml"));
        let policy: toml::Table = policy.parse().unwrap_or_else(|error| panic!("{file}: {error}"));
        let about = &policy["about"];
        let document = about["document"].as_str().expect("a document");
        assert!(row.contains(document), "{file}: {POLICIES_PAGE} does not name {document}");
        let clauses = policy.get("clauses").and_then(toml::Value::as_table);
        let own: BTreeSet<&String> = clauses.into_iter().flat_map(toml::Table::keys).collect();
        for id in own.first().into_iter().chain(own.last()) {
            assert!(row.contains(id.as_str()), "{file}: {POLICIES_PAGE} does not name {id}");
        }
        if !file.ends_with("-common") {
            let in_force = about["in_force"].as_str().expect("a day");
            assert!(row.contains(in_force), "{file}: in force {in_force}");
        }
    }
}

/// Addresses at the head of a policy file stand on the page too.
#[test]
fn exact_page_names_every_source_of_a_policy_file() {
    let page = text(POLICIES_PAGE);
    let mut n = 0;
    for (policy, _) in crate::support::POLICIES {
        for word in text(&format!("scenarios/policies/{policy}.toml")).split([' ', '\n', '(', ')', ',']) {
            let address = word.trim_end_matches(['.', ';']);
            if address.starts_with("http") {
                assert!(page.contains(address), "{policy}: {address}");
                n += 1;
            }
        }
    }
    assert!(n >= 8, "{n} addresses");
}

/// The page names the conditions that a model can mark stays by.
#[test]
fn exact_the_page_names_the_conditions_of_the_models() {
    let page = text(PAGE);
    let model: toml::Table = text("scenarios/models/guangxi.toml").parse().expect("TOML");
    let conditions = model["condition"].as_table().expect("conditions");
    assert!(conditions.len() > 3);
    let unnamed: Vec<&String> = conditions.keys().filter(|id| !page.contains(&format!("`{id}`"))).collect();
    assert!(unnamed.is_empty(), "{unnamed:?}");
}
