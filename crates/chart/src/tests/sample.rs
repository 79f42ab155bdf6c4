//! Invented figures for the tests: every chart at many sizes and scales.

use crate::*;
use fundcast_engine::lang::Lang;

/// Names in the order of a prefecture, the last ones long.
const COUNTIES: [&str; 12] = [
    "右江区",
    "田阳区",
    "田东县",
    "平果市",
    "德保县",
    "靖西市",
    "那坡县",
    "凌云县",
    "乐业县",
    "瀍河回族区",
    "积石山保安族东乡族撒拉族自治县",
    "Longlin Multinational Autonomous County",
];

pub(super) fn county(i: usize) -> String {
    COUNTIES.get(i).map_or_else(|| format!("示例{i:03}县"), |name| (*name).to_owned())
}

pub(super) fn caption(lang: Lang) -> Caption {
    Caption {
        lang,
        title: None,
        scenario: "百色市2025—2029年现行政策 <演示> & “试算”".into(),
        replicates: 10_000,
        run: "7f3a2c91".into(),
        source: "资料来源：演示数据。".into(),
    }
}

pub(super) fn spread(mean: f64) -> Spread {
    let half = mean.abs() * 0.2;
    Spread { mean_yuan: mean, p05_yuan: mean - half, p95_yuan: mean + half }
}

fn amount(county: usize, year: i32, scale: f64) -> f64 {
    scale * (1.0 + (county as f64 * 0.618).fract() * 7.0) * (1.0 + 0.05 * f64::from(year - 2025))
}

pub(super) fn bars(n: usize, years: i32, scale: f64) -> CountyBars {
    let rows = (0..n).flat_map(|i| {
        let row =
            move |year| CountySpending { county: county(i), year, spending: spread(amount(i, year, scale)) };
        (2025..2025 + years).map(row)
    });
    CountyBars { rows: rows.collect(), ..CountyBars::default() }
}

pub(super) fn fan(n: usize, years: i32, scale: f64) -> Fan {
    let year = |i: usize, year: i32| {
        let m = amount(i, year, scale);
        let s = m.abs() * 0.1;
        FanYear {
            year,
            p05_yuan: m - 2.0 * s,
            p25_yuan: m - s,
            p50_yuan: m,
            p75_yuan: m + s,
            p95_yuan: m + 3.0 * s,
        }
    };
    let series =
        |i: usize| FanSeries { name: county(i), years: (2025..2025 + years).map(|y| year(i, y)).collect() };
    Fan {
        total: FanSeries { name: "全市".into(), ..series(0) },
        counties: (0..n).map(series).collect(),
        ..Fan::default()
    }
}

pub(super) fn stack(n: usize, years: i32, lines: usize, scale: f64) -> LinesStack {
    let year = |i: usize, year: i32| StackYear {
        year,
        means_yuan: (0..lines).map(|line| amount(i + line, year, scale)).collect(),
    };
    let series =
        |i: usize| StackSeries { name: county(i), years: (2025..2025 + years).map(|y| year(i, y)).collect() };
    LinesStack {
        lines: (0..lines).map(|line| format!("第{line}项医疗救助")).collect(),
        total: StackSeries { name: "全市".into(), ..series(0) },
        counties: (0..n).map(series).collect(),
        page: 0,
    }
}

pub(super) fn taper(scale: f64) -> Taper {
    let years = [(2022, 0.9), (2023, 0.6), (2024, 0.5), (2025, 0.4), (2026, 0.3), (2027, 0.0)];
    let year = |(year, share): (i32, f64)| TaperYear {
        year,
        share,
        subsidy_yuan: share * 380.0,
        contribution_yuan: Some(380.0),
        cost: spread(share * scale),
    };
    Taper {
        county: None,
        group: "稳定脱贫人口".into(),
        payer: "县级财政".into(),
        years: years.map(year).to_vec(),
    }
}

pub(super) fn distribution(scale: f64, spread: f64) -> Distribution {
    let trials: Vec<f64> =
        (0..2000).map(|i| scale * (1.0 + spread * (f64::from(i) / 2000.0).powi(4))).collect();
    let at = |q: f64| trials[(q * 2000.0) as usize];
    let marks = Marks {
        mean_yuan: scale * (1.0 + spread / 5.0),
        p50_yuan: at(0.5),
        p90_yuan: at(0.9),
        p95_yuan: at(0.95),
        budget_yuan: Some(scale * 1.1),
    };
    Distribution { county: county(10), year: 2025, trials_yuan: trials, marks }
}

