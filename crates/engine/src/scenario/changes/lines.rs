//! The changes of a scenario in lines that can be switched on one by one, and the scenario of some of them.
//!
//! A line is what is written in one line of a file; several belong together where they make no sense apart: the keys of
//! a rule or table that the other scenario does not have, a value that takes the place of a table, and lines without
//! which another is no valid scenario. That another policy, place or model is named is one line with all that the other
//! file says otherwise.

use std::collections::{BTreeMap, BTreeSet};

use super::touch::fingerprint;
use super::written::{KeyEdit, Whole, edits, groups, own_wholes, together, whole_of};
use super::{Change, Extent};
use crate::scenario::fault::Faults;
use crate::scenario::load::Files;
use crate::scenario::{Scenario, built};
use crate::stats::shapley::{MOST_PLAYERS, Subset};

/// What belongs together and is switched on together.
#[derive(Debug, Clone)]
pub struct Line {
    /// The positions of its changes in the list of all.
    pub changes: Vec<usize>,
    /// Its keys as a text, such as `policy.assistance.class1.ratio`.
    pub key: String,
    edits: Vec<usize>,
    whole: BTreeSet<Whole>,
}

/// The base with one line switched on.
#[derive(Debug, Clone)]
pub enum Alone {
    /// It is no valid scenario.
    Invalid,
    /// Its rules and draws are those of the base.
    LikeBase,
    /// They are those of the other scenario.
    LikeOther,
    /// A scenario of its own.
    Scenario(Box<Scenario>),
}

/// The lines of a scenario against another.
#[derive(Debug, Clone)]
pub struct Lines<'a> {
    base: &'a Scenario,
    other: &'a Scenario,
    extent: Extent<'a>,
    edits: Vec<KeyEdit>,
    /// The lines, in the order of the changes.
    pub all: Vec<Line>,
    /// Those that can be felt, in the order of their keys: where they stand in the files does not matter.
    pub felt: Vec<usize>,
}

impl<'a> Lines<'a> {
    /// The lines of some changes as they are written; none is tried yet.
    #[must_use]
    pub fn of(base: &'a Scenario, other: &'a Scenario, changes: &[Change], extent: Extent<'a>) -> Self {
        let edits = edits(base, other);
        let mut lines = Self { base, other, extent, all: Vec::new(), felt: Vec::new(), edits };
        lines.all = lines.grouped(changes);
        lines.name(changes);
        lines
    }

    /// How many lines are felt alone, as far as the changes say.
    #[must_use]
    pub fn n_felt_alone(&self, changes: &[Change]) -> usize {
        self.all.iter().filter(|line| may_be_felt(line, changes)).count()
    }

