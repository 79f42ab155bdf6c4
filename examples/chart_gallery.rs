//! Draws every chart with invented figures, in both languages and several sizes: `cargo run --release --example
//! chart_gallery -- FOLDER`. Only for looking at; nothing here is a result.
#![allow(clippy::print_stdout, reason = "an example that reports its timings")]

use std::path::PathBuf;
use std::time::Instant;

use fundcast::chart::{
    Caption, Chart, CountyBars, CountySpending, Difference, DifferenceRow, Distribution, Fan, FanSeries,
    FanYear, LinesStack, Marks, Spread, StackSeries, StackYear, Taper, TaperYear, missing_glyphs, save,
};
use fundcast::lang::Lang;

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
    "田林县",
    "西林县",
    "隆林各族自治县",
];
const COUNTIES_EN: [&str; 12] = [
    "Youjiang",
    "Tianyang",
    "Tiandong",
    "Pingguo",
    "Debao",
    "Jingxi",
    "Napo",
    "Lingyun",
    "Leye",
    "Tianlin",
    "Xilin",
    "Longlin Multinational Autonomous County",
];
const LINES: [(&str, &str); 7] = [
    ("住院救助", "Inpatient assistance"),
    ("门诊慢特病救助", "Chronic outpatient"),
    ("普通门诊救助", "General outpatient"),
    ("倾斜救助", "Extra help"),
    ("资助参保", "Contribution subsidy"),
    ("重特大疾病依申请救助", "On application, major illness"),
    ("罕见病用药", "Rare-disease drugs"),
];

fn name(i: usize, lang: Lang) -> String {
    match (i, lang) {
        (0..12, Lang::Zh) => COUNTIES[i].to_owned(),
        (0..12, Lang::En) => COUNTIES_EN[i].to_owned(),
        (_, Lang::Zh) => format!("示例{i:03}县"),
        (_, Lang::En) => format!("Example County {i:03}"),
    }
}

/// A wobble in 0..1 that is the same each time.
fn wobble(i: usize) -> f64 {
    (i as f64 * 0.618_034).fract()
}

fn mean(county: usize, year: i32) -> f64 {
    let size = 4e6 + 3e7 * wobble(county + 3).powi(2);
    size * 1.06f64.powi(year - 2025)
}

fn spread(mean: f64) -> Spread {
    Spread { mean_yuan: mean, p05_yuan: mean * 0.84, p95_yuan: mean * 1.21 }
}

fn caption(lang: Lang) -> Caption {
    Caption {
        lang,
        title: None,
        scenario: lang
            .pick(
                "示例市2025—2029年现行政策（演示数据）",
                "Example city 2025–2029, current policy (invented data)",
            )
            .into(),
        replicates: 10_000,
        run: "7f3a2c91".into(),
        source: lang
            .pick(
                "资料来源：fundcast 模拟；演示数据，非实际结果。",
                "Source: fundcast simulation; invented data, not a result.",
            )
            .into(),
    }
}

fn bars(n: usize, years: i32, lang: Lang) -> CountyBars {
    let rows = (0..n).flat_map(|i| {
        (2025..2025 + years).map(move |year| CountySpending {
            county: name(i, lang),
            year,
            spending: spread(mean(i, year)),
        })
    });
    CountyBars { rows: rows.collect(), ..CountyBars::default() }
}

fn fan_series(name: String, base: f64, years: i32) -> FanSeries {
    let year = |k: i32| {
        let m = base * 1.06f64.powi(k);
        let s = 0.09 + 0.02 * f64::from(k);
        FanYear {
            year: 2025 + k,
            p05_yuan: m * (1.0 - 1.5 * s),
            p25_yuan: m * (1.0 - 0.65 * s),
            p50_yuan: m,
            p75_yuan: m * (1.0 + 0.7 * s),
            p95_yuan: m * (1.0 + 1.8 * s),
        }
    };
    FanSeries { name, years: (0..years).map(year).collect() }
}

fn all(lang: Lang) -> String {
    lang.pick("全市", "Whole city").into()
}

fn fan(n: usize, years: i32, lang: Lang) -> Fan {
    let total: f64 = (0..n).map(|i| mean(i, 2025)).sum();
    let counties = if n > 1 {
        (0..n).map(|i| fan_series(name(i, lang), mean(i, 2025), years)).collect()
    } else {
        Vec::new()
    };
    Fan {
        total: fan_series(if n > 1 { all(lang) } else { name(0, lang) }, total, years),
        counties,
        ..Fan::default()
    }
}

fn stack_series(name: String, base: f64, years: i32) -> StackSeries {
    let shares = [0.46, 0.17, 0.03, 0.12, 0.14, 0.06, 0.02];
    let year = |k: i32| StackYear {
        year: 2025 + k,
        means_yuan: shares.map(|s| s * base * 1.06f64.powi(k)).to_vec(),
    };
    StackSeries { name, years: (0..years).map(year).collect() }
}

fn stack(n: usize, years: i32, lang: Lang) -> LinesStack {
    let total: f64 = (0..n).map(|i| mean(i, 2025)).sum();
    let counties = if n > 1 {
        (0..n).map(|i| stack_series(name(i, lang), mean(i, 2025), years)).collect()
    } else {
        Vec::new()
    };
    LinesStack {
        lines: LINES.map(|(zh, en)| lang.pick(zh, en).to_owned()).to_vec(),
        total: stack_series(if n > 1 { all(lang) } else { name(0, lang) }, total, years),
        counties,
        page: 0,
    }
}