pub(super) fn difference(n: usize, years: i32, scenarios: usize, scale: f64) -> Difference {
    let mut rows = Vec::new();
    for s in 0..scenarios {
        for i in 0..n {
            for year in 2025..2025 + years {
                let mean_yuan = amount(i + s, year, scale) * if s % 2 == 1 { -1.0 } else { 1.0 };
                let half = mean_yuan.abs() * 0.1;
                rows.push(DifferenceRow {
                    scenario: format!("方案{s}：起付线降低一半并提高封顶线"),
                    county: county(i),
                    year,
                    mean_yuan,
                    error95_yuan: Some(half / 5.0),
                    p05_yuan: mean_yuan - half,
                    p95_yuan: mean_yuan + half,
                });
            }
        }
    }
    Difference { base: "现行政策".into(), rows, page: 0 }
}

/// Funds that go down, from some of which more goes out than comes in.
pub(super) fn balance(n: usize, years: i32, scale: f64) -> Balance {
    let series = |i: usize| {
        let month = |at: i32| {
            let p50_yuan = amount(i, 2025, scale) * (1.0 - f64::from(at) / 20.0);
            let half = scale.abs() * (0.2 + f64::from(at) / 40.0);
            BalanceMonth {
                year: 2025 + at / 12,
                p05_yuan: p50_yuan - half,
                p50_yuan,
                p95_yuan: p50_yuan + half,
            }
        };
        let months: Vec<BalanceMonth> = (0..12 * years).map(month).collect();
        let empty_from = months.iter().position(|month| month.p50_yuan < 0.0);
        BalanceSeries { name: county(i), months, empty_from }
    };
    Balance { funds: (0..n).map(series).collect(), page: 0 }
}

/// Funds of which some never run out, some in two months of a year.
pub(super) fn runs_out(n: usize, years: usize) -> RunsOut {
    let month = |i: usize, at: usize| {
        let share = if !i.is_multiple_of(4) && at % 12 < 2 { 0.2 * (i % 4) as f64 } else { 0.0 };
        RunsOutMonth { share, low: share * 0.8, high: share * 1.1 + 0.04 }
    };
    let fund = |i: usize| RunsOutSeries {
        name: county(i),
        months: (0..12 * years).map(|at| month(i, at)).collect(),
    };
    RunsOut { first_year: 2025, funds: (0..n).map(fund).collect(), page: 0 }
}

/// Months of which each third is dear.
pub(super) fn months(n: usize, years: usize, scale: f64) -> Months {
    let month = |i: usize, at: usize| {
        let p50_yuan = amount(i, 2025, scale.abs()) * if at % 3 == 2 { 2.0 } else { 1.0 };
        MonthSpending { p05_yuan: p50_yuan * 0.7, p50_yuan, p95_yuan: p50_yuan * 1.5 }
    };
    let series =
        |i: usize| MonthsSeries { name: county(i), months: (0..12 * years).map(|at| month(i, at)).collect() };
    Months {
        payer: "医疗救助基金".into(), first_year: 2025, series: (0..n).map(series).collect(), page: 0
    }
}

/// Reserves apart and pooled, some without an error or a bound.
pub(super) fn pooling(years: i32, scale: f64) -> Pooling {
    let year = |year: i32| PoolingYear {
        year,
        apart_yuan: scale * 1.2,
        pooled_yuan: scale,
        error95_yuan: (year % 2 == 1).then_some(scale.abs() / 20.0),
        independent_yuan: (year % 3 > 0).then_some(scale * 0.8),
    };
    Pooling { payer: "县级财政".into(), years: (2025..2025 + years).map(year).collect() }
}

/// What each safety needs, some without an error or a budget in force.
pub(super) fn needed(n: usize, page: usize, scale: f64) -> Needed {
    let county = |i: usize| NeededCounty {
        name: county(i),
        needed: [80, 90, 95, 99]
            .map(|safety| NeededBudget {
                safety,
                yuan: amount(i, 2025, scale) * f64::from(safety) / 80.0,
                error95_yuan: (!i.is_multiple_of(3)).then_some(scale.abs() / 20.0),
            })
            .to_vec(),
        in_force_yuan: i.is_multiple_of(2).then(|| amount(i, 2025, scale) * 0.9),
    };
    Needed {
        title: "2025年医疗救助基金：积石山保安族东乡族撒拉族自治县95%的把握需要1,234.56万元，比均值多12.3%"
            .into(),
        counties: (0..n).map(county).collect(),
        page,
    }
}

