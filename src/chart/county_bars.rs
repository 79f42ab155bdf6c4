//! Spending by county: bars for the mean, whiskers from the 5th to the 95th percentile, grouped by year.

use super::Chart;
use super::canvas::Rect;
use super::caption::Caption;
use super::error::ChartError;
use super::legend::{Key, Swatch};
use super::level::{Level, Mark, Row};
use super::number::{self, Unit};
use super::sheet::{INNER, Sheet};
use super::spread::{self, Reach, Spread};
use super::table::Table;
use super::theme;
use super::upright::Upright;
use crate::lang::Lang;

const NAME: &str = "county_bars";
/// More counties than this are shown for the latest year only, largest first.
const MOST_GROUPED: usize = 12;
/// More rows than this do not go on one page with every year.
const MOST_ROWS: usize = 60;
/// Counties drawn when there are many.
const MOST_SHOWN: usize = 25;

/// Spending of one county in one year.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CountySpending {
    /// County name.
    pub county: String,
    /// Budget year.
    pub year: i32,
    /// Mean and interval.
    pub spending: Spread,
}

/// Spending by county and year. Counties appear in the order of their rows; with more than 12 of them the latest year
/// alone is drawn, largest first, and of more than 25 the rest is summed in a note.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CountyBars {
    /// One row for each county and year.
    pub rows: Vec<CountySpending>,
}

impl Chart for CountyBars {
    fn draw(&self, caption: &Caption) -> Result<String, ChartError> {
        let table = self.table()?;
        let unit = spread::unit_for(table.values());
        let upright = upright(&table, unit, caption.lang);
        let few = table.counties.len() <= MOST_GROUPED;
        if few && upright.fits(INNER) {
            return draw_upright(caption, &table, &upright, unit);
        }
        if few && table.counties.len() * table.years.len() <= MOST_ROWS {
            return draw_level(caption, &table, Vec::new(), unit);
        }
        let latest = table.latest();
        let (shown, rest) = latest.sorted_by(|reach| reach.middle).head(MOST_SHOWN);
        let mut notes = Vec::new();
        if latest.counties.len() > MOST_GROUPED {
            notes.push(
                caption.lang.pick("按均值从大到小排列。", "In descending order of the mean.").to_owned(),
            );
        }
        notes.extend(rest_note(&rest, unit, caption.lang));
        draw_level(caption, &shown, notes, unit)
    }
}

impl CountyBars {
    fn table(&self) -> Result<Table<Reach>, ChartError> {
        let rows = self.rows.iter().map(|row| {
            let Spread { mean_yuan, p05_yuan, p95_yuan } = row.spending;
            let what = format!("{} {}", row.county, row.year);
            Ok((row.county.as_str(), row.year, Reach::checked(NAME, &what, [mean_yuan, p05_yuan, p95_yuan])?))
        });
        Table::of(NAME, &rows.collect::<Result<Vec<_>, ChartError>>()?)
    }
}

/// The upright form; a single county is shown by year instead.
fn upright(table: &Table<Reach>, unit: Unit, lang: Lang) -> Upright {
    let in_unit = |cell: &Option<Reach>| cell.map(|reach| reach.in_unit(unit));
    let (names, bars, n_series) = if table.counties.len() == 1 {
        let names = table.years.iter().map(|&year| number::year(year, lang)).collect();
        (names, table.cells[0].iter().map(|cell| vec![in_unit(cell)]).collect(), 1)
    } else {
        let bars = table.cells.iter().map(|row| row.iter().map(in_unit).collect()).collect();
        (table.counties.clone(), bars, table.years.len())
    };
    Upright { names, bars, colours: theme::ramp(n_series), unit: unit.label(lang), lang }
}

fn draw_upright(
    caption: &Caption,
    table: &Table<Reach>,
    upright: &Upright,
    unit: Unit,
) -> Result<String, ChartError> {
    let lang = caption.lang;
    let mut legend = Vec::new();
    if upright.colours.len() > 1 {
        let years = table.years.iter().zip(&upright.colours);
        legend.extend(years.map(|(&year, &colour)| Key::new(Swatch::Box(colour), number::year(year, lang))));
    } else {
        legend.push(Key::new(Swatch::Box(theme::MAIN), lang.pick("均值", "Mean")));
    }
    legend.push(whisker_key(lang));
    let sheet = Sheet { legend, body_height: 640, ..sheet(table, unit, lang) };
    sheet.draw(caption, |canvas, rect| upright.draw(canvas, rect))
}

fn draw_level(
    caption: &Caption,
    table: &Table<Reach>,
    notes: Vec<String>,
    unit: Unit,
) -> Result<String, ChartError> {
    let lang = caption.lang;
    let colours = theme::ramp(table.years.len());
    let several = table.years.len() > 1;
    let mut rows = Vec::new();
    for (group, cells) in table.cells.iter().enumerate() {
        for (k, reach) in cells.iter().enumerate().filter(|(_, cell)| cell.is_some()) {
            let part = if several { number::year(table.years[k], lang) } else { String::new() };
            let reaches = vec![reach.map(|reach| reach.in_unit(unit))];
            rows.push(Row { group, part, reaches, mark: Mark::Bar(colours[k]) });
        }
    }
    let level = Level {
        groups: table.counties.clone(),
        columns: vec![String::new()],
        rows,
        head: lang.pick("均值（90%区间）", "mean (90% interval)"),
        unit: unit.label(lang),
        lang,
    };
    let legend =
        vec![Key::new(Swatch::Box(colours[colours.len() - 1]), lang.pick("均值", "Mean")), whisker_key(lang)];
    let sheet = Sheet { legend, notes, body_height: level.height(), ..sheet(table, unit, lang) };
    sheet.draw(caption, |canvas, rect: Rect| level.draw(canvas, rect))
}

fn sheet(table: &Table<Reach>, unit: Unit, lang: Lang) -> Sheet {
    let of_year = match table.years.as_slice() {
        [year] => format!("{}{}", lang.pick("", ", "), number::year(*year, lang)),
        _ => String::new(),
    };
    let title = match (table.counties.as_slice(), lang) {
        ([county], Lang::Zh) => format!("{county}{of_year}医疗救助支出"),
        ([county], Lang::En) => format!("Medical-assistance spending, {county}{of_year}"),
        (_, Lang::Zh) => format!("{of_year}各县（市、区）医疗救助支出"),
        (_, Lang::En) => format!("Medical-assistance spending by county{of_year}"),
    };
    Sheet { title, facts: vec![unit.fact(lang)], ..Sheet::default() }
}

fn whisker_key(lang: Lang) -> Key {
    Key::new(Swatch::Whisker, lang.pick("90%区间（P5～P95）", "90% interval (P5–P95)"))
}

fn rest_note(rest: &[Reach], unit: Unit, lang: Lang) -> Option<String> {
    if rest.is_empty() {
        return None;
    }
    let n = rest.len();
    let sum = number::amount(rest.iter().map(|reach| reach.middle).sum(), unit, lang);
    Some(match lang {
        Lang::Zh => {
            format!("图中为支出最大的{MOST_SHOWN}个县（市、区），其余{n}个未画出，其均值合计{sum}。")
        }
        Lang::En => format!(
            "The {MOST_SHOWN} largest are shown; the other {n} counties together have a mean of {sum}."
        ),
    })
}
