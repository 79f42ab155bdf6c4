//! The persons by category of the shipped places follow from the census and the shares that their READMEs state:
//! every row of every `categories.csv` is worked out again and must be the same.

use std::collections::BTreeMap;

use crate::support::text;

/// One county of a place, as far as counts follow from it.
#[derive(Debug, Clone)]
struct County {
    code: u32,
    city: String,
    residents: u64,
    urban: u64,
    rural: u64,
    /// Residents of 0 to 14 years.
    children: u64,
    /// Residents of 60 years and over.
    aged: u64,
}

/// One row of a `categories.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    code: u32,
    category: String,
    persons: u64,
    status: String,
    source: String,
}

/// Persons per 100,000 urban and per 100,000 rural residents.
struct Share {
    urban: u64,
    rural: u64,
}

/// Yulin, March 2024: 10.1 % of rural residents; the rest of its 5.98 % of all residents is 1.82 % of urban ones.
const DIBAO: Share = Share { urban: 1_820, rural: 10_100 };

/// Yulin's 0.58 % of all residents (March 2024); urban against rural share as in Fujian at the end of 2021, 0.046.
const TEKUN: Share = Share { urban: 51, rural: 1_104 };

/// 6 million margin persons beside 40 million dibao persons in the country, October 2023.
const MARGIN_PER_100_DIBAO: u64 = 15;

/// Per 100,000 residents of 0 to 14 years.
const CHILDREN: u64 = 110;

/// Per 100,000 residents.
const ILLNESS_POOR: u64 = 20;

/// Of 100 monitored persons: unstable, marginal, sudden.
const MONITORED_SPLIT: [u64; 3] = [34, 32, 34];

/// The code of Yulin, whose own shares these are, without its last two digits.
const YULIN: u32 = 4509;

/// The registered poor of a place, from whom the lifted-out persons follow, in words.
const LIFTED_FANGCHENGGANG: &str =
    "34,288 registered poor at the end of 2015 x 1.4 (exits of 2014 and 2015 assumed), by rural residents";
const LIFTED_BAISE: &str = "709,000 registered poor at the end of 2015 (Napo 53,768) x 1.4 \
                            (exits of 2014 and 2015 assumed), other counties by rural residents";
const LIFTED_GUANGXI: &str = "6,350,000 registered poor of Guangxi (survey of 2015/16) less Fangchenggang and Baise, \
                              by rural residents";

/// `n × numerator / denominator` to the nearest person, half up.
const fn rounded(n: u64, numerator: u64, denominator: u64) -> u64 {
    (2 * n * numerator + denominator) / (2 * denominator)
}

impl Share {
    fn of(&self, county: &County) -> u64 {
        rounded(county.urban * self.urban + county.rural * self.rural, 1, 100_000)
    }
}

/// Shares a total out by largest remainder: whole parts first, then one each to the largest fractions, of equal
/// ones to the earlier.
fn shared(total: u64, weights: &[u64]) -> Vec<u64> {
    let sum: u64 = weights.iter().sum();
    let mut parts: Vec<u64> = weights.iter().map(|weight| total * weight / sum).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|&index| std::cmp::Reverse(total * weights[index] % sum));
    let left = total - parts.iter().sum::<u64>();
    for &index in order.iter().cycle().take(usize::try_from(left).expect("fewer than the counties")) {
        parts[index] += 1;
    }
    parts
}

fn counties(place: &str) -> Vec<County> {
    let table = text(&format!("scenarios/places/{place}/counties.csv"));
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let columns: BTreeMap<String, usize> = reader
        .headers()
        .expect("a header")
        .iter()
        .enumerate()
        .map(|(n, name)| (name.to_owned(), n))
        .collect();
    let county = |row: csv::StringRecord| {
        let number = |name: &str| row[columns[name]].parse::<u64>().expect("a whole number");
        let band = |age: u64| number(&format!("m_{age}")) + number(&format!("f_{age}"));
        County {
            code: row[columns["code"]].parse().expect("a code"),
            city: row[columns["city"]].to_owned(),
            residents: number("residents"),
            urban: number("urban"),
            rural: number("rural"),
            children: (0..15).step_by(5).map(band).sum(),
            aged: (60..90).step_by(5).map(band).sum(),
        }
    };
    reader.records().map(|row| county(row.expect("a row"))).collect()
}

