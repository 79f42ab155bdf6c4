//! Shards come back as they were written, or not at all.

use std::path::{Path, PathBuf};

use super::plan::{Plan, PlannedUnit};
use super::*;
use crate::projection::fixture::outcome;
use crate::shard;

const HASH: &str = "of some run";

fn unit(first_replicate: u32, n_replicates: u32) -> Unit {
    Unit { county_code: 450_602, first_replicate, n_replicates }
}

/// Some replicates of the fixture, from a first one on.
fn simulated(first: u32, trials: &[[i64; 3]]) -> Simulated {
    let mut outcome = outcome(0, trials);
    outcome.first_replicate = first;
    let (width, n) = (outcome.drivers.width, trials.len());
    let values = (0..width * n).map(|at| f64::from(first) + at as f64 / 7.0).collect();
    outcome.drivers = Drivers::from_values((width, n), values);
    let fit = vec![FitRow {
        margin: "category".into(),
        cell: "destitute".to_owned(),
        // No decimal number of a few digits.
        target: 10.0 / 3.0,
        achieved: 10,
        exact: true,
    }];
    let work = WorkDone { person_years: 5, ill_person_years: 2, claims: 3 };
    Simulated { outcomes: vec![outcome], work, fit, seconds: [0.0; 2] }
}

fn written(folder: &Path, unit: &Unit, done: &Simulated) -> PathBuf {
    let path = folder.join(unit.file_name());
    std::fs::write(&path, bytes(done, (unit, HASH, "tiled (avx2)")).unwrap()).unwrap();
    path
}

#[test]
fn exact_a_shard_comes_back_as_it_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let done = simulated(16, &[[1, -2, 3], [4, 5, 600_000_000_000]]);
    let path = written(folder.path(), &unit(16, 2), &done);
    let (head, back) = read(&path, 0).unwrap();
    assert_eq!((&head.work_hash[..], &head.engine[..], &head.unit), (HASH, "tiled (avx2)", &unit(16, 2)));
    assert_eq!(back.outcomes, done.outcomes);
    assert_eq!((back.work, &back.fit), (done.work, &done.fit));
    let again = bytes(&done, (&unit(16, 2), HASH, "tiled (avx2)")).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), again, "the same bytes each time");
}

/// Parts that follow each other are one; others are refused.
#[test]
fn exact_parts_are_joined_in_their_order_only() {
    let all = [[1, 2, 3], [4, 5, 6], [7, 8, 9]];
    let (first, second) = (simulated(0, &all[..1]), simulated(1, &all[1..]));
    let whole = joined(simulated(0, &all[..1]), &second).unwrap();
    let fen: Vec<i64> = whole.outcomes[0].trials().collect();
    assert_eq!(fen, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert_eq!(whole.work.claims, 6);
    assert_eq!(joined(second, &first).unwrap_err(), NotJoined::Gap { next: 3, found: 0 });
    let other = Simulated { fit: Vec::new(), ..simulated(1, &all[1..]) };
    assert_eq!(joined(first, &other).unwrap_err(), NotJoined::Another);
}

/// Wherever a byte is turned, the shard is refused or holds the same numbers; wherever it is cut, it is refused.
#[test]
fn prop_a_damaged_shard_is_never_taken_for_another() {
    std::panic::set_hook(Box::new(|_| {}));
    let folder = tempfile::tempdir().unwrap();
    let done = simulated(0, &[[1, 2, 3], [4, 5, 6]]);
    let path = written(folder.path(), &unit(0, 2), &done);
    let good = std::fs::read(&path).unwrap();
    let (mut refused, mut tried) = (0, 0);
    for at in (0..good.len()).step_by(37) {
        let mut bad = good.clone();
        bad[at] ^= 0x55;
        std::fs::write(&path, &bad).unwrap();
        tried += 1;
        match read(&path, 0) {
            Err(_) => refused += 1,
            // The metadata of columns repeats itself: what nobody reads may be anything.
            Ok((head, back)) => {
                assert_eq!((back.outcomes, head.unit), (done.outcomes.clone(), unit(0, 2)), "byte {at}");
            }
        }
    }
    for length in (0..good.len()).step_by(101) {
        std::fs::write(&path, &good[..length]).unwrap();
        assert!(read(&path, 0).is_err(), "cut at {length}");
    }
    let _ = std::panic::take_hook();
    assert!(refused > tried / 3, "{refused} of {tried}");
}

/// Twenty bad shards, each with what is said of it.
#[test]
fn exact_a_plan_takes_each_unit_once_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let planned =
        |number: usize, unit: Unit| PlannedUnit {
            number, county: "港口区".to_owned(), unit, seconds: 1.0
        };
    let units = vec![planned(1, unit(0, 2)), planned(2, unit(2, 2))];
    let plan = Plan {
        schema_version: SCHEMA_VERSION,
        program: VERSION.to_owned(),
        hash: String::new(),
        work_hash: HASH.to_owned(),
        scenario: "small".to_owned(),
        settings: Vec::new(),
        years: None,
        counties: vec!["450602".to_owned()],
        n_replicates: 4,
        units,
        own: Vec::new(),
        texts: std::collections::BTreeMap::new(),
    }
    .sealed();
    let (early, late) = (simulated(0, &[[1, 2, 3]; 2]), simulated(2, &[[4, 5, 6]; 2]));
    let [one, two] =
        [(unit(0, 2), &early), (unit(2, 2), &late)].map(|(unit, done)| written(folder.path(), &unit, done));
    assert_eq!(plan.shards(&[two.clone(), one.clone()]).unwrap(), [one.clone(), two.clone()]);
    let said = |files: &[PathBuf]| -> String {
        let wrong = plan.shards(files).unwrap_err();
        wrong.iter().map(|words| format!("{}\n{}\n", words.en, words.zh)).collect()
    };
    assert!(said(std::slice::from_ref(&one)).contains("unit 2 (450602 2-3) is missing"));
    assert!(said(&[]).contains("缺第1块"));
    let copy = folder.path().join("copy.parquet");
    std::fs::copy(&one, &copy).unwrap();
    assert!(said(&[one.clone(), copy, two.clone()]).contains("unit 1 (450602 0-1) is there 2 times"));
    let good = std::fs::read(&two).unwrap();
    for (name, bytes, why) in bad_shards(&good, &late) {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let text = said(&[one.clone(), path]);
        assert!(
            text.contains(why) && text.contains(name) && text.contains("unit 2 (450602 2-3) is missing"),
            "{name}: {text}"
        );
    }
    let gone = said(&[one, folder.path().join("gone.parquet")]);
    assert!(gone.contains("gone.parquet"), "{gone}");
}

