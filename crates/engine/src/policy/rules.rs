//! All rules of a schedule in one list, with what is alike in all of them.
//!
//! This is the only walk over a schedule that names every family. It takes the schedule apart whole, so that a new family
//! cannot be forgotten here; whoever asks something of all rules asks [`Schedule::rules`].

use super::claim::Category;
use super::schedule::{
    Adjustment, Application, Assistance, Band, BasicKind, Critical, Indicator, OutOfCatalogueLimit, RuleId,
    Schedule, SecondAssistance, Setting, Subsidy, SubsidyAmount, Tilt, TiltShape, Watch, When, Who,
};
use super::sums::SumsOf;
use crate::units::{Fen, Ratio};

/// When in the year a rule acts, and on what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// On each claim: insurances, regular assistance, and what changes them.
    Claims,
    /// Once the year's self-pay has passed a line, all claims are settled again: the line of an adjustment, which stands
    /// with the rules that it changes too.
    Line,
    /// At the year's end, on the claims of the year.
    YearEnd,
    /// On application, on the claims of a window.
    Application,
    /// On the contribution.
    Contribution,
    /// It names persons by their running self-pay.
    List,
    /// It measures the year of a group.
    Indicator,
    /// At the year's end of the county, out of what the fund has left.
    Surplus,
}

/// What is alike in all rules of a schedule.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    /// Its number: the place of its key, line and clauses in [`super::Policy::rules`], and of its funders in
    /// [`Schedule::funders`].
    pub rule: RuleId,
    /// When it acts.
    pub stage: Stage,
    /// The rule whose values it changes; none for one with values of its own.
    pub changes: Option<RuleId>,
    /// The row of [`Schedule::critical`] and [`Schedule::assistance`] that this form of it holds for; none for all.
    pub row: Option<usize>,
    /// Identities as a bit set.
    pub categories: u32,
    /// Whether residents without an identity are included.
    pub ordinary: bool,
    /// What else it asks of persons.
    pub who: Option<&'a Who>,
    /// What it asks of claims; it may ask in two ways.
    pub when: [Option<&'a When>; 2],
    /// Whose sums it is held against, where it says so itself.
    pub sums_of: Option<SumsOf>,
    /// The identity that it leads to.
    pub gives: Option<Category>,
    /// Whether a share or an amount of it is above nothing.
    pub pays: bool,
}

impl<'a> Head<'a> {
    /// A rule for everybody that asks for nothing.
    const fn new(rule: RuleId, stage: Stage) -> Self {
        Self {
            rule,
            stage,
            changes: None,
            row: None,
            categories: u32::MAX,
            ordinary: true,
            who: None,
            when: [None; 2],
            sums_of: None,
            gives: None,
            pays: true,
        }
    }

    /// A rule for some identities that are held.
    const fn held(rule: RuleId, stage: Stage, categories: u32) -> Self {
        Self { categories, ordinary: false, ..Self::new(rule, stage) }
    }

    /// A rule for those whose claims are settled by one row.
    fn in_row(rule: RuleId, (row, n_rows): (usize, usize)) -> Self {
        let ordinary = row + 1 == n_rows;
        let held = u8::try_from(row).map_or(0, |rank| Category(rank).bit());
        let categories = if ordinary { 0 } else { held };
        Self { row: Some(row), categories, ordinary, ..Self::new(rule, Stage::Claims) }
    }

    /// Whether it is held against the sums of a household.
    #[must_use]
    pub fn counts_household(&self) -> bool {
        self.sums_of == Some(SumsOf::Household)
    }

    /// What it asks of claims.
    pub fn claims_asked_for(self) -> impl Iterator<Item = &'a When> {
        self.when.into_iter().flatten()
    }
}

impl Schedule {
    /// Every rule that holds in the schedule, those of claims once for each row, each with what changes it.
    pub fn rules(&self) -> impl Iterator<Item = Head<'_>> {
        let Self {
            assisted: _,
            out_of_catalogue,
            basic,
            critical_kinds: _,
            critical_insurance: _,
            critical,
            assistance,
            household_pools: _,
            by_household_size: _,
            once,
            tilts,
            applications,
            subsidies,
            // How subsidies and stays are read: nothing that is paid or named by itself.
            enrolment: _,
            over_new_year: _,
            watches,
            indicators,
            second_assistance,
            funders: _,
            contributions: _,
        } = self;
        let kinds = basic.iter().flat_map(|basic| basic.kinds.iter().flatten());
        let n_rows = critical.len();
        let critical = critical.iter().enumerate();
        let assistance = assistance.iter().enumerate();
        let assistance =
            assistance.flat_map(move |(row, rules)| rules.iter().map(move |rule| rule.heads((row, n_rows))));
        let on_claims = (out_of_catalogue.iter().map(OutOfCatalogueLimit::head))
            .chain(kinds.flat_map(BasicKind::heads))
            .chain(critical.flat_map(move |(row, rule)| rule.heads((row, n_rows))))
            .chain(assistance.flatten());
        on_claims
            .chain(once.iter().map(|line| Head { stage: Stage::Line, ..line.head() }))
            .chain(tilts.iter().map(Tilt::head))
            .chain(applications.iter().map(Application::head))
            .chain(subsidies.iter().map(Subsidy::head))
            .chain(second_assistance.iter().map(SecondAssistance::head))
            .chain(watches.iter().map(Watch::head))
            .chain(indicators.iter().map(Indicator::head))
    }
}

