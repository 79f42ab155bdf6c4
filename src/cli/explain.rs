//! `explain`: one person's settlement sheet, under one scenario or two side by side.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

use super::args::ExplainArgs;
use super::out_file::{Kind, OutFile};
use super::{Stop, settle, terminal};
use crate::cases::Settler;
use crate::cases::answer_book::BookWriter;
use crate::cases::sheet::{Scribe, Sheet, Step};
use crate::cases::typed::TypedCase;
use crate::lang::{Lang, Words};
use crate::scenario::{self, Scenario};
use crate::units::Fen;

/// Prints the sheet of every case, or of the one that is named.
pub fn run(args: &ExplainArgs) -> Result<(), Stop> {
    let lang = Lang::from(args.lang);
    let out = OutFile::of(args.out.as_deref(), "txt")?;
    let first = scenario::load(&args.scenario, &args.settings)?;
    terminal::notices(&first.notices, false, lang);
    // Once for both scenarios: standard input cannot be read again.
    let input = settle::input(&args.cases, lang)?;
    let mut settler = Settler::new(&first);
    let cases = input.cases(&mut settler)?;
    input.remark(&cases, &mut settler, lang);
    let mut sheets = vec![sheets(&first, (args, &input), lang)?];
    let mut names = vec![first.id.clone()];
    if let Some(path) = &args.other {
        let other = scenario::load(path, &[])?;
        terminal::notices(&other.notices, false, lang);
        sheets.push(self::sheets(&other, (args, &input), lang)?);
        names.push(other.id.clone());
    }
    let n = sheets[0].len();
    if n == 0 && args.case.is_some() {
        let wanted = args.case.clone().unwrap_or_default();
        return Err(Stop::BadInput(Words::new(
            format!("--case {wanted}：没有这个名称的个案"),
            format!("--case {wanted}: no case has this name"),
        )));
    }
    if let Some(out) = out.as_ref().filter(|out| out.kind == Kind::Book) {
        let writer = BookWriter { names: &first.policy.names, lang };
        return out.write(&writer.sheets(&side_by_side(sheets, &names))?);
    }
    let mut text = String::new();
    for index in 0..n {
        match sheets.get(1) {
            None => text.push_str(&one(&sheets[0][index], lang)),
            Some(other) => text.push_str(&two((&sheets[0][index], &other[index]), &names, lang)),
        }
        text.push('\n');
    }
    match out {
        Some(out) => out.write(text.as_bytes()),
        None => Ok(terminal::result(&text)?),
    }
}

/// The sheets of all scenarios, those of a case after each other; of two each title says whose it is.
fn side_by_side(sheets: Vec<Vec<Sheet>>, names: &[String]) -> Vec<Sheet> {
    let is_alone = sheets.len() == 1;
    let mut all: Vec<(usize, usize, Sheet)> = Vec::new();
    for (scenario, sheets) in sheets.into_iter().enumerate() {
        for (case, mut sheet) in sheets.into_iter().enumerate() {
            if !is_alone {
                sheet.title = format!("{} ({})", sheet.title, names[scenario]);
            }
            all.push((case, scenario, sheet));
        }
    }
    all.sort_by_key(|(case, scenario, _)| (*case, *scenario));
    all.into_iter().map(|(_, _, sheet)| sheet).collect()
}

fn sheets(
    scenario: &Scenario,
    (args, input): (&ExplainArgs, &settle::Input),
    lang: Lang,
) -> Result<Vec<Sheet>, Stop> {
    let mut settler = Settler::new(scenario);
    let cases = input.cases(&mut settler)?;
    let asked = |case: &TypedCase| args.case.as_ref().is_none_or(|name| *name == case.name);
    let settled = settler.settle_households(&cases, asked)?;
    let mut sheets = Vec::new();
    for (case, settled) in cases.iter().zip(settled).filter(|(case, _)| asked(case)) {
        let Some(settled) = settled else { continue };
        let here = &scenario.place.counties[case.county];
        let county = lang.pick(&here.label_zh, &here.label_en).to_owned();
        let policy = &scenario.policy;
        if let Some(rules) = settler.rules_of_settled(case, &settled) {
            sheets.push(Scribe { policy, rules, county: &county, lang }.sheet(case, &settled));
        }
    }
    Ok(sheets)
}

fn group_title(sheet: &Sheet, of: &str, lang: Lang) -> String {
    match of {
        "subsidy" => lang.pick("资助参保", "Contribution subsidy").to_owned(),
        "year end" => lang.pick("年末", "Year end").to_owned(),
        id => {
            let text = sheet.claims.iter().find(|(name, _)| name == id).map_or("", |(_, text)| text.as_str());
            format!("{id}: {text}")
        }
    }
}