/// Gathers rows; the source is in words.
#[derive(Default)]
struct Table(Vec<Row>);

impl Table {
    fn row(&mut self, code: u32, category: &str, persons: u64, source: impl Into<String>) {
        let (category, status, source) = (category.to_owned(), "assumed".to_owned(), source.into());
        self.0.push(Row { code, category, persons, status, source });
    }
}

/// The rows of one city of Guangxi, given the lifted-out persons of its counties and their source.
fn guangxi_city(counties: &[County], lifted: &[u64], lifted_source: &str) -> Vec<Row> {
    let all_lifted: u64 = lifted.iter().sum();
    let by_lifted = |total| if all_lifted == 0 { vec![0; lifted.len()] } else { shared(total, lifted) };
    let returned = by_lifted(rounded(all_lifted, 2, 1_000));
    let monitored = shared(rounded(all_lifted, 14, 100), &MONITORED_SPLIT).into_iter().map(by_lifted);
    let monitored: Vec<Vec<u64>> = monitored.collect();
    let mut table = Table::default();
    for (index, county) in counties.iter().enumerate() {
        let first = table.0.len();
        let (code, dibao) = (county.code, DIBAO.of(county));
        let children = rounded(county.children, CHILDREN, 100_000);
        let of_children = "0.11 % of residents aged 0-14, as in Yunnan in January 2020";
        table.row(code, "tekun", TEKUN.of(county), TEKUN_SOURCE);
        table.row(code, "orphan", children, of_children);
        table.row(code, "unattended_child", children, of_children);
        table.row(code, "dibao", dibao, DIBAO_SOURCE);
        table.row(code, "dibao_margin", rounded(dibao, MARGIN_PER_100_DIBAO, 100), MARGIN_SOURCE);
        table.row(code, "returned_poor", returned[index], RETURNED_SOURCE);
        for ((kind, share), persons) in
            ["unstable", "marginal", "sudden"].iter().zip(MONITORED_SPLIT).zip(&monitored)
        {
            let source = format!(
                "14 % of lifted-out persons are monitored (Baoshan 2021), {share} % of them {kind}, by lifted-out persons"
            );
            table.row(code, &format!("monitored_{kind}"), persons[index], source);
        }
        table.row(code, "illness_poor", rounded(county.residents, ILLNESS_POOR, 100_000), ILLNESS_SOURCE);
        let stable = lifted[index] - monitored[0][index];
        table.row(code, "stable_lifted", stable, format!("{lifted_source}; less monitored_unstable"));
        if code / 100 == YULIN {
            for row in table.0[first..].iter_mut().filter(|row| ["tekun", "dibao"].contains(&&*row.category))
            {
                "derived".clone_into(&mut row.status);
            }
        }
    }
    table.0
}

const TEKUN_SOURCE: &str = "1.104 % of rural and 0.051 % of urban residents: 0.58 % in Yulin (March 2024), split as in Fujian (2021)";
const DIBAO_SOURCE: &str =
    "10.1 % of rural and 1.82 % of urban residents, as in Yulin in March 2024 (5.98 % together)";
const MARGIN_SOURCE: &str =
    "0.15 per dibao person, as in the country in October 2023 (6 million beside 40 million)";
const RETURNED_SOURCE: &str =
    "0.2 % of lifted-out persons: since 2021 nearly all at risk are listed as monitored instead";
const ILLNESS_SOURCE: &str =
    "0.02 % of residents: already recognised at the start; later recognitions follow simulated bills";

/// Rural residents by county.
fn rural(counties: &[County]) -> Vec<u64> {
    counties.iter().map(|county| county.rural).collect()
}

