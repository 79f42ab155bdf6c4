//! Tables of the kernels: the model's own, spread out so that a lane finds its value by one index.
//!
//! Elements are 32 or 64 bits wide, because no processor gathers narrower ones, and lengths are powers of two.

use super::TILE;
use super::persons::NOBODY;
use crate::illness::IllnessModel;
use crate::illness::bill::{Visits, usual_locality};
use crate::illness::stay::{Calendar, DAYS, Place};
use crate::instruction_set::arithmetic::boxed;
use crate::policy::claim::{Kind, Level};
use crate::policy::schedule::Setting;

/// Marks an entry for a range of words that it does not decide: the plain function is asked.
pub(in crate::illness) const UNDECIDED: u32 = 1 << 31;

/// Bits of a word that the tables of places look at.
pub(super) const PLACE_BITS: u32 = 11;
/// The same of the places within a level.
pub(super) const WITHIN_BITS: u32 = 8;

/// Tables of a model.
#[derive(Debug, Clone)]
pub struct Tables {
    /// By presence: the share of a year's admissions.
    pub(super) share: Box<[f64; 256]>,
    /// By group and age: the cut-off of special chronic disease.
    pub(super) cut_off: Box<[f64; CELLS / 2]>,
    /// Words from it on mean no onset of a condition in any group and age.
    pub(super) most_onset: u32,
    /// Words from it on mean no condition at the beginning in any group and age.
    pub(super) most_present: u32,
    /// By the first bits of a word: the place.
    pub(super) place: Box<[u32; 1 << PLACE_BITS]>,
    /// By level and the first bits of a word: the place.
    pub(super) within: Box<[u32; 4 << WITHIN_BITS]>,
    /// By level and quantile: days beyond the first.
    pub(super) days: Box<[u32; 1024]>,
    /// By group: log factor on the cost of a stay.
    pub(super) log_cost: Box<[f64; 256]>,
    /// By condition plus one: log factor on the cost of a stay.
    pub(super) log_condition: Box<[f64; 32]>,
    pub(super) dates: Box<Dates>,
    /// Levels of outpatient bills.
    pub(super) chronic: Levels,
    pub(super) outpatient: Levels,
    pub(super) conditions: Box<Conditions>,
}

/// What the days of stays need.
#[derive(Debug, Clone)]
pub(super) struct Dates {
    /// By presence: the share of the year's admissions before its first month, and within it.
    pub(super) season: [[f64; 2]; 256],
    /// The share of a year's admissions until the end of each month, and one over that of each month.
    pub(super) until: [f64; 16],
    pub(super) per_month: [f64; 16],
}

/// What the bills of conditions need, by condition plus one.
#[derive(Debug, Clone)]
pub(super) struct Conditions {
    pub(super) log_month: [f64; 32],
    pub(super) log_sd: [f64; 32],
    pub(super) extra_stays: [f64; 32],
    pub(super) levels: [Levels; 32],
}

/// Levels of outpatient bills as thresholds of words, and the code of a bill at each.
#[derive(Debug, Clone, Copy)]
pub(super) struct Levels {
    from: [f64; 3],
    code: [u32; 4],
}

impl Levels {
    const NONE: Self = Self { from: [0.0; 3], code: [0; 4] };

    #[expect(clippy::cast_precision_loss, reason = "thresholds are at most 2^32")]
    fn new(kind: Kind, thresholds: &[u64; 4]) -> Self {
        let code = |level: Level| {
            u32::from(Setting::new(level, usual_locality(level), true).0) | ((kind as u32) << 5)
        };
        let [a, b, c, _] = thresholds.map(|threshold| threshold as f64);
        let levels = [Level::Primary, Level::Secondary, Level::Tertiary, Level::Provincial];
        Self { from: [a, b, c], code: levels.map(code) }
    }

    /// The code of the bill at a word.
    #[inline(always)]
    pub(super) fn code(&self, word: u32) -> u32 {
        let (word, [a, b, c]) = (f64::from(word), self.from);
        let [mut code, at_a, at_b, at_c] = self.code;
        // The thresholds rise, so that the last one reached decides.
        code = if word >= a { at_a } else { code };
        code = if word >= b { at_b } else { code };
        if word >= c { at_c } else { code }
    }
}

/// Cells of group, age and sex: as many as 16 bits tell apart.
pub(in crate::illness) const CELLS: usize = 1 << 16;

pub(super) fn place_code(place: Place) -> u32 {
    u32::from(Setting::new(place.level, place.locality, place.referred).0)
}

/// Writes what words mean by their first bits: the one place that they mean, or that they mean several.
fn spread(list: &[(u64, Place)], table: &mut [u32], pick: impl Fn(u32) -> Place) {
    let width = (1_u64 << 32) / table.len() as u64;
    for (first, entry) in (0..).step_by(1).map(|at: u64| at * width).zip(table) {
        let decided = !list.iter().any(|(below, _)| first < *below && *below < first + width);
        #[expect(clippy::cast_possible_truncation, reason = "below 2^32")]
        let place = pick(first as u32);
        *entry = place_code(place) | if decided { 0 } else { UNDECIDED };
    }
}