/// Bad shards in the place of a good one: name, content, and what is said.
fn bad_shards(good: &[u8], late: &Simulated) -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let with = |unit: &Unit, done: &Simulated, hash: &str| bytes(done, (unit, hash, "reference")).unwrap();
    let changed = |old: &str, new: &str| {
        let text: Vec<u8> = good.to_vec();
        let at = text.windows(old.len()).position(|bytes| bytes == old.as_bytes()).expect("it is there");
        let mut text = text;
        text[at..at + old.len()].copy_from_slice(new.as_bytes());
        text
    };
    let mut tail = good.to_vec();
    tail.truncate(good.len() - 9);
    vec![
        ("empty.parquet", Vec::new(), "is no shard"),
        ("text.parquet", b"county,year\n".to_vec(), "is no shard"),
        ("zeros.parquet", vec![0; 4096], "is no shard"),
        ("magic.parquet", b"PAR1PAR1".to_vec(), "is no shard"),
        ("cut.parquet", good[..good.len() / 2].to_vec(), "is no shard"),
        ("tail.parquet", tail, "is no shard"),
        ("twice.parquet", [good.to_vec(), b"PAR1".to_vec()].concat(), "is no shard"),
        ("run.parquet", with(&unit(2, 2), late, "of another run"), "belongs to another run"),
        ("range.parquet", with(&unit(1, 2), &simulated(1, &[[4, 5, 6]; 2]), HASH), "is no unit of this plan"),
        (
            "longer.parquet",
            with(&unit(2, 3), &simulated(2, &[[4, 5, 6]; 3]), HASH),
            "is no unit of this plan",
        ),
        ("shorter.parquet", with(&unit(2, 1), &simulated(2, &[[4, 5, 6]]), HASH), "is no unit of this plan"),
        (
            "county.parquet",
            with(&Unit { county_code: 450_603, ..unit(2, 2) }, late, HASH),
            "is no unit of this plan",
        ),
        ("claimed.parquet", with(&unit(2, 3), late, HASH), "does not hold what its hash says"),
        (
            "version.parquet",
            changed("\"program\":\"0.1.0\"", "\"program\":\"0.0.9\""),
            "another version of the program (0.0.9",
        ),
        ("schema.parquet", changed("\"schema_version\":1", "\"schema_version\":9"), "another version"),
        ("hash.parquet", changed("\"work_hash\":\"of some run\"", "\"work_hash\":\"of same run\""), "hash"),
        (
            "unit.parquet",
            changed("\"first_replicate\":2", "\"first_replicate\":0"),
            "does not hold what its hash says",
        ),
        ("key.parquet", changed("\"engine\"", "\"engina\""), "is no shard"),
        ("work.parquet", changed("\"claims\":3", "\"claims\":4"), "does not hold what its hash says"),
    ]
}

/// More replicates mean more units, and the first ones stay as they are.
#[test]
fn exact_units_of_more_replicates_begin_alike() {
    let scenario = crate::scenario::load(Path::new("scenarios/fangchenggang.toml"), &[]).unwrap();
    let counties: Vec<_> = scenario.place.counties.iter().collect();
    let of = |n: u32| shard::plan::units(&counties, 6, (n, 30.0));
    let (few, many) = (of(100), of(1000));
    for unit in &few {
        let alike = |other: &&PlannedUnit| {
            other.unit.county_code == unit.unit.county_code
                && other.unit.first_replicate == unit.unit.first_replicate
        };
        let other = many.iter().find(alike).unwrap();
        assert!(other.unit.end() == unit.unit.end() || unit.unit.end() == 100);
    }
    for county in &counties {
        let own = many.iter().filter(|unit| unit.unit.county_code == county.code);
        assert_eq!(own.map(|unit| unit.unit.n_replicates).sum::<u32>(), 1000, "{}", county.name);
    }
    assert_eq!(many.iter().map(|unit| unit.number).collect::<Vec<_>>(), (1..=many.len()).collect::<Vec<_>>());
}
