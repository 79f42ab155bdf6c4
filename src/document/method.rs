//! Method and limits in plain words: every number in them is read off the run.

use super::content::Block;
use super::labels::Words;
use crate::lang::Lang;
use crate::raw::settings::Source;
use crate::report::csv_files::ALL;
use crate::report::number::percent;

/// How the figures were found.
#[must_use]
pub fn method(words: Words<'_>) -> Vec<Block> {
    let record = &words.run.record;
    let (n, years) = (record.replicates, super::findings::years(words));
    // Who knows the seed could try which counts give the published figures.
    let seed = match words.lang {
        _ if record.published => String::new(),
        Lang::Zh => format!("（种子{}）", record.seed),
        Lang::En => format!(" (seed {})", record.seed),
    };
    let mut all = vec![match words.lang {
        Lang::Zh => format!(
            "按县（市、区）生成与人口表相符的合成人口，模拟每个人一年的患病和费用，逐笔按“基本医保—大病保险—医疗救助—倾斜救助”结算到分，计算参保资助，共{}个县区、{years}，重复{n}次，每次换一组随机数{seed}。",
            record.counties.len()
        ),
        Lang::En => format!(
            "For each county a synthetic population is drawn that meets the population tables; each person's year of illness and bills is simulated and settled bill by bill to the fen through basic insurance, critical-illness insurance, assistance and tilt assistance, contribution subsidies besides: {} {}, {years}, repeated {n} {} on other random numbers{seed}.",
            record.counties.len(),
            if record.counties.len() == 1 { "county" } else { "counties" },
            if n == 1 { "time" } else { "times" }
        ),
    }];
    if !record.warm_up.is_empty() {
        let warm: Vec<String> = record.warm_up.iter().map(|year| year.year.to_string()).collect();
        all.push(match words.lang {
            Lang::Zh => format!("首年之前先模拟{}年，不列入结果，使首年的申请救助和认定有上年基础。", warm.join("、")),
            Lang::En => format!("The years {} are simulated before and not reported, so that the first year has the applications and recognitions of a past.", warm.join(", ")),
        });
    }
    all.push(if words.run.is_comparison() {
        words.pick(
            "各方案用同一组随机数逐次配对：同一个人在各方案中患同样的病，差额只来自规定的不同；完全相同的方案差额为0。均值的95%误差区间说明均值算得多准，P5至P95是结果的范围，二者不同。",
            "The scenarios are paired on the same draws: a person falls ill in the same way in each, so a difference comes from the rules alone; equal scenarios differ by 0. The 95 % error of the mean says how well the mean is known, P5 to P95 is the range of outcomes: they are two things.",
        )
    } else {
        words.pick(
            "均值是各次模拟的平均；标准误说明模拟次数带来的误差；P95是至少95%的模拟不超过的最小金额，即在95%的模拟中够用的最小预算。“全部县区”先在每次模拟内相加再取分位数，各县区的分位数不能相加。",
            "The mean is over the replicates; its standard error is what the number of replicates leaves open; P95 is the smallest amount that at least 95 % of the replicates do not exceed: the smallest budget that is enough in them. All counties are added up within each replicate before a percentile is taken; percentiles of counties may not be added.",
        )
    }.to_owned());
    all.push(format!(
        "{}{}{}",
        words.pick("依据：", "Basis: "),
        record.basis.text(words.lang),
        words.pick("。", ".")
    ));
    all.into_iter().map(Block::Text).collect()
}

/// What the figures do not say.
#[must_use]
pub fn limits(words: Words<'_>) -> Vec<Block> {
    let mut all = Vec::new();
    let of_all = |row: &&crate::report::finished::Assumed| row.county_code == ALL && row.year.is_none();
    if let Some(row) = words.run.record.resting_on_assumed_inputs.iter().find(of_all) {
        let share = |value: Option<f64>| value.map(percent);
        let counts = row.shares.get("counts").copied().flatten();
        if let (Some(any), Some(counts)) = (share(row.any), share(counts)) {
            all.push(match words.lang {
                Lang::Zh => format!("支出均值中{any}至少依赖一类推算的输入，{counts}依赖推算的人数；正式编制预算前应先用台账人数替换。"),
                Lang::En => format!("{any} of the mean spending rests on at least one kind of assumed input, {counts} on assumed counts of persons: replace these by the register's own before signing a budget."),
            });
        }
    }
    let counts = &words.run.record.inputs;
    let number = |status: &'static str| {
        let n: u64 =
            counts.iter().flat_map(|one| one.provenance.values()).filter_map(|by| by.get(status)).sum();
        match words.lang {
            Lang::Zh => format!("{}{n}个", words.status(status)),
            Lang::En => format!("{n} {}", words.status(status)),
        }
    };
    let statuses = ["found", "derived", "assumed"].map(number);
    all.push(match words.lang {
        Lang::Zh => format!("方案文件中的参数：{}。", statuses.join("，")),
        Lang::En => format!("Values in the files of the scenario: {}.", statuses.join(", ")),
    });
    all.push(held_by_intervals(&words));
    all.extend(super::sources::sentence(words));
    all.into_iter().map(Block::Text).collect()
}

/// What the intervals hold, and what the run switched off.
fn held_by_intervals(words: &Words<'_>) -> String {
    const SOURCES: [(Source, &str, &str); 4] = [
        (Source::YearShocks, "各县区共同的年度波动", "shocks of a year that all counties share"),
        (Source::CountyShocks, "各县区自身的波动", "shocks of single counties"),
        (Source::Parameters, "疾病模型水平的不确定性", "the uncertain level of the illness model"),
        (Source::Counts, "人数的不确定性", "uncertain numbers of persons"),
    ];
    let without = &words.run.record.without;
    let (off, on): (Vec<_>, Vec<_>) =
        SOURCES.iter().partition(|(source, ..)| without.iter().any(|name| name == source.name()));
    let list = |sources: &[&(Source, &str, &str)]| {
        let names: Vec<&str> = sources.iter().map(|(_, zh, en)| words.pick(zh, en)).collect();
        names.join(words.pick("、", ", "))
    };
    match (words.lang, off.is_empty()) {
        (Lang::Zh, true) => format!("区间包含偶然性、{}，不包含规定的改变。", list(&on)),
        (Lang::Zh, false) => {
            let on = if on.is_empty() { String::new() } else { format!("、{}", list(&on)) };
            format!("区间包含偶然性{on}；本次关闭了{}，因此只供分析，不能据以编制预算。", list(&off))
        }
        (Lang::En, true) => format!("The intervals hold chance, {}; not a change of the rules.", list(&on)),
        (Lang::En, false) => {
            let on = if on.is_empty() { String::new() } else { format!(", {}", list(&on)) };
            let off = list(&off);
            format!(
                "The intervals hold chance{on}; switched off in this run: {off}. They are for analysis, not for a budget."
            )
        }
    }
}