impl Tables {
    /// Tables of nothing, to be filled once the model is there.
    pub(in crate::illness) fn empty() -> Self {
        Self {
            share: boxed(0.0),
            cut_off: boxed(0.0),
            most_onset: 0,
            most_present: 0,
            place: boxed(0),
            within: boxed(0),
            days: boxed(0),
            log_cost: boxed(0.0),
            log_condition: boxed(0.0),
            dates: Box::new(Dates { season: [[0.0; 2]; 256], until: [0.0; 16], per_month: [0.0; 16] }),
            chronic: Levels::NONE,
            outpatient: Levels::NONE,
            conditions: Box::new(Conditions {
                log_month: [0.0; 32],
                log_sd: [0.0; 32],
                extra_stays: [0.0; 32],
                levels: [Levels::NONE; 32],
            }),
        }
    }

    pub(in crate::illness) fn new(model: &IllnessModel) -> Self {
        let mut tables = Self::empty();
        for presence in 0..=u8::MAX {
            let at = usize::from(presence);
            let (first, last) = (presence >> 4, presence & 15);
            tables.share[at] = model.season.share(first, last);
            let until = |month: u8| model.season.until[usize::from(month)];
            let (low, high) = (until(first.clamp(1, 12) - 1), until(last.min(12)));
            tables.dates.season[at] = [low, high - low];
        }
        tables.cut_off.iter_mut().zip(model.chronic.cut_offs()).for_each(|(to, from)| *to = *from);
        tables.cut_off[usize::from(NOBODY / 2)] = f64::INFINITY;
        tables.most_onset = model.conditions.most_onset();
        tables.most_present = model.conditions.most_present();
        tables.log_cost.iter_mut().zip(&model.groups).for_each(|(to, group)| *to = group.log_cost);
        for (at, condition) in (1..).zip(&model.conditions.list) {
            tables.log_condition[at] = condition.log_stay_cost;
            tables.conditions.log_month[at] = condition.log_month;
            tables.conditions.log_sd[at] = condition.log_sd;
            tables.conditions.extra_stays[at] = condition.extra_stays;
            tables.conditions.levels[at] = Levels::new(Kind::OutpatientMajor, &condition.levels);
        }
        tables.chronic = Levels::new(Kind::OutpatientChronic, &model.chronic.levels);
        tables.outpatient = Levels::new(Kind::Outpatient, &model.outpatient.levels);
        tables.dates.until.iter_mut().zip(&model.season.until).for_each(|(to, from)| *to = *from);
        tables.dates.per_month.iter_mut().zip(&model.season.per_month).for_each(|(to, from)| *to = *from);
        let places = &model.places;
        spread(&places.list, tables.place.as_mut_slice(), |word| places.at(word));
        for (level, table) in Level::ALL.iter().zip(tables.within.chunks_mut(256)) {
            let list = &places.within[level.index()];
            if !list.is_empty() {
                spread(list, table, |word| places.at_level(*level, word));
            }
        }
        for (table, days) in tables.days.chunks_mut(256).zip(&places.days) {
            table.iter_mut().zip(days).for_each(|(to, from)| *to = u32::from(*from));
        }
        tables
    }
}

/// Months of presence in a byte.
pub(in crate::illness) fn presence(first: u8, last: u8) -> u8 {
    (first.min(13) << 4) | last.min(12)
}

/// First and last month of a presence.
#[inline(always)]
pub(super) fn months(presence: u32) -> (u32, u32) {
    (presence >> 4, presence & 15)
}

/// Tables of a county-year.
#[derive(Debug, Clone)]
pub struct YearTables {
    /// By day of the year: the month.
    pub(super) month: [u32; DAYS],
    /// By month from 0, two bits each: its days less 28.
    days_in: u32,
    /// By month from 0, four bits each: how far the days of the year before it are from 31 a month.
    days_before: u64,
    /// By months lived less one and the first bits of a word: at least this number of visits, and no more than one
    /// more unless undecided.
    pub(super) visits: [u32; 1024],
    /// By months lived less one and number of visits: words below it mean more visits.
    pub(super) more: [f64; 128],
}

impl YearTables {
    #[expect(clippy::cast_precision_loss, reason = "thresholds are at most 2^32")]
    pub(in crate::illness) fn new(calendar: &Calendar, visits: &[Visits; 3]) -> Box<Self> {
        let mut tables = Box::new(Self {
            month: calendar.month.map(u32::from),
            days_in: 0,
            days_before: 0,
            visits: [0; 1024],
            more: [0.0; 128],
        });
        for (month, (days, before)) in (0_u32..).zip(calendar.length.iter().zip(&calendar.before)) {
            tables.days_in |= super::lanes::integer(*days - 28.0) << (2 * month);
            tables.days_before |= u64::from(31 * month - u32::from(*before)) << (4 * month);
        }
        let lists = tables.visits.chunks_mut(256).zip(tables.more.chunks_mut(32));
        for (visits, (guide, more)) in visits.iter().zip(lists) {
            more.iter_mut().zip(&visits.at_least).for_each(|(to, from)| *to = *from as f64);
            let mut most = u32::from(u8::MAX);
            for (to, least) in guide.iter_mut().zip(&visits.guide) {
                let least = u32::from(*least);
                *to = least | if most - least > 1 { UNDECIDED } else { 0 };
                most = least;
            }
        }
        tables
    }
}

impl YearTables {
    /// The days in a month from 0 below 16.
    #[inline(always)]
    pub(super) fn days_in(&self, month: u32) -> f64 {
        f64::from(28 + (self.days_in >> (2 * (month & 15)) & 3))
    }

    /// The days of the year before a month from 0 below 16.
    #[inline(always)]
    pub(super) fn days_before(&self, month: u32) -> u32 {
        31 * month - (self.days_before >> (4 * (month & 15)) & 15) as u32
    }
}

/// A column of a tile.
pub(super) type Column<T> = [T; TILE];