    /// The lines that may be felt, as far as the changes say, each with the scenario in which it alone is switched on. Lines
    /// are taken as they are written: which of them are put together later does not matter.
    pub fn each_alone<'l>(&'l self, changes: &'l [Change]) -> impl Iterator<Item = (&'l Line, Alone)> {
        let felt = self.all.iter().enumerate().filter(|(_, line)| may_be_felt(line, changes));
        let print = |scenario: &Scenario| fingerprint(scenario, self.extent).ok();
        let (base, other) = (print(self.base), print(self.other));
        felt.map(move |(at, line)| {
            let alone = match self.with(&[at]) {
                Err(_) => Alone::Invalid,
                Ok(scenario) => match print(&scenario) {
                    None => Alone::Invalid,
                    own if own == base => Alone::LikeBase,
                    own if own == other => Alone::LikeOther,
                    Some(_) => Alone::Scenario(Box::new(scenario)),
                },
            };
            (line, alone)
        })
    }

    /// Finds the lines that are felt, and puts together what is no valid scenario apart.
    pub fn try_each(&mut self, changes: &[Change]) {
        loop {
            self.find_felt();
            let Some((one, two)) = self.inseparable() else { break };
            self.join(one, two, changes);
        }
        if self.felt.len() > MOST_PLAYERS || !self.lead_to_other() {
            self.join_felt(changes);
        }
    }

    /// The scenario with some of the lines that are felt.
    ///
    /// # Errors
    /// What makes it no valid scenario.
    pub fn scenario(&self, on: Subset) -> Result<Scenario, Faults> {
        if on == 0 {
            return Ok(self.base.clone());
        }
        if on == self.all_felt() {
            return Ok(self.other.clone());
        }
        let is_on = |at: usize| on >> at & 1 == 1;
        let on = (0..self.felt.len()).filter(|&at| is_on(at)).map(|at| self.felt[at]);
        self.with(&on.collect::<Vec<_>>())
    }

    /// What tells the rules and draws of a scenario with some of the lines apart from others.
    ///
    /// # Errors
    /// What makes it no valid scenario.
    pub fn fingerprint(&self, on: Subset) -> Result<[u8; 32], Faults> {
        fingerprint(&self.scenario(on)?, self.extent)
    }

    /// Whether the lines that are felt are all that differs; where nothing of them is, both scenarios must be one.
    #[must_use]
    pub fn explain_all(&self) -> bool {
        let print = |scenario: &Scenario| fingerprint(scenario, self.extent).ok();
        !self.felt.is_empty() || print(self.base) == print(self.other)
    }

    /// The second scenario.
    #[must_use]
    pub const fn other(&self) -> &Scenario {
        self.other
    }

    /// All lines that are felt.
    #[must_use]
    pub fn all_felt(&self) -> Subset {
        (0..self.felt.len()).fold(0, |all, at| all | 1 << at)
    }

    /// Puts two of the lines that are felt together: a subset that holds one without the other is no valid scenario.
    pub fn part_of_each_other(&mut self, fails: Subset, changes: &[Change]) {
        let n = self.felt.len();
        let is_valid = |set: Subset| self.fingerprint(set).is_ok();
        let inside: Vec<usize> = (0..n).filter(|&at| fails >> at & 1 == 1).collect();
        let outside: Vec<usize> = (0..n).filter(|&at| fails >> at & 1 == 0).collect();
        let with = outside.iter().copied().find(|&at| is_valid(fails | 1 << at));
        let without = inside.iter().copied().find(|&at| is_valid(fails & !(1 << at)));
        match with.zip(without) {
            Some((one, two)) => self.join(self.felt[one], self.felt[two], changes),
            None => self.join_felt(changes),
        }
        self.find_felt();
    }

    /// The scenario with these lines, by their positions among all.
    fn with(&self, on: &[usize]) -> Result<Scenario, Faults> {
        let wholes: BTreeSet<Whole> = on.iter().flat_map(|&at| self.all[at].whole.iter().copied()).collect();
        let edits: BTreeSet<usize> = on.iter().flat_map(|&at| self.all[at].edits.iter().copied()).collect();
        let mut files = self.files(&wholes);
        for (number, edit) in self.edits.iter().enumerate() {
            // Over a file of the base comes what is on; what is off is taken back from a file of the other scenario.
            let (is_on, is_other) = (edits.contains(&number), wholes.contains(&edit.part));
            let value = if is_on { &edit.after } else { &edit.before };
            if is_on != is_other {
                edit.put(&mut files, value.as_ref());
            }
        }
        retyped(&mut files, &self.edits)?;
        Ok(built(files)?.0)
    }

    /// The files of the base, or of the other scenario where that is switched on as a whole.
    fn files(&self, wholes: &BTreeSet<Whole>) -> Files {
        let mut files = self.base.files.clone();
        let other = &self.other.files;
        if wholes.contains(&Whole::Policy) {
            files.policies.clone_from(&other.policies);
            files.scenario.clone_from(&other.scenario);
        }
        if wholes.contains(&Whole::Place) {
            files.place.clone_from(&other.place);
        }
        if wholes.contains(&Whole::Model) {
            files.model.clone_from(&other.model);
        }
        if wholes.contains(&Whole::Tables) {
            files.tables.clone_from(&other.tables);
        }
        files
    }

    /// The lines as they are written, in the order of the changes.
    fn grouped(&self, changes: &[Change]) -> Vec<Line> {
        let group_of = groups(&self.edits, (self.base, self.other), &own_wholes(changes));
        let mut lines: BTreeMap<usize, Line> = BTreeMap::new();
        let mut line_of_group: BTreeMap<usize, usize> = BTreeMap::new();
        let mut line_of_whole: BTreeMap<Whole, usize> = BTreeMap::new();
        for (position, change) in changes.iter().enumerate() {
            let own: Vec<usize> = (0..self.edits.len()).filter(|&at| self.edits[at].is_of(change)).collect();
            let whole = whole_of(change, &own_wholes(changes)).or_else(|| {
                let derived = own.iter().find(|&&at| group_of[at] >= self.edits.len());
                derived.map(|&at| self.edits[at].part)
            });
            let known = whole.and_then(|whole| line_of_whole.get(&whole).copied());
            let known =
                known.or_else(|| own.iter().find_map(|&at| line_of_group.get(&group_of[at]).copied()));
            let number = known.unwrap_or(position);
            line_of_whole.extend(whole.map(|whole| (whole, number)));
            line_of_group.extend(own.iter().map(|&at| (group_of[at], number)));
            let line = lines.entry(number).or_insert_with(Line::empty);
            line.changes.push(position);
            line.whole.extend(whole);
            line.edits.extend(own);
        }
        let mut lines: Vec<Line> = lines.into_values().collect();
        with_same_values(&mut lines, changes);
        for line in &mut lines {
            if line.whole.contains(&Whole::Place) {
                line.whole.insert(Whole::Tables);
            }
            line.edits.sort_unstable();
            line.edits.dedup();
        }
        lines
    }

    fn name(&mut self, changes: &[Change]) {
        for line in &mut self.all {
            let keys: Vec<&str> = line.changes.iter().map(|&at| changes[at].key.as_str()).collect();
            line.key = together(&keys);
        }
    }

    /// The lines that change a rule or a draw, alone over the base or taken away from the whole.
    fn find_felt(&mut self) {
        let candidates: Vec<usize> = (0..self.all.len()).filter(|&at| self.all[at].is_switched()).collect();
        let of = |scenario: &Scenario| fingerprint(scenario, self.extent).ok();
        let (base, other) = (of(self.base), of(self.other));
        let print =
            |on: &[usize]| self.with(on).and_then(|scenario| fingerprint(&scenario, self.extent)).ok();
        let is_felt = |&line: &usize| {
            let rest: Vec<usize> = candidates.iter().copied().filter(|&at| at != line).collect();
            print(&[line]) != base || print(&rest) != other
        };
        let mut felt: Vec<usize> = candidates.iter().copied().filter(is_felt).collect();
        felt.sort_by(|&one, &two| self.all[one].key.cmp(&self.all[two].key));
        self.felt = felt;
    }

    /// Two lines of which one is no valid scenario without the other.
    fn inseparable(&self) -> Option<(usize, usize)> {
        let n = self.felt.len();
        if n < 2 {
            return None;
        }
        let all = self.all_felt();
        let is_valid = |set: Subset| self.fingerprint(set).is_ok();
        for at in 0..n {
            let own = 1 << at;
            let others = || (0..n).filter(move |&other| other != at);
            let any = others().next().unwrap_or(at);
            if !is_valid(own) {
                let partner = others().find(|&other| is_valid(own | 1 << other)).unwrap_or(any);
                return Some((self.felt[at], self.felt[partner]));
            }
            if !is_valid(all ^ own) {
                let partner = others().find(|&other| is_valid(all ^ own ^ (1 << other))).unwrap_or(any);
                return Some((self.felt[at], self.felt[partner]));
            }
        }
        None
    }

    fn join(&mut self, one: usize, two: usize, changes: &[Change]) {
        let (keep, go) = (one.min(two), one.max(two));
        let gone = self.all.remove(go);
        let line = &mut self.all[keep];
        line.changes.extend(gone.changes);
        line.changes.sort_unstable();
        line.edits.extend(gone.edits);
        line.whole.extend(gone.whole);
        self.name(changes);
    }

    /// All lines that are felt become one.
    fn join_felt(&mut self, changes: &[Change]) {
        let mut felt = self.felt.clone();
        felt.sort_unstable();
        while let [first, .., last] = felt[..] {
            self.join(first, last, changes);
            felt.pop();
        }
        self.felt = felt;
    }

    /// Whether all lines together are the other scenario, so that nothing differs beside them.
    fn lead_to_other(&self) -> bool {
        let all: Vec<usize> = (0..self.all.len()).filter(|&at| self.all[at].is_switched()).collect();
        let with = self.with(&all).and_then(|scenario| fingerprint(&scenario, self.extent));
        with.ok().is_some_and(|print| fingerprint(self.other, self.extent).ok() == Some(print))
    }
}

