//! What is fuzzed: each kind of input that comes from outside, read as the program reads it, and what is accepted worked
//! out. `tests/it/fuzz.rs` runs these with a few thousand changed inputs, `fuzz/` with as many as there is time for.
//!
//! A finding is a panic, an input that takes more than seconds or much memory, and an accepted input whose result is
//! negative, not a number, or does not add up.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use fundcast::cases::columns::{
    CLAIMS_NEEDED, CLAIMS_ZH, PERSONS_NEEDED, PERSONS_ZH, written as headings_written,
};
use fundcast::cases::encoding::decode;
use fundcast::cases::field::{CaseFaults, Fields};
use fundcast::cases::household::fit_together;
use fundcast::cases::{NotSettled, Settler, json, new_year, once_a_year, table, typed, workbook};
use fundcast::lang::Lang;
use fundcast::projection::money::Part;
use fundcast::projection::simulated::simulated;
use fundcast::scenario::fault::Faults;
use fundcast::scenario::kept::{self, Kept};
use fundcast::scenario::{self, Scenario};
use fundcast::shard::{self, Unit, plan::Plan as Units};
use fundcast::simulation::from_scenario::{EngineChoice, Plan, SimulationError, simulate_county};
use fundcast::simulation::outcome::CountyOutcome;

/// A kind of input.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name, as of the file in `fuzz_targets`.
    pub name: &'static str,
    /// Reads an input; panics where it is a finding. Whether it was accepted.
    pub run: fn(&[u8]) -> bool,
    /// Inputs to begin with: shipped files, and what tests are made of.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// All of them.
pub const ALL: [Target; 7] = [
    Target { name: "scenario", run: scenario_file, seeds: seeds_of_files },
    Target { name: "place_table", run: place_table, seeds: seeds_of_tables },
    Target { name: "case_lines", run: case_lines, seeds: seeds_of_lines },
    Target { name: "case_tables", run: case_tables, seeds: seeds_of_case_tables },
    Target { name: "workbook", run: workbook_file, seeds: seeds_of_workbooks },
    Target { name: "shard", run: shard_file, seeds: seeds_of_shards },
    Target { name: "plan", run: plan_file, seeds: seeds_of_plans },
];

/// Scenarios whose files are changed: one of every shape, one with everything that is shipped, one that builds on little.
const SCENARIOS: [&str; 4] = [
    "tests/cases/invented/invented.toml",
    "scenarios/fangchenggang-fund.toml",
    "scenarios/ewenki.toml",
    "scenarios/wuxi.toml",
];
/// Counties of the first ones are small: a hundredth of their people is enough.
const PEOPLE_DIVIDED_BY: u64 = 100;
/// What is accepted is simulated if it has no more residents: what takes long because it is large is no finding.
const MOST_RESIDENTS: u32 = 60_000;
/// Persons under every scenario that is accepted; what a scenario does not know is refused.
const SETTLED: &str = r#"{"case":"a","county":"COUNTY","year":2023,"age":65,"sex":"f","identities":[{"category":"dibao","from":"2022-01"}],"claims":[{"id":"1","kind":"inpatient","admitted":"2023-02-03","discharged":"2023-02-12","level":"tertiary","place":"city","referred":true,"total":520000,"out_of_scope":6000},{"id":"2","kind":"inpatient","admitted":"2023-05-03","level":"primary","total":0.01},{"id":"3","kind":"outpatient_chronic","admitted":"2023-05-04","level":"secondary","total":88123.45}]}
{"case":"b","county":"COUNTY","year":2024,"age":7,"identities":[{"category":"tekun","from":"2020-06"}],"claims":[{"id":"1","kind":"outpatient_major","admitted":"2024-09-10","level":"tertiary","referred":false,"total":990000}]}
{"case":"c","county":"COUNTY","year":2023,"age":43,"recognised":"2023-11","claims":[{"id":"1","kind":"inpatient","admitted":"2023-04-11","level":"tertiary","total":1430000.00,"out_of_scope":18000.00}]}"#;
/// Stands between the table of persons and the table of claims.
const BETWEEN: &[u8] = b"\n====\n";

/// A path below the root of the repository, from wherever this is built.
fn path(relative: &str) -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = if here.ends_with("fuzz") { here.parent().expect("a root") } else { here };
    root.join(relative)
}

fn bytes(relative: &str) -> Vec<u8> {
    std::fs::read(path(relative)).unwrap_or_else(|error| panic!("{relative}: {error}"))
}

/// A scenario with its texts, counties made small.
#[derive(Debug)]
struct Base {
    kept: Kept,
    /// Files but tables, in order, and tables.
    names: [Vec<String>; 2],
}

fn bases() -> &'static [Base] {
    static BASES: OnceLock<Vec<Base>> = OnceLock::new();
    BASES.get_or_init(|| SCENARIOS.iter().map(|name| base(name)).collect())
}