/// How likely budgets are exceeded, some with a budget in force, some of nothing.
pub(super) fn curve(n: usize, scale: f64) -> Curve {
    let series = |i: usize| {
        let point = |share: f64| {
            let x = amount(i, 2025, scale) * (1.0 + 0.3 * (1.0 - share));
            CurvePoint { at: (x, share), low: (x * 0.98, share), high: (x * 1.02, share) }
        };
        let mark = CurveMark { x: amount(i, 2025, scale) * 1.2, label: "1,234.56".into() };
        CurveSeries {
            name: county(i),
            points: [0.95, 0.75, 0.5, 0.25, 0.1, 0.05, 0.01].map(point).to_vec(),
            marks: if i.is_multiple_of(2) { vec![mark] } else { Vec::new() },
        }
    };
    Curve {
        title: "医疗救助基金：现行预算被超过的概率最高为44.0%（积石山保安族东乡族撒拉族自治县）".into(),
        x: CurveAxis::Money("预算".into()),
        y: CurveAxis::Share("超过预算的概率".into()),
        limit: Some((0.05, "5%".into())),
        has_dots: n == 1,
        marks: "现行预算".into(),
        percentiles: &[5, 95, 99],
        series: (0..n).map(series).collect(),
        page: 0,
    }
}

/// Bars of a hundred per cent, some parts of which are nothing.
pub(super) fn sources(n: usize) -> Sources {
    let shares = |i: usize| vec![0.7 - i as f64 / 400.0, 0.1, 0.12, 0.0, 0.08 + i as f64 / 400.0];
    let bars = (0..n).map(|i| SourceBar { name: county(i), shares: shares(i) }).collect();
    let names = ["各类对象人数", "疾病模型参数", "年度共同波动", "县区自身波动", "个人偶然性及其余"];
    Sources { year: 2025, sources: names.map(ToOwned::to_owned).to_vec(), bars, ..Sources::default() }
}

/// Purses with so many lines, up and down by turns, the later ones tiny, under names that are keys.
pub(super) fn waterfall(purses: usize, lines: usize, scale: f64) -> Waterfall {
    let purse = |number: usize| {
        let step = |at: usize| {
            WaterfallStep {
            name: match at % 4 {
                0 => "policy.assistance.stable_lifted.annual_deductible_yuan.by_level.{one, two, three, … (12)}".into(),
                1 => "place.county_parameters.exit_2014_2015_share.by_county.积石山保安族东乡族撒拉族自治县".into(),
                2 => "policy.a_rule_whose_name_is_longer_than_anybody_would_ever_make_it_and_has_no_dot_at_all".into(),
                _ => format!("policy.subsidy.line_{at}.share"),
            },
            value_yuan: scale / 10.0 / (at * at + 1) as f64 * if (at + number) % 2 == 1 { -1.0 } else { 1.0 },
            error95_yuan: (at % 3 != 1).then_some(scale.abs() / 1e3),
        }
        };
        let steps: Vec<WaterfallStep> = (0..lines).map(step).collect();
        let sum: f64 = steps.iter().map(|step| step.value_yuan).sum();
        WaterfallPurse {
            name: if number == 0 { "医疗救助基金".into() } else { format!("第{number}级财政") },
            base_yuan: scale,
            other_yuan: scale + sum,
            steps,
        }
    };
    Waterfall {
        base: "现行政策".into(),
        other: "方案：起付线降低一半并提高封顶线".into(),
        place: "全部县区".into(),
        year: 2025,
        purses: (0..purses).map(purse).collect(),
        page: 0,
    }
}

/// Categories with persons on both sides, on one and hardly any, under long names.
pub(super) fn winners(categories: usize, years: i32, scale: f64) -> Winners {
    let scale = scale.abs();
    let side = |at: usize, sign: f64| WinnersSide {
        persons: (0..5)
            .map(|size| {
                scale / 1e3 / ((at + 1) * (size + 1)) as f64 * f64::from(u8::from(sign > 0.0 || at % 3 != 1))
            })
            .collect(),
        error95_persons: (at % 4 != 3).then_some(scale / 1e4),
        yuan: sign * scale / (at + 1) as f64,
    };
    let bar = |at: usize| WinnersBar {
        name: if at == 0 {
            "因病致贫重病患者和突发严重困难户等其他困难群众".into()
        } else {
            format!("第{at}类对象")
        },
        more: side(at, 1.0),
        less: side(at, -1.0),
    };
    let year = |year: i32| WinnersYear { year, bars: (0..categories).map(bar).collect() };
    Winners {
        base: "现行政策".into(),
        other: "方案：起付线降低一半并提高封顶线".into(),
        place: "全部县区".into(),
        replicates: 20,
        sizes: ["不超过100", "100–1,000", "1,000–5,000", "5,000–20,000", "超过20,000"]
            .map(ToOwned::to_owned)
            .to_vec(),
        years: (2025..2025 + years).map(year).collect(),
        page: 0,
    }
}