/// Whether a line is felt, as far as the changes say.
fn may_be_felt(line: &Line, changes: &[Change]) -> bool {
    line.is_switched() && line.changes.iter().any(|&at| changes[at].touch.is_felt())
}

impl Line {
    const fn empty() -> Self {
        Self { changes: Vec::new(), key: String::new(), edits: Vec::new(), whole: BTreeSet::new() }
    }

    /// Whether anything is switched by it.
    fn is_switched(&self) -> bool {
        !self.edits.is_empty() || !self.whole.is_empty()
    }
}

/// Types the files again into which edits were put.
fn retyped(files: &mut Files, edits: &[KeyEdit]) -> Result<(), Faults> {
    let is_of = |part: Whole| edits.iter().any(|edit| edit.part == part);
    if is_of(Whole::Policy) {
        for (_, policy) in &mut files.policies {
            super::touch::retype(policy)?;
        }
    }
    if is_of(Whole::Place) {
        super::touch::retype(&mut files.place)?;
    }
    if is_of(Whole::Model) {
        super::touch::retype(&mut files.model)?;
    }
    Ok(())
}

/// What is written with the value that it had goes to the line in which it is written, where that changes anything.
fn with_same_values(lines: &mut Vec<Line>, changes: &[Change]) {
    let (mut switched, rest): (Vec<Line>, Vec<Line>) = lines.drain(..).partition(Line::is_switched);
    for line in rest {
        let place =
            line.changes.first().and_then(|&at| changes[at].place()).filter(|(_, number)| *number > 0);
        let is_same = |other: &&mut Line| {
            place.is_some() && other.changes.iter().any(|&at| changes[at].place() == place)
        };
        match switched.iter_mut().find(is_same) {
            Some(own) => own.changes.extend(line.changes),
            None => switched.push(line),
        }
    }
    switched.iter_mut().for_each(|line| line.changes.sort_unstable());
    switched.sort_by_key(|line| line.changes.first().copied());
    *lines = switched;
}