fn base(name: &str) -> Base {
    let read = scenario::load(&path(name), &[]).unwrap_or_else(|faults| panic!("{name}: {faults}"));
    let mut kept = read.kept();
    for (name, text) in &mut kept.texts {
        let divide = !name.contains("invented") && name.ends_with(".csv");
        if divide {
            *text = fewer(std::str::from_utf8(text).expect("UTF-8"), name.ends_with("counties.csv"));
        }
    }
    let (tables, files) = kept.texts.keys().cloned().partition(|name| name.ends_with(".csv"));
    kept::load(&kept, &[]).unwrap_or_else(|faults| panic!("{name}: {faults}"));
    Base { kept, names: [files, tables] }
}

/// A table with a hundredth of its people: residents by age and sex, from which the sums follow, or persons of a category.
fn fewer(text: &str, is_counties: bool) -> Arc<[u8]> {
    let count = |cell: &String| cell.parse::<u64>().expect("a count");
    let fewer = |cell: &String| count(cell).div_ceil(PEOPLE_DIVIDED_BY).to_string();
    let mut lines = text.lines();
    let mut out = format!("{}\n", lines.next().expect("a header"));
    for line in lines {
        let mut cells: Vec<String> = line.splitn(46, ',').map(ToOwned::to_owned).collect();
        if is_counties {
            let (residents, urban) = (count(&cells[5]), count(&cells[6]));
            for cell in &mut cells[8..] {
                *cell = fewer(cell);
            }
            let all: u64 = cells[10..].iter().map(count).sum();
            let urban = all * urban / residents;
            cells[5..8].clone_from_slice(&[all, urban, all - urban].map(|n| n.to_string()));
        } else {
            cells[2] = fewer(&cells[2]);
        }
        out.push_str(&format!("{}\n", cells.join(",")));
    }
    Arc::from(out.as_bytes())
}

/// The first byte chooses the file of all scenarios that the other bytes stand for.
fn put_in_place(input: &[u8], of: usize) -> Option<Kept> {
    let (&choice, text) = input.split_first()?;
    let all = bases().iter().flat_map(|base| base.names[of].iter().map(move |name| (base, name)));
    let all: Vec<_> = all.collect();
    let (base, name) = all[usize::from(choice) % all.len()];
    let mut kept = base.kept.clone();
    kept.texts.insert(name.clone(), Arc::from(text));
    Some(kept)
}

fn seeds_in_place(of: usize) -> Vec<Vec<u8>> {
    let all = bases().iter().flat_map(|base| base.names[of].iter().map(move |name| &base.kept.texts[name]));
    all.enumerate().map(|(at, text)| [&[u8::try_from(at).expect("few")], &text[..]].concat()).collect()
}

fn seeds_of_files() -> Vec<Vec<u8>> {
    seeds_in_place(0)
}

fn seeds_of_tables() -> Vec<Vec<u8>> {
    seeds_in_place(1)
}

/// A scenario, policy, place or model file.
pub fn scenario_file(input: &[u8]) -> bool {
    put_in_place(input, 0).is_some_and(|kept| loaded(&kept))
}

/// A table of counties or of persons by category.
pub fn place_table(input: &[u8]) -> bool {
    put_in_place(input, 1).is_some_and(|kept| loaded(&kept))
}

fn loaded(kept: &Kept) -> bool {
    match kept::load(kept, &[]) {
        Err(faults) => told(&faults),
        Ok(scenario) => {
            for notice in &scenario.notices {
                let texts = [Lang::Zh, Lang::En].map(|lang| notice.line_of_text(lang));
                assert!(texts.iter().all(|text| !text.is_empty()), "{notice:?}");
            }
            // Another policy or place may not know these persons: that is said, or they are settled.
            let own = scenario.place.counties.first().map(|county| county.name.clone()).unwrap_or_default();
            settled_lines(&scenario, &SETTLED.replace("COUNTY", &own));
            projected(&scenario);
            true
        }
    }
}

/// Faults are said, and there is one.
fn told(faults: &Faults) -> bool {
    assert!(!faults.to_string().is_empty() && !faults.words().zh.is_empty(), "a fault without words");
    false
}