/// Inputs to both sides, to one alone and hardly any, under long names.
pub(super) fn tornado(panels: usize, inputs: usize, scale: f64) -> Tornado {
    let bar = |at: usize| {
        let wide = scale / (at + 1) as f64;
        TornadoBar {
            name: if at == 0 {
                "policy.assistance.other_difficult_families.annual_cap_yuan".into()
            } else {
                format!("第{at}项输入")
            },
            ends_yuan: if at % 4 == 3 { [wide / 2.0, wide] } else { [-wide, wide / 3.0] },
            errors95_yuan: [(at % 2 == 1).then_some(wide.abs() / 20.0), None],
            values: if at % 3 == 1 { ["-", "-"] } else { ["×0.75", "×1.29"] }.map(ToOwned::to_owned),
        }
    };
    let panel = |at: usize| TornadoPanel {
        name: format!("第{at}县"),
        figure_yuan: scale * 4.0,
        bars: (0..inputs).map(bar).collect(),
    };
    Tornado {
        title: "2025年医疗救助基金支出的P95取决于什么".into(),
        figure: "P95".into(),
        panels: (0..panels).map(panel).collect(),
        page: 0,
    }
}

/// Every chart at the sizes and scales that must stay legible.
pub(super) fn all() -> Vec<(String, Box<dyn Chart>)> {
    let mut all: Vec<(String, Box<dyn Chart>)> = Vec::new();
    for scale in [0.0, 1e-3, 4e2, 5e6, 1e12] {
        for n in [1, 4, 7, 12, 13, 111] {
            for years in [1, 3, 5] {
                let name = |chart: &str| format!("{chart} {n} counties {years} years scale {scale}");
                all.push((name("bars"), Box::new(bars(n, years, scale))));
                all.push((name("balance"), Box::new(balance(n, years, scale))));
                for page in [0, 1, 6] {
                    let name = |chart: &str| name(&format!("{chart} page {page}"));
                    all.push((name("fan"), Box::new(Fan { page, ..fan(n, years, scale) })));
                    all.push((name("stack"), Box::new(LinesStack { page, ..stack(n, years, 7, scale) })));
                }
                for scenarios in [1, 2, 3, 5] {
                    let chart = difference(n, years, scenarios, scale);
                    all.push((name(&format!("difference {scenarios}")), Box::new(chart)));
                }
            }
        }
        for n in [1, 4, 7, 12, 13, 111] {
            all.push((format!("sources {n} counties scale {scale}"), Box::new(sources(n))));
            all.push((format!("runs out {n} funds"), Box::new(runs_out(n, n.min(4)))));
            all.push((format!("curve {n} counties scale {scale}"), Box::new(curve(n, scale))));
            all.push((format!("months {n} counties scale {scale}"), Box::new(months(n, 4, scale))));
            for page in [0, 1, 13] {
                let chart = needed(n, page.min(n.div_ceil(8) - 1), scale);
                all.push((format!("needed {n} counties page {page} scale {scale}"), Box::new(chart)));
            }
            all.push((format!("pooling {n} years scale {scale}"), Box::new(pooling(n.min(5) as i32, scale))));
        }
        all.push((format!("taper scale {scale}"), Box::new(taper(scale))));
        for (purses, lines) in [(1, 1), (2, 4), (3, 6), (5, 12), (2, 30), (1, 0)] {
            for page in [0, 1] {
                let chart = Waterfall { page, ..waterfall(purses, lines, scale) };
                all.push((format!("waterfall {purses} {lines} {page} scale {scale}"), Box::new(chart)));
            }
        }
        for (categories, years) in [(1, 1), (6, 2), (14, 4), (32, 1)] {
            for page in [0, 1] {
                let chart = Winners { page, ..winners(categories, years, scale) };
                all.push((format!("winners {categories} {years} {page} scale {scale}"), Box::new(chart)));
            }
        }
        for (panels, inputs) in [(1, 1), (1, 10), (5, 10), (111, 3)] {
            for page in [0, 2] {
                let chart = Tornado { page, ..tornado(panels, inputs, scale) };
                all.push((format!("tornado {panels} {inputs} {page} scale {scale}"), Box::new(chart)));
            }
        }
        for spread in [0.0, 1e-3, 0.5, 300.0] {
            all.push((format!("distribution {spread} scale {scale}"), Box::new(distribution(scale, spread))));
        }
    }
    all.push(("stack of 14 lines".into(), Box::new(stack(4, 5, 14, 5e6))));
    all.push(("negative bars".into(), Box::new(bars(4, 3, -5e6))));
    all.push(("negative waterfall".into(), Box::new(waterfall(3, 5, -5e6))));
    all.push(("negative fan".into(), Box::new(fan(4, 3, -5e6))));
    all.push(("negative differences".into(), Box::new(difference(4, 3, 1, -5e6))));
    all.push(("negative distribution".into(), Box::new(distribution(-5e6, -0.5))));
    all.push(("ten years".into(), Box::new(fan(1, 10, 5e6))));
    all.push(("twenty years".into(), Box::new(bars(1, 20, 5e6))));
    all
}