fn fangchenggang() -> Vec<Row> {
    let counties = counties("fangchenggang");
    let lifted = shared(rounded(34_288, 14, 10), &rural(&counties));
    guangxi_city(&counties, &lifted, LIFTED_FANGCHENGGANG)
}

fn baise() -> Vec<Row> {
    let counties = counties("baise");
    let napo = counties.iter().position(|county| county.code == 451_026).expect("Napo");
    let (all, own) = (rounded(709_000, 14, 10), rounded(53_768, 14, 10));
    let mut weights = rural(&counties);
    weights[napo] = 0;
    let mut lifted = shared(all - own, &weights);
    lifted[napo] = own;
    guangxi_city(&counties, &lifted, LIFTED_BAISE)
}

fn guangxi() -> Vec<Row> {
    let counties = counties("guangxi");
    let own_folder = |city: &str| ["防城港市", "百色市"].contains(&city);
    let others: Vec<County> = counties.iter().filter(|county| !own_folder(&county.city)).cloned().collect();
    let total = 6_350_000 - rounded(34_288, 14, 10) - rounded(709_000, 14, 10);
    let lifted = shared(total, &rural(&others));
    let mut rows = [fangchenggang(), baise()].concat();
    let mut cities: Vec<&str> = others.iter().map(|county| &*county.city).collect();
    cities.dedup();
    for city in cities {
        let of_city: Vec<usize> = (0..others.len()).filter(|&index| others[index].city == city).collect();
        let of: Vec<County> = of_city.iter().map(|&index| others[index].clone()).collect();
        let lifted: Vec<u64> = of_city.iter().map(|&index| lifted[index]).collect();
        rows.extend(guangxi_city(&of, &lifted, LIFTED_GUANGXI));
    }
    let rank = |row: &Row| counties.iter().position(|county| county.code == row.code);
    rows.sort_by_key(rank);
    rows
}

fn ewenki() -> Vec<Row> {
    let counties = counties("ewenki");
    let banner = &counties[0];
    let (code, residents) = (banner.code, banner.residents);
    let of_neighbour = "of residents (a neighbouring pastoral banner)";
    let (dibao, lifted) = (rounded(residents, 20, 1_000), rounded(residents, 8, 1_000));
    let monitored = shared(rounded(lifted, 14, 100), &MONITORED_SPLIT);
    let margin = rounded(dibao, MARGIN_PER_100_DIBAO, 100);
    let mut table = Table::default();
    table.row(code, "tekun", rounded(residents, 6, 10_000), format!("0.06 % {of_neighbour}"));
    table.row(code, "dibao", dibao, format!("2.0 % {of_neighbour}"));
    table.row(code, "returned_poor", rounded(lifted, 2, 1_000), RETURNED_SOURCE);
    for (kind, persons) in [("unstable", 0), ("marginal", 1)] {
        let share = MONITORED_SPLIT[persons];
        let source =
            format!("14 % of lifted-out persons are monitored, {share} % of them {kind} (Baoshan 2021)");
        table.row(code, &format!("monitored_{kind}"), monitored[persons], source);
    }
    let low =
        "0.15 per dibao person (margin households) and the 34 % of monitored persons with sudden difficulty";
    table.row(code, "low_income", margin + monitored[2], low);
    let stable = "0.8 % of residents lifted out (a neighbouring pastoral banner), less monitored_unstable";
    table.row(code, "stable_lifted", lifted - monitored[0], stable);
    table.0
}

/// Persons of Wuxi on the standards of tekun, dibao and orphans, July 2024: Yixing and elsewhere.
const STANDARDS_YIXING: u64 = 4_801;
const STANDARDS_ELSEWHERE: u64 = 41_400 - STANDARDS_YIXING;

/// How they are split: id, weight, source.
const STANDARDS: [(&str, u64, &str); 4] = [
    ("tekun", 97, "9.7 %: tekun among tekun and dibao persons in the country at the end of 2020"),
    ("orphan", 4, "0.4 %"),
    ("unattended_child", 12, "1.2 %"),
    ("dibao", 887, "88.7 %: the rest"),
];

