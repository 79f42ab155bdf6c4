//! The shipped model files, and files with faults.

use super::*;
use crate::raw::model::RawStatus;

#[test]
fn exact_every_shipped_model_resolves() {
    for name in ["guangxi", "wuxi", "ewenki"] {
        model(name);
    }
}

/// The keys of all numbers of a table.
fn leaves(prefix: &str, value: &toml::Value, out: &mut Vec<String>) {
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table {
                leaves(&format!("{prefix}.{key}"), value, out);
            }
        }
        toml::Value::Array(list) if list.iter().any(|item| item.is_table()) => {}
        _ => out.push(prefix.trim_start_matches('.').to_string()),
    }
}

fn covers(pattern: &str, key: &str) -> bool {
    let mut rest = key;
    let mut parts = pattern.split('*');
    let Some(tail) = rest.strip_prefix(parts.next().unwrap()) else { return false };
    rest = tail;
    for part in parts {
        if part.is_empty() {
            return true;
        }
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.is_empty()
}

#[test]
fn exact_every_number_has_its_provenance() {
    for name in ["guangxi", "wuxi", "ewenki"] {
        let path = format!("{}/../../scenarios/models/{name}.toml", env!("CARGO_MANIFEST_DIR"));
        let own: toml::Table = std::fs::read_to_string(path).unwrap().parse().unwrap();
        let patterns: Vec<&str> = own["provenance"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|entry| entry["covers"].as_array().unwrap())
            .map(|pattern| pattern.as_str().unwrap())
            .collect();
        let mut keys = Vec::new();
        leaves("", &toml::Value::Table(own.clone()), &mut keys);
        keys.retain(|key| !key.starts_with("title_") && key != "extends");
        for key in &keys {
            assert!(patterns.iter().any(|pattern| covers(pattern, key)), "{name}: {key} without provenance");
        }
        for pattern in patterns {
            assert!(keys.iter().any(|key| covers(pattern, key)), "{name}: {pattern} covers nothing");
        }
        for entry in raw(name).provenance {
            assert!(!entry.source.is_empty());
            assert!(entry.status == RawStatus::Assumed || !entry.grade.is_empty(), "{:?}", entry.covers);
        }
    }
}

#[test]
fn exact_all_faults_are_reported_at_once() {
    let mut raw = raw("guangxi");
    raw.risk.permanent_share = 1.5;
    raw.cost.log_sd = f64::NAN;
    raw.admission.relative_male.pop();
    raw.stay.month_weights.clear();
    raw.category.remove("ordinary");
    raw.admission.rate_by_year.remove("2023");
    raw.condition.get_mut("haemophilia").unwrap().exit_per_year = -1.0;
    raw.chronic.level_shares.insert(Level::Primary, 0.9);
    let faults = IllnessModel::new(&raw).unwrap_err();
    for key in [
        "risk.permanent_share",
        "cost.log_sd",
        "admission.relative_male",
        "stay.month_weights",
        "category.ordinary",
        "admission.rate_by_year",
        "condition.haemophilia.exit_per_year",
        "chronic.level_shares",
    ] {
        assert!(faults.iter().any(|fault| fault.key == key), "{key} is not among {faults:#?}");
    }
    assert_eq!(faults[0].to_string(), "category.ordinary = missing: allowed is a table of factors");
}

#[test]
fn exact_too_few_admissions_for_the_conditions_are_refused() {
    let mut raw = raw("guangxi");
    raw.admission.rate_by_year.insert("2025".into(), 0.001);
    assert_eq!(IllnessModel::new(&raw).unwrap_err()[0].key, "admission.rate_by_year");
}

#[test]
fn exact_the_schema_knows_every_table() {
    let schema = serde_json::to_string(&schemars::schema_for!(RawModel)).unwrap();
    for key in ["admission", "prevalence_per_1000_by_age", "response_to_generosity", "\"maximum\""] {
        assert!(schema.contains(key), "{key}");
    }
    assert!(toml::from_str::<RawModel>("unknown = 1").unwrap_err().to_string().contains("unknown"));
}
