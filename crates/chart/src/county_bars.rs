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
use super::table::{Ranks, Table, pages};
use super::theme;
use super::upright::Upright;
use fundcast_engine::lang::Lang;

const NAME: &str = "county_bars";
/// More counties than this are shown for the latest year only, largest first.
const MOST_GROUPED: usize = 12;
/// More rows than this do not go on one page with every year.
const MOST_ROWS: usize = 60;
/// Counties on a page when there are many.
const MOST_ON_A_PAGE: usize = 28;

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
/// alone is drawn, largest first, on as many pages as it takes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CountyBars {
    /// One row for each county and year.
    pub rows: Vec<CountySpending>,
    /// The title, where rows are something else than counties: they are drawn in their order, level.
    pub title: Option<String>,
    /// Who pays, where it is one payer alone.
    pub payer: Option<String>,
    /// Whether the amounts are yuan for each resident: then counties are always ranked.
    pub per_resident: bool,
    /// The page that is drawn, from 0.
    pub page: usize,
}

impl Chart for CountyBars {
    fn draw(&self, caption: &Caption) -> Result<String, ChartError> {
        let table = self.table()?;
        let unit = if self.per_resident { Unit::Yuan } else { spread::unit_for(table.values()) };
        let upright = Upright { unit: self.unit(unit, caption.lang), ..upright(&table, unit, caption.lang) };
        let few = !self.is_ranked(table.counties.len());
        if few && upright.fits(INNER) && self.title.is_none() {
            return self.draw_upright(caption, &table, &upright, unit);
        }
        if self.title.is_some() || few && table.counties.len() * table.years.len() <= MOST_ROWS {
            return self.draw_level(caption, &table, Vec::new(), unit);
        }
        let latest = table.latest();
        let ranked = latest.sorted_by(|reach| reach.middle);
        let pages = pages(ranked.counties.len(), MOST_ON_A_PAGE);
        let page = self.page.min(pages.len() - 1);
        let by = caption.lang.pick("均值", "the mean");
        let ranks = Ranks { by, page, pages: &pages, lang: caption.lang };
        let note = format!(
            "{}{}",
            ranks.note(),
            caption.lang.pick("其他年份见数据表。", " See the table for other years.")
        );
        self.draw_level(caption, &ranked.part(pages[page].clone()), vec![note], unit)
    }
}

impl CountyBars {
    /// The pages that it takes to draw every county: one, or several of many counties.
    #[must_use]
    pub fn n_pages(&self) -> usize {
        let Ok(table) = self.table() else { return 1 };
        if !self.is_ranked(table.counties.len()) {
            return 1;
        }
        pages(table.latest().counties.len(), MOST_ON_A_PAGE).len()
    }

    const fn is_ranked(&self, n: usize) -> bool {
        self.title.is_none() && (n > MOST_GROUPED || (self.per_resident && n > 1))
    }

    const fn unit(&self, unit: Unit, lang: Lang) -> &'static str {
        if self.per_resident { lang.pick("元/人", "yuan per resident") } else { unit.label(lang) }
    }

    fn table(&self) -> Result<Table<Reach>, ChartError> {
        let rows = self.rows.iter().map(|row| {
            let Spread { mean_yuan, p05_yuan, p95_yuan } = row.spending;
            let what = format!("{} {}", row.county, row.year);
            Ok((row.county.as_str(), row.year, Reach::checked(NAME, &what, [mean_yuan, p05_yuan, p95_yuan])?))
        });
        Table::of(NAME, &rows.collect::<Result<Vec<_>, ChartError>>()?)
    }
}

impl CountyBars {
    fn draw_upright(
        &self,
        caption: &Caption,
        table: &Table<Reach>,
        upright: &Upright,
        unit: Unit,
    ) -> Result<String, ChartError> {
        let lang = caption.lang;
        let mut legend = Vec::new();
        if upright.colours.len() > 1 {
            let years = table.years.iter().zip(&upright.colours);
            legend.extend(
                years.map(|(&year, &colour)| Key::new(Swatch::Box(colour), number::year(year, lang))),
            );
        } else {
            legend.push(Key::new(Swatch::Box(theme::MAIN), lang.pick("均值", "Mean")));
        }
        legend.push(whisker_key(lang));
        let sheet = Sheet { legend, body_height: 640, ..self.sheet(table, unit, lang) };
        sheet.draw(caption, |canvas, rect| upright.draw(canvas, rect))
    }

    fn draw_level(
        &self,
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
            unit: self.unit(unit, lang),
            lang,
        };
        let legend = vec![
            Key::new(Swatch::Box(colours[colours.len() - 1]), lang.pick("均值", "Mean")),
            whisker_key(lang),
        ];
        let sheet = Sheet { legend, notes, body_height: level.height(), ..self.sheet(table, unit, lang) };
        sheet.draw(caption, |canvas, rect: Rect| level.draw(canvas, rect))
    }

    fn sheet(&self, table: &Table<Reach>, unit: Unit, lang: Lang) -> Sheet {
        let of_year = match table.years.as_slice() {
            [year] => format!("{}{}", lang.pick("", ", "), number::year(*year, lang)),
            _ => String::new(),
        };
        let what = self.what(lang);
        let title = match (table.counties.as_slice(), lang) {
            ([county], Lang::Zh) => format!("{county}{of_year}{what}"),
            ([county], Lang::En) => format!("{what}, {county}{of_year}"),
            (_, Lang::Zh) => format!("{of_year}各县（市、区）{what}"),
            (_, Lang::En) => format!("{what} by county{of_year}"),
        };
        let facts = vec![
            format!("{}{}", lang.pick("单位：", "in "), self.unit(unit, lang)),
            lang.pick("柱为均值", "bars are means").to_owned(),
        ];
        let title = self.title.clone().unwrap_or(title);
        Sheet { title, facts, percentiles: &[5, 95], ..Sheet::default() }
    }

    fn what(&self, lang: Lang) -> String {
        let each = if self.per_resident { lang.pick("人均", " per resident") } else { "" };
        match (&self.payer, lang) {
            (None, Lang::Zh) => format!("{each}医疗救助支出"),
            (None, Lang::En) => format!("Medical-assistance spending{each}"),
            (Some(payer), Lang::Zh) => format!("{each}医疗救助支出：{payer}"),
            (Some(payer), Lang::En) => format!("Medical-assistance spending of {payer}{each}"),
        }
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

fn whisker_key(lang: Lang) -> Key {
    Key::new(Swatch::Whisker, lang.pick("90%区间（P5～P95）", "90% interval (P5–P95)"))
}
