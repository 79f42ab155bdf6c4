//! A subsidy that shrinks by year: what one person gets, with its share of the contribution, beside what it costs the payer.

use super::Chart;
use super::canvas::{Canvas, Drawn, Rect};
use super::caption::Caption;
use super::error::ChartError;
use super::legend::{Key, Swatch};
use super::number::{self, Unit, figure, percent};
use super::panel::Panel;
use super::sheet::{self, AXIS_SIZE, AXIS_TOP, Sheet};
use super::spread::{self, Reach, Spread};
use super::text::Text;
use super::theme::{AXIS, LABEL, MAIN, PALETTE, SMALL, SUBTITLE, ink_on};
use super::ticks::Ticks;
use super::upright::{FIGURES, Upright, figure_y, head_room, row_heads};
use super::wrap;
use fundcast_engine::lang::Lang;

const NAME: &str = "taper";
/// Height of the panel titles.
const PANEL_TITLE: i32 = 44;
/// Colour of the subsidy; the cost has the main colour.
const SUBSIDY: plotters::style::RGBColor = PALETTE[1];

/// One coverage year of the subsidy.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct TaperYear {
    /// Coverage year.
    pub year: i32,
    /// Share of the person's contribution that is paid, 0.6 for 60 %.
    pub share: f64,
    /// Subsidy for one person, in yuan.
    pub subsidy_yuan: f64,
    /// The person's whole contribution, in yuan, drawn as an outline; `None` to leave it out.
    pub contribution_yuan: Option<f64>,
    /// What the payer spends on it.
    pub cost: Spread,
}

/// A subsidy by coverage year and its cost to one payer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Taper {
    /// The county, where each has a subsidy of its own.
    pub county: Option<String>,
    /// Who is subsidised, such as 稳定脱贫人口.
    pub group: String,
    /// Who pays, such as 县级财政.
    pub payer: String,
    /// The years, ascending.
    pub years: Vec<TaperYear>,
}

impl Chart for Taper {
    fn draw(&self, caption: &Caption) -> Result<String, ChartError> {
        let lang = caption.lang;
        let reaches = self.checked()?;
        let unit = spread::unit_for(&reaches);
        let cost = Upright {
            names: self.years.iter().map(|year| number::year(year.year, lang)).collect(),
            bars: reaches.iter().map(|reach| vec![Some(reach.in_unit(unit))]).collect(),
            colours: vec![MAIN],
            unit: unit.label(lang),
            lang,
        };
        let sheet = Sheet {
            title: match lang {
                Lang::Zh => {
                    let county = self.county.as_deref().unwrap_or_default();
                    format!("{county}资助{}参保：逐年标准与{}负担", self.group, self.payer)
                }
                Lang::En => {
                    let county =
                        self.county.as_ref().map_or_else(String::new, |county| format!(", {county}"));
                    format!("Contribution subsidy for {}{county}", self.group)
                }
            },
            legend: self.legend(lang),
            percentiles: &[5, 95],
            body_height: 640,
            ..Sheet::default()
        };
        sheet.draw(caption, |canvas, rect| {
            let middle = rect.left + rect.width() / 2;
            let left = Rect { right: middle - 25, ..rect };
            let right = Rect { left: middle + 25, ..rect };
            let left = titled(canvas, left, lang.pick("每人每年资助额", "Subsidy per person and year"));
            let right = titled(canvas, right, &cost_title(&self.payer, lang));
            self.subsidies(canvas, left, cost.base_line(right), lang)?;
            cost.draw(canvas, right)
        })
    }
}

impl Taper {
    /// Draws the subsidies on the base line of the cost, with the contribution and the subsidy in rows below it where
    /// the cost has its figures in rows, else with the subsidy above each bar.
    fn subsidies(&self, canvas: &mut Canvas<'_>, rect: Rect, base_line: i32, lang: Lang) -> Drawn {
        sheet::unit_above(canvas, Unit::Yuan.label(lang), lang, (rect.left, rect.top));
        let high = self
            .years
            .iter()
            .map(|y| y.subsidy_yuan.max(y.contribution_yuan.unwrap_or(0.0)))
            .fold(0.0, f64::max);
        let ticks = Ticks::from_zero(0.0, high * 1.08, 5);
        let heads = [lang.pick("缴费", "due"), lang.pick("资助", "paid")];
        let has_rows = rect.bottom - base_line > FIGURES + LABEL;
        let left = rect.left + head_room(&ticks, heads);
        let frame = Rect { left, top: rect.top + AXIS_TOP, bottom: base_line, ..rect };
        let panel = Panel::new(frame, 0.0..self.years.len() as f64, ticks.low..ticks.high);
        panel.value_axis(canvas, &ticks, AXIS_SIZE)?;
        if has_rows {
            row_heads(canvas, heads, (left, base_line));
        }
        for (i, year) in self.years.iter().enumerate() {
            draw_subsidy(canvas, &panel, (i as f64 + 0.5, has_rows), year)?;
        }
        let names: Vec<_> = self.years.iter().map(|year| number::year(year.year, lang)).collect();
        let names_at = base_line + if has_rows { FIGURES } else { 0 };
        let below = Panel::new(Rect { bottom: names_at, ..frame }, 0.0..self.years.len() as f64, 0.0..1.0);
        below.name_axis(canvas, &names, LABEL);
        Ok(())
    }