/// Simulates a replicate of the first county in two years: nothing is negative, everything is a number.
fn projected(scenario: &Scenario) {
    let Some(county) = scenario.place.counties.first() else { return };
    if county.all > MOST_RESIDENTS {
        return;
    }
    let years = &scenario.years()[..scenario.years().len().min(2)];
    let engine = EngineChoice::default();
    let (first_replicate, n_replicates, seed) = (0, 1, scenario.settings.run.seed);
    let plan = Plan { years, warm_up_years: 1, first_replicate, n_replicates, seed, engine, observer: &() };
    let told = |error: SimulationError| match error {
        SimulationError::Unbalanced { .. } | SimulationError::Disagreement { .. } => panic!("{error}"),
        other => assert!(!other.words().zh.is_empty() && !other.to_string().is_empty()),
    };
    match simulate_county(&[scenario], 0, plan, &|_| ()) {
        Err(error) => return told(error),
        Ok(done) => {
            let money = |one: &CountyOutcome| one.trials().all(|fen| fen >= 0);
            assert!(done.outcomes.iter().all(money), "money below zero");
        }
    }
    match simulated(scenario, &[0], plan) {
        Err(error) => told(error),
        Ok(projection) => {
            for &year in years {
                let spent = projection.spending(Some(0), year, Part::TOTAL);
                let mean = spent.map_or(0.0, |spent| spent.yuan.mean);
                assert!(mean.is_finite() && mean >= 0.0, "{year}: {mean}");
            }
        }
    }
}

fn shipped() -> &'static Scenario {
    static SHIPPED: OnceLock<Scenario> = OnceLock::new();
    SHIPPED.get_or_init(|| scenario::load(&path(SCENARIOS[1]), &[]).expect("a shipped scenario"))
}

/// The plan in which claims of households count together.
fn of_households() -> &'static Scenario {
    static INVENTED: OnceLock<Scenario> = OnceLock::new();
    INVENTED.get_or_init(|| scenario::load(&path(SCENARIOS[0]), &[]).expect("the invented plan"))
}

/// Cases as JSON lines.
pub fn case_lines(input: &[u8]) -> bool {
    let Ok(decoded) = decode(input.to_vec()) else { return false };
    [shipped(), of_households()].map(|scenario| settled_lines(scenario, &decoded.text)).contains(&true)
}

fn settled_lines(scenario: &Scenario, text: &str) -> bool {
    match json::read("cases", text) {
        Ok(fields) => settled(scenario, &fields),
        Err(faults) => said(&faults),
    }
}

/// Cases as two tables.
pub fn case_tables(input: &[u8]) -> bool {
    let at = input.windows(BETWEEN.len()).position(|bytes| bytes == BETWEEN).unwrap_or(input.len());
    let (persons, claims) = (&input[..at], input[at..].strip_prefix(BETWEEN).unwrap_or_default());
    let texts = [persons, claims].map(|bytes| decode(bytes.to_vec()).map(|decoded| decoded.text));
    let [Ok(persons), Ok(claims)] = texts else { return false };
    settled_tables(&persons, &claims)
}

fn settled_tables(persons: &str, claims: &str) -> bool {
    let scenario = shipped();
    let over_new_year = |year| scenario.over_new_year(year);
    match table::read(("persons", persons), ("claims", claims), &over_new_year) {
        Ok(fields) => settled(scenario, &fields),
        Err(faults) => said(&faults),
    }
}

fn said(faults: &CaseFaults) -> bool {
    assert!(!faults.words().zh.is_empty() && !faults.words().en.is_empty(), "a fault without words");
    false
}

/// Settles cases as the command does: what is paid is never negative, and no more than was billed.
fn settled(scenario: &Scenario, fields: &[Fields]) -> bool {
    let mut settler = Settler::new(scenario);
    let read = |one| typed::read(one, ("persons", "claims"), settler.scenario(), settler.years());
    let mut cases = match fields.iter().map(read).collect::<Result<Vec<_>, _>>() {
        Ok(cases) => cases,
        Err(faults) => return said(&faults),
    };
    let years = settler.years().to_vec();
    let fitting = once_a_year(&cases)
        .and_then(|()| fit_together(&mut cases, &mut settler))
        .and_then(|()| new_year::fit_parts(&mut cases, &years));
    if let Err(faults) = fitting {
        return said(&faults);
    }
    match settler.settle_households(&cases, |_| true) {
        Err(NotSettled::Faults(faults)) => said(&faults),
        Err(unbalanced) => panic!("{unbalanced}"),
        Ok(all) => {
            let paid = all.iter().flatten().flat_map(|one| &one.payments);
            assert!(paid.clone().all(|payment| payment.amount.0 >= 0), "a payment below zero");
            !cases.is_empty()
        }
    }
}

/// A workbook, looked at as a table of persons.
pub fn workbook_file(input: &[u8]) -> bool {
    let headings = headings_written(PERSONS_NEEDED, PERSONS_ZH);
    let claims = headings_written(CLAIMS_NEEDED, CLAIMS_ZH);
    let _ = workbook::table(input.to_vec(), &claims);
    if let Ok(persons) = workbook::table(input.to_vec(), &headings) {
        settled_tables(&persons, "case,id,kind,admitted,level,total\n");
    }
    workbook::sheets(input.to_vec()).is_ok()
}