fn taper(lang: Lang) -> Taper {
    let years = [(2023, 0.6, 350.0), (2024, 0.5, 380.0), (2025, 0.4, 400.0), (2026, 0.3, 420.0)];
    let year = |(year, share, full): (i32, f64, f64)| TaperYear {
        year,
        share,
        subsidy_yuan: share * full,
        contribution_yuan: Some(full),
        cost: spread(share * full * 21_000.0),
    };
    Taper {
        county: None,
        group: lang.pick("稳定脱贫人口", "people lifted out of poverty").into(),
        payer: lang.pick("县级财政", "the county").into(),
        years: years.map(year).to_vec(),
    }
}

fn distribution(lang: Lang, tail: f64) -> Distribution {
    let value = |i: usize| {
        let normal: f64 = (0..12).map(|k| wobble(i * 37 + k * 911)).sum::<f64>() - 6.0;
        3.1e7 * (0.16 * normal + tail * (wobble(i * 7 + 1) - 0.98).max(0.0) * 60.0).exp()
    };
    let mut trials: Vec<f64> = (0..10_000).map(value).collect();
    trials.sort_by(f64::total_cmp);
    let at = |q: f64| trials[(q * trials.len() as f64) as usize];
    let marks = Marks {
        mean_yuan: trials.iter().sum::<f64>() / trials.len() as f64,
        p50_yuan: at(0.5),
        p90_yuan: at(0.9),
        p95_yuan: at(0.95),
        budget_yuan: Some(3.9e7),
    };
    Distribution { county: name(11, lang), year: 2025, marks, trials_yuan: trials }
}

fn difference(n: usize, years: i32, scenarios: usize, lang: Lang, scale: f64) -> Difference {
    let zh = ["60%资助延长一年", "起付线降低一半", "封顶线提高到8万元", "三重保障外不倾斜", "全市统筹"];
    let en = [
        "60% subsidy one more year",
        "Half the deductible",
        "Cap raised to 80,000 yuan",
        "No extra help",
        "City-wide pool",
    ];
    let mut rows = Vec::new();
    for s in 0..scenarios {
        for county in 0..n {
            for year in 2025..2025 + years {
                let m = scale
                    * mean(county, year)
                    * (0.05 + 0.03 * wobble(s * 5 + county))
                    * if s % 2 == 1 { -1.0 } else { 1.0 };
                let half = m.abs() * 0.12;
                rows.push(DifferenceRow {
                    scenario: lang.pick(zh[s], en[s]).into(),
                    county: name(county, lang),
                    year,
                    mean_yuan: m,
                    error95_yuan: Some(half / 8.0),
                    p05_yuan: m - half,
                    p95_yuan: m + half,
                });
            }
        }
    }
    Difference { base: lang.pick("现行政策", "Current policy").into(), rows, page: 0 }
}

fn charts(lang: Lang) -> Vec<(String, Box<dyn Chart>)> {
    let mut charts: Vec<(String, Box<dyn Chart>)> = Vec::new();
    for n in [1, 4, 7, 12, 111] {
        charts.push((format!("bars-{n:03}"), Box::new(bars(n, 3, lang))));
        charts.push((format!("fan-{n:03}"), Box::new(fan(n, 5, lang))));
        charts.push((format!("stack-{n:03}"), Box::new(stack(n, 5, lang))));
    }
    charts.push(("bars-012x5".into(), Box::new(bars(12, 5, lang))));
    charts.push(("bars-001x1".into(), Box::new(bars(1, 1, lang))));
    charts.push(("fan-004x1".into(), Box::new(fan(4, 1, lang))));
    charts.push(("fan-001x10".into(), Box::new(fan(1, 10, lang))));
    charts.push(("stack-001x1".into(), Box::new(stack(1, 1, lang))));
    charts.push(("taper".into(), Box::new(taper(lang))));
    charts.push(("distribution".into(), Box::new(distribution(lang, 0.0))));
    charts.push(("distribution-tail".into(), Box::new(distribution(lang, 1.0))));
    for (n, years, scenarios) in
        [(1, 3, 1), (4, 3, 1), (12, 3, 1), (111, 3, 1), (4, 3, 2), (12, 3, 3), (4, 3, 5), (111, 1, 5)]
    {
        let chart = difference(n, years, scenarios, lang, 1.0);
        charts.push((format!("difference-{n:03}x{years}x{scenarios}"), Box::new(chart)));
    }
    charts.push(("difference-zero".into(), Box::new(difference(4, 3, 1, lang, 0.0))));
    charts.push(("difference-negative".into(), Box::new(difference(4, 3, 1, lang, -1.0))));
    charts.push(("difference-tiny".into(), Box::new(difference(4, 3, 1, lang, 1e-7))));
    charts
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("give a folder")?);
    std::fs::create_dir_all(&folder)?;
    for lang in [Lang::Zh, Lang::En] {
        for (stem, chart) in charts(lang) {
            let start = Instant::now();
            let svg = chart.draw(&caption(lang))?;
            let drawn = start.elapsed();
            let stem = folder.join(format!("{stem}-{}", lang.pick("zh", "en")));
            save::write_svg(&stem.with_extension("svg"), &svg)?;
            save::write_png(&stem.with_extension("png"), &svg, save::DEFAULT_DPI)?;
            let missing = missing_glyphs(&svg);
            println!(
                "{}: drawn {drawn:.1?}, all {:.1?}, {} bytes {missing}",
                stem.display(),
                start.elapsed(),
                svg.len()
            );
        }
    }
    Ok(())
}