/// Wuxi's other categories before `dibao_margin` and after it: id, persons of 100,000 of the register, source.
const OF_REGISTER: [(&str, u64, &str); 7] = [
    (
        "child_in_difficulty",
        24,
        "0.024 % of the register: children seriously ill, disabled or of families in difficulty, about 2 of 1,000 children",
    ),
    ("entitled_group", 150, "0.15 % of the register: rural veterans and families entitled to state pensions"),
    ("retrenched_1960s", 20, "0.02 % of the register: workers sent home in 1961-1965, now 78 and older"),
    (
        "hardship_employee",
        20,
        "0.02 % of the register: the union files of hardship employees are taken to be few",
    ),
    ("expenditure_poor_patient", 30, "0.03 % of the register: already recognised at the start"),
    ("temporary_relief_patient", 10, "0.01 % of the register: already recognised at the start"),
    ("other_special", 20, "0.02 % of the register: a small residual group"),
];

/// The order of Wuxi's rows.
const WUXI: [&str; 13] = [
    "tekun",
    "orphan",
    "unattended_child",
    "dibao",
    "child_in_difficulty",
    "entitled_group",
    "retrenched_1960s",
    "hardship_employee",
    "dibao_margin",
    "expenditure_poor_patient",
    "temporary_relief_patient",
    "severe_disabled",
    "other_special",
];

fn wuxi() -> Vec<Row> {
    let counties = counties("wuxi");
    let yixing = counties.iter().position(|county| county.code == 320_282).expect("Yixing");
    let aged: Vec<u64> = counties.iter().map(|county| county.aged).collect();
    let mut aged_elsewhere = aged.clone();
    aged_elsewhere[yixing] = 0;
    let weights = STANDARDS.map(|(_, weight, _)| weight);
    let (own, elsewhere) = (shared(STANDARDS_YIXING, &weights), shared(STANDARDS_ELSEWHERE, &weights));
    let dibao = own[3] + elsewhere[3];
    let by_aged = "by residents aged 60 and over";
    let mut table = Table::default();
    for ((id, _, source), (own, elsewhere)) in STANDARDS.iter().zip(own.iter().zip(elsewhere)) {
        for (index, persons) in shared(elsewhere, &aged_elsewhere).into_iter().enumerate() {
            let code = counties[index].code;
            if index == yixing {
                let of = "4,801 persons of Yixing on the three standards (July 2024)";
                table.row(code, id, *own, format!("{source} of {of}"));
            } else {
                let of = "36,599 persons on the three standards outside Yixing (July 2024)";
                table.row(code, id, persons, format!("{source} of {of}, {by_aged}"));
            }
        }
    }
    let mut others: Vec<(&str, u64, &str)> =
        OF_REGISTER.map(|(id, share, source)| (id, rounded(5_089_600, share, 100_000), source)).to_vec();
    let margin = "0.25 per dibao person: the margin is taken to reach to twice the dibao standard";
    let disabled = "1.7 x dibao persons receive the severe-disability allowance (neighbouring district), \
                    three quarters of them without work and of the four kinds";
    others.push(("dibao_margin", rounded(dibao, 25, 100), margin));
    others.push(("severe_disabled", rounded(dibao, 17 * 75, 1_000), disabled));
    for (id, total, source) in others {
        for (county, persons) in counties.iter().zip(shared(total, &aged)) {
            table.row(county.code, id, persons, format!("{source}, {by_aged}"));
        }
    }
    let rank = |row: &Row| WUXI.iter().position(|id| *id == row.category);
    table.0.sort_by_key(|row| (row.code, rank(row)));
    table.0
}