/// A rule with those that change it.
fn with<'a>(head: Head<'a>, adjustments: &'a [Adjustment]) -> impl Iterator<Item = Head<'a>> {
    let changing = move |one: &'a Adjustment| Head { changes: Some(head.rule), row: head.row, ..one.head() };
    std::iter::once(head).chain(adjustments.iter().map(changing))
}

impl Adjustment {
    fn head(&self) -> Head<'_> {
        Head {
            ordinary: self.ordinary,
            who: Some(&self.who),
            when: [Some(&self.when), None],
            sums_of: self.once.map(|once| once.sums_of),
            ..Head::held(self.rule, Stage::Claims, self.categories)
        }
    }
}

impl OutOfCatalogueLimit {
    const fn head(&self) -> Head<'_> {
        Head::held(self.rule, Stage::Claims, self.categories)
    }
}

impl BasicKind {
    fn heads(&self) -> impl Iterator<Item = Head<'_>> {
        with(Head::new(self.rule, Stage::Claims), &self.adjustments)
    }
}

impl Critical {
    fn heads(&self, row: (usize, usize)) -> impl Iterator<Item = Head<'_>> {
        with(Head::in_row(self.rule, row), &self.adjustments)
    }
}

impl Assistance {
    fn heads(&self, row: (usize, usize)) -> impl Iterator<Item = Head<'_>> {
        let mut ratios = Setting::all().flat_map(|(setting, ..)| self.ratios(setting));
        let head = Head {
            who: Some(&self.who),
            when: [Some(&self.when), None],
            pays: !self.adjustments.is_empty() || ratios.any(|ratio| ratio > Ratio::ZERO),
            ..Head::in_row(self.rule, row)
        };
        with(head, &self.adjustments)
    }
}

impl Tilt {
    fn head(&self) -> Head<'_> {
        let pays = |shape: &TiltShape| match shape {
            TiltShape::TargetRatio { groups, .. } => groups.iter().any(|group| group.target > Ratio::ZERO),
            TiltShape::ExcessRatio { bands, .. } => any_pays(bands),
        };
        Head {
            who: Some(&self.who),
            when: [Some(&self.when), None],
            sums_of: Some(self.sums_of),
            pays: self.shapes.iter().any(|(_, shape)| pays(shape)),
            ..Head::held(self.rule, Stage::YearEnd, self.categories)
        }
    }
}

impl Application {
    /// Whoever is recognised comes out of all residents: no category's count decides how many.
    fn head(&self) -> Head<'_> {
        Head {
            categories: 0,
            who: Some(&self.who),
            when: [Some(&self.when), Some(&self.when_assisted)],
            sums_of: Some(self.sums_of),
            gives: Some(self.recognised_as),
            pays: any_pays(&self.bands),
            ..Head::new(self.rule, Stage::Application)
        }
    }
}

impl Subsidy {
    fn head(&self) -> Head<'_> {
        let pays = match self.amount {
            SubsidyAmount::Share(share) => share > Ratio::ZERO,
            SubsidyAmount::Fixed(amount) => amount > Fen::ZERO,
            // What it leaves with the person is what it moves.
            SubsidyAmount::LeftToPerson => true,
        };
        Head { who: Some(&self.who), pays, ..Head::held(self.rule, Stage::Contribution, self.categories) }
    }
}

impl SecondAssistance {
    fn head(&self) -> Head<'_> {
        Head { pays: self.ratio > Ratio::ZERO, ..Head::held(self.rule, Stage::Surplus, self.categories) }
    }
}

impl Watch {
    fn head(&self) -> Head<'_> {
        Head {
            ordinary: self.ordinary,
            gives: self.recognised_as,
            ..Head::held(self.rule, Stage::List, self.categories)
        }
    }
}

impl Indicator {
    fn head(&self) -> Head<'_> {
        Head {
            who: Some(&self.who),
            when: [Some(&self.when), None],
            ..Head::held(self.rule, Stage::Indicator, self.categories)
        }
    }
}

fn any_pays(bands: &[Band]) -> bool {
    bands.iter().any(|band| band.ratio > Ratio::ZERO)
}
