//! Tests of the illness model as a whole: `panel` is the population they run on.

use super::*;
use crate::raw::model::RawModel;

mod exact;
mod files;
mod ordinary;
mod panel;
mod published;
mod samplers;
mod speed;
mod tile;

/// A model file merged on what it extends: tables by key, provenance appended.
pub(super) fn raw(name: &str) -> RawModel {
    merged(name).try_into().unwrap()
}

fn merged(name: &str) -> toml::Table {
    let path = format!("{}/../../scenarios/models/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    let own: toml::Table = std::fs::read_to_string(path).unwrap().parse().unwrap();
    match own.get("extends").and_then(|base| base.as_str()) {
        Some(base) => merge(merged(base), own),
        None => own,
    }
}

fn merge(mut base: toml::Table, own: toml::Table) -> toml::Table {
    for (key, value) in own {
        let value = match (base.remove(&key), value) {
            (Some(toml::Value::Table(below)), toml::Value::Table(above)) => {
                toml::Value::Table(merge(below, above))
            }
            (Some(toml::Value::Array(below)), toml::Value::Array(above)) if key == "provenance" => {
                toml::Value::Array(below.into_iter().chain(above).collect())
            }
            (_, value) => value,
        };
        base.insert(key, value);
    }
    base
}

/// Words at every edge of a table of normal draws, and at the ends.
pub(super) fn edge_words() -> Vec<u32> {
    let mut words = vec![0, 1, 2, 7, 8, 9, u32::MAX, u32::MAX - 1, u32::MAX / 2, u32::MAX / 2 + 1];
    for octave in 3..32 {
        for part in 0..8 {
            let edge = (8_u64 + part) << (octave - 3);
            let near = [edge - 1, edge, edge + 1].map(|word| u32::try_from(word & 0xFFFF_FFFF).unwrap());
            words.extend(near.iter().flat_map(|&word| [word, !word]));
        }
    }
    words
}

/// The shipped model of a name.
pub(super) fn model(name: &str) -> IllnessModel {
    IllnessModel::new(&raw(name)).unwrap()
}