fn table(header: &[&str], right: &[usize]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Disabled);
    if let Some(wide) = terminal::columns().and_then(|columns| u16::try_from(columns).ok()) {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(wide);
    }
    table.set_header(header.to_vec());
    for &column in right {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// The formula with what goes with it in words.
fn formula(step: &Step, lang: Lang) -> String {
    match (step.note.is_empty(), lang) {
        (true, _) => step.formula.clone(),
        (false, Lang::Zh) => format!("{}（{}）", step.formula, step.note),
        (false, Lang::En) => format!("{} ({})", step.formula, step.note),
    }
}

fn left(step: &Step) -> String {
    step.left.map_or_else(String::new, |left| left.to_string())
}

/// Consecutive steps of the same claim.
fn groups(steps: &[Step]) -> Vec<&[Step]> {
    steps.chunk_by(|a, b| a.of == b.of).collect()
}

fn one(sheet: &Sheet, lang: Lang) -> String {
    let header = match lang {
        Lang::Zh => ["步骤", "计算", "舍入前", "金额（元）", "余额（元）", "条款"],
        Lang::En => ["Step", "Formula", "Before rounding", "Amount (yuan)", "Left (yuan)", "Clauses"],
    };
    let mut text = format!("{} {}\n", lang.pick("结算单", "Settlement sheet"), sheet.title);
    for steps in groups(&sheet.steps) {
        text.push_str(&format!("\n{}\n", group_title(sheet, &steps[0].of, lang)));
        let mut rows = table(&header, &[2, 3, 4]);
        for step in steps {
            rows.add_row(vec![
                step.name.clone(),
                formula(step, lang),
                step.unrounded.clone(),
                step.amount.to_string(),
                left(step),
                step.cite.clone(),
            ]);
        }
        text.push_str(&format!("{rows}\n"));
    }
    let totals: Vec<String> = sheet.totals.iter().map(|(name, amount)| format!("{name} {amount}")).collect();
    text.push_str(&format!("\n{}\n", totals.join(lang.pick("，", ", "))));
    text
}

/// Both sheets; steps are matched by claim and order, the first that differs is marked.
fn two((base, other): (&Sheet, &Sheet), names: &[String], lang: Lang) -> String {
    let header = match lang {
        Lang::Zh => ["", "步骤", "计算一", "金额一", "计算二", "金额二", "差额", "条款一 | 条款二"],
        Lang::En => {
            ["", "Step", "Formula 1", "Amount 1", "Formula 2", "Amount 2", "Difference", "Clauses 1 | 2"]
        }
    };
    let mut text = format!(
        "{} {}\n1 = {}, 2 = {}\n",
        lang.pick("结算单", "Settlement sheet"),
        base.title,
        names[0],
        names[1]
    );
    let mut found = false;
    let pairs = matched(&base.steps, &other.steps);
    for group in pairs.chunk_by(|a, b| of(a) == of(b)) {
        text.push_str(&format!("\n{}\n", group_title(base, of(&group[0]), lang)));
        let mut rows = table(&header, &[3, 5, 6]);
        for pair in group {
            let differs = pair.0.map(|step| (&step.formula, &step.note, step.amount))
                != pair.1.map(|step| (&step.formula, &step.note, step.amount));
            let mark = if differs && !found { "►" } else { "" };
            found |= differs;
            let amount = |step: Option<&Step>| step.map_or(Fen::ZERO, |step| step.amount);
            let text_of =
                |step: Option<&Step>, part: fn(&Step) -> String| step.map_or_else(|| "—".to_owned(), part);
            let name = pair.0.or(pair.1).map_or("", |step| step.name.as_str());
            rows.add_row(vec![
                mark.to_owned(),
                name.to_owned(),
                pair.0.map_or_else(|| "—".to_owned(), |step| formula(step, lang)),
                text_of(pair.0, |step| step.amount.to_string()),
                pair.1.map_or_else(|| "—".to_owned(), |step| formula(step, lang)),
                text_of(pair.1, |step| step.amount.to_string()),
                (amount(pair.1) - amount(pair.0)).to_string(),
                format!(
                    "{} | {}",
                    text_of(pair.0, |step| step.cite.clone()),
                    text_of(pair.1, |step| step.cite.clone())
                ),
            ]);
        }
        text.push_str(&format!("{rows}\n"));
    }
    for ((name, first), (_, second)) in base.totals.iter().zip(&other.totals) {
        text.push_str(&format!("{name}: {first} | {second} ({})\n", *second - *first));
    }
    let verdict = if found {
        lang.pick("► 首个不同的步骤", "► the first step that differs")
    } else {
        lang.pick("两个方案逐步相同", "the two scenarios agree in every step")
    };
    text.push_str(&format!("{verdict}\n"));
    text
}

type Pair<'a> = (Option<&'a Step>, Option<&'a Step>);

fn of<'a>(pair: &Pair<'a>) -> &'a str {
    pair.0.or(pair.1).map_or("", |step| step.of.as_str())
}

/// Steps of both sheets side by side: by claim, then by name in order; a step of only one has no partner.
fn matched<'a>(base: &'a [Step], other: &'a [Step]) -> Vec<Pair<'a>> {
    let mut order: Vec<&str> = Vec::new();
    for step in base.iter().chain(other) {
        if !order.contains(&step.of.as_str()) {
            order.push(&step.of);
        }
    }
    // The contribution comes first and the year's end last, whichever sheet has them.
    order.sort_by_key(|of| match *of {
        "subsidy" => 0,
        "year end" => 2,
        _ => 1,
    });
    let mut pairs = Vec::new();
    for of in order {
        let mut rest: Vec<&Step> = other.iter().filter(|step| step.of == of).collect();
        for step in base.iter().filter(|step| step.of == of) {
            let partner = rest.iter().position(|candidate| candidate.name == step.name);
            // Steps that the other sheet has before the partner stand alone.
            let before = partner.map_or(0, |position| position);
            pairs.extend(rest.drain(..before).map(|alone| (None, Some(alone))));
            let partner = if partner.is_some() { Some(rest.remove(0)) } else { None };
            pairs.push((Some(step), partner));
        }
        pairs.extend(rest.into_iter().map(|alone| (None, Some(alone))));
    }
    pairs
}