    fn checked(&self) -> Result<Vec<Reach>, ChartError> {
        if self.years.is_empty() {
            return Err(ChartError::NoData { chart: NAME });
        }
        let check = |year: &TaperYear| {
            let what = year.year.to_string();
            let values = [year.share, year.subsidy_yuan, year.contribution_yuan.unwrap_or(0.0)];
            spread::finite(NAME, &what, &values)?;
            if let Some(&value) = values.iter().find(|&&value| value < 0.0) {
                return Err(ChartError::Negative { chart: NAME, what, value });
            }
            let Spread { mean_yuan, p05_yuan, p95_yuan } = year.cost;
            Reach::checked(NAME, &what, [mean_yuan, p05_yuan, p95_yuan])
        };
        self.years.iter().map(check).collect()
    }

    fn legend(&self, lang: Lang) -> Vec<Key> {
        let text = lang.pick("资助额（柱内为资助比例）", "Subsidy (share of the contribution on the bar)");
        let mut keys = vec![Key::new(Swatch::Box(SUBSIDY), text)];
        if self.years.iter().any(|year| year.contribution_yuan.is_some()) {
            keys.push(Key::new(Swatch::Outline(AXIS), lang.pick("个人缴费标准", "Contribution")));
        }
        keys.push(Key::new(Swatch::Box(MAIN), lang.pick("负担均值", "Mean cost")));
        keys.push(Key::new(Swatch::Whisker, lang.pick("90%区间（P5～P95）", "90% interval (P5–P95)")));
        keys
    }
}

fn draw_subsidy(
    canvas: &mut Canvas<'_>,
    panel: &Panel,
    (middle, has_rows): (f64, bool),
    year: &TaperYear,
) -> Drawn {
    let half = 0.31;
    panel.bar(canvas, (middle - half, 0.0), (middle + half, year.subsidy_yuan), SUBSIDY)?;
    if let Some(whole) = year.contribution_yuan {
        let (l, r) = (middle - half, middle + half);
        panel.path(canvas, &[(l, 0.0), (l, whole), (r, whole), (r, 0.0), (l, 0.0)], AXIS, 2)?;
    }
    let ((x, top), (_, bottom)) = (panel.at(middle, year.subsidy_yuan), panel.at(middle, 0.0));
    let words = |yuan: f64| figure(yuan, usize::from(yuan.fract().abs() > 0.005));
    if has_rows {
        for (row, yuan) in [year.contribution_yuan, Some(year.subsidy_yuan)].into_iter().enumerate() {
            let at = (x, figure_y(panel.frame.bottom, row));
            canvas.text(&Text::new(yuan.map_or_else(|| "-".to_owned(), words), at).size(SMALL).centred());
        }
    } else {
        canvas.text(&Text::new(words(year.subsidy_yuan), (x, top - 9)).centred().halo());
    }
    let share =
        Text::new(percent(year.share), (x, (top + bottom) / 2)).size(SUBTITLE + 3).bold().centred().level();
    if bottom - top >= 44 {
        canvas.text(&share.colour(ink_on(SUBSIDY)));
    } else {
        let y = top - if has_rows { 9 } else { 42 };
        canvas.text(&Text::new(percent(year.share), (x, y)).size(SUBTITLE).bold().centred().halo());
    }
    Ok(())
}

/// Writes a panel's title; returns what is left below it.
fn titled(canvas: &mut Canvas<'_>, rect: Rect, title: &str) -> Rect {
    let lines = wrap::lines(title, LABEL, super::font::Weight::Bold, rect.width());
    for (i, line) in lines.iter().enumerate() {
        canvas.text(&Text::new(line, (rect.left, rect.top + 30 + 34 * i as i32)).bold());
    }
    rect.below(PANEL_TITLE)
}

fn cost_title(payer: &str, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{payer}负担"),
        Lang::En => format!("Cost to {payer}"),
    }
}