/// The places of one county, with the order of their rows.
const SINGLE_COUNTIES: [(&str, &str); 6] = [
    (
        "suqian",
        "tekun orphan unattended_child dibao child_in_difficulty entitled_group retrenched_1960s hardship_employee \
         dibao_margin expenditure_poor_patient temporary_relief_patient severe_disabled other_special",
    ),
    (
        "jiujiang",
        "tekun dibao returned_poor dibao_margin monitored_unstable monitored_marginal six_classes monitored_sudden \
         expenditure_poor_patient",
    ),
    ("panjin", "tekun orphan dibao dibao_margin illness_poor"),
    (
        "zichuan",
        "tekun dibao returned_poor dibao_margin monitored_unstable monitored_marginal monitored_sudden illness_poor",
    ),
    (
        "handan",
        "tekun dibao dibao_margin monitored_unstable monitored_marginal monitored_sudden illness_poor",
    ),
    (
        "guangde",
        "tekun dibao returned_poor dibao_margin monitored_unstable monitored_marginal monitored_sudden",
    ),
];

/// Categories that are taken to be a share of all residents there: id, persons of 100,000, source.
const OF_RESIDENTS: [(&str, u64, &str); 9] = [
    ("illness_poor", ILLNESS_POOR, "0.02 % of residents: already recognised at the start"),
    ("expenditure_poor_patient", 30, "0.03 % of residents: already recognised at the start"),
    ("temporary_relief_patient", 10, "0.01 % of residents: already recognised at the start"),
    (
        "child_in_difficulty",
        24,
        "0.024 % of residents: children seriously ill, disabled or of families in difficulty",
    ),
    ("entitled_group", 150, "0.15 % of residents: rural veterans and families entitled to state pensions"),
    ("retrenched_1960s", 20, "0.02 % of residents: workers sent home in 1961-1965, now 78 and older"),
    (
        "hardship_employee",
        20,
        "0.02 % of residents: the union files of hardship employees are taken to be few",
    ),
    ("other_special", 20, "0.02 % of residents: a small residual group"),
    ("six_classes", 200, "0.2 % of residents: the source does not say who they are"),
];

/// The rows of a place of one county of which no register was found: shares of the country and of other places.
fn single_county(place: &str, categories: &str) -> Vec<Row> {
    let county = &counties(place)[0];
    let dibao = rounded(county.residents, 2_840, 100_000);
    let monitored = shared(rounded(county.rural, 300, 100_000), &MONITORED_SPLIT);
    let mut table = Table::default();
    for id in categories.split_whitespace() {
        let (persons, source) = match id {
            "tekun" => (
                rounded(dibao, 11, 100),
                "0.11 per dibao person, as in the country at the end of 2020 (4.777 million beside 44.268 million)"
                    .to_owned(),
            ),
            "dibao" => (
                dibao,
                "2.84 % of residents: 40 million in the country in October 2023 beside 1.41 billion".to_owned(),
            ),
            "orphan" | "unattended_child" => (
                rounded(county.children, CHILDREN, 100_000),
                "0.11 % of residents aged 0-14, as in Yunnan in January 2020".to_owned(),
            ),
            "dibao_margin" => (rounded(dibao, MARGIN_PER_100_DIBAO, 100), MARGIN_SOURCE.to_owned()),
            "returned_poor" => (
                rounded(county.rural, 2, 100_000),
                "0.002 % of rural residents: since 2021 nearly all at risk are listed as monitored instead"
                    .to_owned(),
            ),
            "severe_disabled" => (
                rounded(dibao, 17 * 75, 1_000),
                "1.7 x dibao persons receive the severe-disability allowance (Jiangsu), three quarters of them \
                 without work and of the four kinds"
                    .to_owned(),
            ),
            _ => of_a_share(id, county, &monitored),
        };
        table.row(county.code, id, persons, source);
    }
    table.0
}

/// Persons of a category that is a share of all residents, or a part of the monitored persons.
fn of_a_share(id: &str, county: &County, monitored: &[u64]) -> (u64, String) {
    if let Some((_, share, source)) = OF_RESIDENTS.iter().find(|(of, _, _)| *of == id) {
        return (rounded(county.residents, *share, 100_000), (*source).to_owned());
    }
    let kinds = ["unstable", "marginal", "sudden"];
    let index = kinds.iter().position(|kind| id == format!("monitored_{kind}")).expect("a known category");
    let (share, kind) = (MONITORED_SPLIT[index], kinds[index]);
    let source = format!(
        "0.3 % of rural residents are taken to be monitored, {share} % of them {kind} (Baoshan 2021)"
    );
    (monitored[index], source)
}