/// A file that holds an input while it is read.
fn with_file<T>(input: &[u8], read: impl FnOnce(&Path) -> T) -> T {
    use std::io::Write;
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(input).expect("written");
    read(file.path())
}

/// A shard: whoever changed it is found out, or its numbers are those that were written.
pub fn shard_file(input: &[u8]) -> bool {
    with_file(input, |path| {
        let _ = shard::head(path).map_err(|refused| refused.words());
        match shard::read(path, 0) {
            Err(refused) => {
                assert!(!refused.words().zh.is_empty());
                false
            }
            Ok((head, done)) => {
                let again = shard::bytes(&done, (&head.unit, &head.work_hash, &head.engine));
                again.is_ok_and(|bytes| with_file(&bytes, |path| shard::read(path, 0).is_ok()))
            }
        }
    })
}

/// A plan; with its hash made right, so that what stands in it is read.
pub fn plan_file(input: &[u8]) -> bool {
    let is_plan = |input: &[u8]| {
        with_file(input, |path| match Units::read(path) {
            Err(no_plan) => {
                assert!(!no_plan.words().zh.is_empty());
                None
            }
            Ok(plan) => Some(plan),
        })
    };
    let sealed = |input| serde_json::from_slice::<Units>(input).ok().map(Units::sealed);
    let plan = is_plan(input).or_else(|| is_plan(&serde_json::to_vec(&sealed(input)?).ok()?));
    plan.is_some_and(|plan| {
        let _ = plan.chosen(&[1, 2].into()).map(|units| units.len());
        let _ = plan.shards(&[]);
        kept::load(&plan.kept(), &plan.all_settings()).map_err(|faults| told(&faults)).is_ok()
    })
}

fn seeds_of_lines() -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = bytes("docs/examples/cases.jsonl")
        .split_inclusive(|&byte| byte == b'\n')
        .map(<[u8]>::to_vec)
        .collect();
    all.push(SETTLED.replace("COUNTY", "上思县").into_bytes());
    all.push(
        SETTLED.replace("COUNTY", "甲县").replace("\"case\"", "\"household\":\"h\",\"case\"").into_bytes(),
    );
    let many = bytes("tests/cases/independent/fangchenggang-2022-08.cases.jsonl");
    all.push(many.split_inclusive(|&byte| byte == b'\n').take(8).collect::<Vec<_>>().concat());
    all
}

fn seeds_of_case_tables() -> Vec<Vec<u8>> {
    vec![[&bytes("docs/examples/persons.csv")[..], BETWEEN, &bytes("docs/examples/claims.csv")].concat()]
}

fn seeds_of_workbooks() -> Vec<Vec<u8>> {
    let names =
        ["merged_ten_thousands.ods", "merged_ten_thousands.xlsx", "one_county.xlsx", "wide_two_headings.xls"];
    names.iter().map(|name| bytes(&format!("tests/registers/{name}"))).collect()
}

/// A shard of a few persons' year.
fn seeds_of_shards() -> Vec<Vec<u8>> {
    let scenario = kept::load(&bases()[0].kept, &[]).expect("the invented plan");
    let years = &scenario.years()[..1];
    let engine = EngineChoice::Reference;
    let plan =
        Plan { years, warm_up_years: 0, first_replicate: 0, n_replicates: 2, seed: 1, engine, observer: &() };
    let done = simulate_county(&[&scenario], 0, plan, &|_| ()).expect("the invented plan");
    let unit = Unit { county_code: scenario.place.counties[0].code, first_replicate: 0, n_replicates: 2 };
    vec![shard::bytes(&done, (&unit, "of the invented plan", "reference")).expect("a shard")]
}

fn seeds_of_plans() -> Vec<Vec<u8>> {
    let of = |base: &Base| {
        let scenario = kept::load(&base.kept, &[]).expect("a scenario");
        let counties: Vec<_> = scenario.place.counties.iter().collect();
        let text = |bytes: &Arc<[u8]>| String::from_utf8(bytes.to_vec()).expect("UTF-8");
        let plan = Units {
            schema_version: shard::SCHEMA_VERSION,
            program: shard::VERSION.to_owned(),
            hash: String::new(),
            work_hash: shard::work_hash(&[&scenario], scenario.years(), scenario.years()),
            scenario: scenario.id.clone(),
            settings: vec!["run.replicates=5".to_owned()],
            years: Some((2023, 2024)),
            counties: counties.iter().map(|county| county.code.to_string()).collect(),
            n_replicates: 40,
            units: shard::plan::units(&counties, 2, (40, 1.0)),
            own: base.kept.own.clone(),
            texts: base.kept.texts.iter().map(|(name, bytes)| (name.clone(), text(bytes))).collect(),
        };
        serde_json::to_vec(&plan.sealed()).expect("JSON")
    };
    bases().iter().take(1).map(of).collect()
}