/// What stands in the table of a place.
fn stated(place: &str) -> Vec<Row> {
    let table = text(&format!("scenarios/places/{place}/categories.csv"));
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let row = |row: csv::StringRecord| Row {
        code: row[0].parse().expect("a code"),
        category: row[1].to_owned(),
        persons: row[2].parse().expect("a whole number"),
        status: row[3].to_owned(),
        source: row[4].to_owned(),
    };
    reader.records().map(|record| row(record.expect("a row"))).collect()
}

/// Writes what follows from the shares, so that a changed share can be taken over after a look at it.
fn written(place: &str, rows: &[Row]) -> String {
    let file = format!("{}/{place}-categories.csv", env!("CARGO_TARGET_TMPDIR"));
    let mut writer = csv::Writer::from_path(&file).expect("a file");
    writer.write_record(["code", "category", "persons", "status", "source"]).expect("written");
    for row in rows {
        let (code, persons) = (row.code.to_string(), row.persons.to_string());
        writer.write_record([&code, &row.category, &persons, &row.status, &row.source]).expect("written");
    }
    writer.flush().expect("written");
    file
}

#[test]
fn exact_counts_follow_from_the_census_and_the_stated_shares() {
    let mut places = vec![
        ("fangchenggang", fangchenggang()),
        ("baise", baise()),
        ("guangxi", guangxi()),
        ("ewenki", ewenki()),
        ("wuxi", wuxi()),
    ];
    places.extend(SINGLE_COUNTIES.map(|(place, categories)| (place, single_county(place, categories))));
    let mut faults = Vec::new();
    for (place, derived) in places {
        let stated = stated(place);
        if derived != stated {
            let first = derived.iter().zip(&stated).find(|(derived, stated)| derived != stated);
            faults.push(format!(
                "{place}: {} rows follow, {} are stated; first difference: {first:#?}\nwhat follows stands in {}",
                derived.len(),
                stated.len(),
                written(place, &derived)
            ));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The persons of a category in a table whose code begins so.
fn total(rows: &[Row], category: &str, code: &str) -> u64 {
    let of = |row: &&Row| row.category == category && row.code.to_string().starts_with(code);
    rows.iter().filter(of).map(|row| row.persons).sum()
}

#[test]
fn exact_shares_by_urban_and_rural_residents_give_yulin_its_own_published_totals() {
    let residents: u64 =
        counties("guangxi").iter().filter(|one| one.code / 100 == YULIN).map(|one| one.residents).sum();
    let rows = stated("guangxi");
    let per_10_000 = |category| rounded(total(&rows, category, "4509"), 10_000, residents);
    assert_eq!((per_10_000("dibao"), per_10_000("tekun")), (598, 58), "5.98 % and 0.58 %, March 2024");
}

/// A number with a comma between thousands.
pub fn grouped(n: u64) -> String {
    if n < 1_000 { n.to_string() } else { format!("{},{:03}", grouped(n / 1_000), n % 1_000) }
}

#[test]
fn exact_readmes_of_places_state_the_totals_of_their_tables() {
    for (place, where_to) in [("fangchenggang", "the city"), ("baise", "the city"), ("guangxi", "Guangxi")] {
        let (page, rows) = (text(&format!("scenarios/places/{place}/README.md")), stated(place));
        for category in ["tekun", "dibao", "dibao_margin"] {
            let sentence = format!(" = {} in {where_to} |", grouped(total(&rows, category, "")));
            let line = page.lines().find(|line| line.starts_with(&format!("| `{category}` |")));
            assert!(line.is_some_and(|line| line.contains(&sentence)), "{place}: `{category}`{sentence}");
        }
    }
}
