//! The settlement of many persons side by side held against the plain settlement: ten thousand random people for each
//! policy, every payment of every claim, with every instruction set.

use std::collections::BTreeMap;

use fundcast::instruction_set::Instructions;
use fundcast::policy::claim::{Category, Claim, Disease, Insurance, Kind, Level, Locality, Person, Spell};
use fundcast::policy::programme::{CODES, Compiler, PAYMENTS, Programme};
use fundcast::policy::schedule::{RuleId, Setting, TiltShape, YearRules};
use fundcast::policy::settle::{Case, Layer, Payment, Work, settle_year};
use fundcast::policy::tile::{BLOCK, Claims, Line, NOT_REACHED, Settled, flag, key, tag};
use fundcast::scenario::Scenario;
use fundcast::units::{Day, Fen, Month};

use crate::support::{POLICIES, Recorder, Who, scenario};

const PEOPLE: usize = 10_000;

/// Thresholds of the running self-pay.
const LINES: [Line; 4] = [
    Line { fen: 1.0, counts_out_of_scope: false },
    Line { fen: 50_000.0, counts_out_of_scope: true },
    Line { fen: 500_000.0, counts_out_of_scope: false },
    Line { fen: 3_000_000.0, counts_out_of_scope: true },
];

/// Random numbers, the same in every run.
pub struct Luck(u64);

/// Random numbers from a seed.
pub const fn luck(seed: u64) -> Luck {
    Luck(seed)
}

impl Luck {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((x ^ (x >> 31)) >> 16) as usize % n
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// Who several persons of a tile are: alike, because a programme holds few dozens of standings.
pub fn kindred(luck: &mut Luck, year: u16, (n_categories, n_traits): (usize, usize)) -> Who {
    let spells = (0..luck.below(4)).map(|_| {
        let from = Month(Month::new(year - 1, 1).0 + luck.below(24) as u16);
        let long = luck.below(2) == 0;
        let to = if long { Month::LAST } else { Month(from.0 + luck.below(24) as u16) };
        let from = if luck.below(2) == 0 { Month::new(year - 1, 1) } else { from };
        Spell { category: Category(luck.below(n_categories) as u8), from, to }
    });
    Who {
        spells: spells.collect(),
        age: luck.below(100) as u8,
        insurance: if luck.below(4) == 0 { Insurance::Employee } else { Insurance::Resident },
        traits: luck.below(1 << n_traits) as u32,
        recognised: None,
    }
}

/// Amounts at which a rule of the year changes what it does.
pub fn edges(rules: &YearRules) -> Vec<i64> {
    let mut all = vec![0, 1, 2, 3, 5, 9, 10, 11, 19, 49, 50, 51, 99, 100, 101, 500_000_000, 499_999_999];
    for schedule in &rules.schedules {
        for basic in &schedule.basic {
            all.push(basic.annual_cap.0);
            for kind in basic.kinds.iter().flatten() {
                all.push(kind.annual_cap.0);
                all.extend(kind.annual_deductible.0.map(|fen| fen.0));
                all.extend(kind.deductible.iter().flat_map(|by_setting| by_setting.0.map(|fen| fen.0)));
            }
        }
        for rule in &schedule.critical {
            all.extend([rule.deductible.0, rule.annual_cap.0]);
            all.extend(rule.bands.iter().map(|band| band.to.0));
        }
        for rule in schedule.assistance.iter().flatten() {
            all.extend([rule.deductible.0, rule.annual_cap.0]);
            all.extend(rule.within.iter().map(|within| within.cap.0));
        }
        for (_, shape) in schedule.tilts.iter().flat_map(|tilt| &tilt.shapes) {
            all.push(match shape {
                TiltShape::TargetRatio { trigger, .. } => trigger.0,
                TiltShape::ExcessRatio { threshold, .. } => threshold.0,
            });
        }
    }
    all.sort_unstable();
    all.dedup();
    all.retain(|fen| (0..=500_000_000).contains(fen));
    all
}

/// A bill: of any size, or next to an amount at which something changes.
fn amount(luck: &mut Luck, edges: &[i64]) -> i64 {
    match luck.below(8) {
        0 => (luck.one(edges) + luck.below(3) as i64 - 1).clamp(0, 500_000_000),
        // Above a deductible by so little that a share of it is next to a half of a fen.
        1 => luck.one(edges).min(400_000_000) + luck.below(200) as i64,
        2 => luck.below(200) as i64,
        3 if luck.below(20) == 0 => luck.below(500_000_001) as i64,
        _ => {
            let size = luck.below(23) + 1;
            luck.below(1 << size) as i64
        }
    }
}

pub fn claims(luck: &mut Luck, year: u16, edges: &[i64]) -> Vec<Claim> {
    let n = if luck.below(10) == 0 { 1 + luck.below(20) } else { 1 + luck.below(6) };
    let mut all: Vec<Claim> = (0..n)
        .map(|_| {
            let month = Month::new(year, 1 + luck.below(12) as u8);
            let total = amount(luck, edges);
            let out_of_scope = match luck.below(5) {
                0 => 0,
                1 => total,
                2 => total.min(1),
                _ => total * luck.below(40) as i64 / 100,
            };
            Claim {
                kind: luck.one(Kind::ALL),
                level: luck.one(Level::ALL),
                locality: luck.one(Locality::ALL),
                referred: luck.below(2) == 0,
                disease: Disease::NONE,
                admitted: Day { month, of_month: 1 + luck.below(28) as u8 },
                discharged: Day { month: Month(month.0 + luck.below(3) as u16), of_month: 28 },
                total: Fen(total),
                out_of_scope: Fen(out_of_scope),
                other_paid: Fen::ZERO,
                stay: 0,
            }
        })
        .collect();
    all.sort_by_key(|claim| claim.admitted);
    all
}

/// A tile with its programme, and who stands where.
struct Tile {
    programme: Programme,
    claims: Claims,
    /// Each person's kindred and claims, in the order of places.
    persons: Vec<(usize, Vec<Claim>)>,
    tilt_from: Vec<f64>,
}

fn held(person: &Person<'_>, claim: &Claim) -> u32 {
    let touching =
        person.spells.iter().filter(|spell| spell.touches(claim.admitted.month, claim.discharged.month));
    touching.fold(0, |held, spell| held | spell.category.bit())
}

fn code(claim: &Claim) -> usize {
    claim.kind.index() * Setting::COUNT + usize::from(Setting::of(claim).0)
}

impl Tile {
    fn new(rules: &YearRules, kindreds: &[Who], mut persons: Vec<(usize, Vec<Claim>)>) -> Self {
        persons.sort_by_key(|(_, claims)| std::cmp::Reverse(claims.len()));
        let mut compiler = Compiler::new(rules);
        let (mut tile, mut standings) = (Claims::default(), Vec::new());
        let mut bill = 0;
        for (place, (kindred, claims)) in persons.iter().enumerate() {
            let person = kindreds[*kindred].person();
            tile.first[place] = bill as u32;
            let own: Vec<u16> = claims
                .iter()
                .map(|claim| {
                    compiler.standing(rules.number_in(claim.admitted.month), held(&person, claim), &person)
                })
                .collect();
            tile.standing[place] = u32::from(own[0]);
            if own.iter().any(|standing| *standing != own[0]) {
                tile.enter_mover(place, own.len());
                let cells = own.iter().zip(claims);
                tile.moving.extend(
                    cells.map(|(standing, claim)| (usize::from(*standing) * CODES + code(claim)) as u32),
                );
            }
            for (number, claim) in claims.iter().enumerate() {
                let month = u32::from(claim.admitted.month.of_year()) - 1;
                let key = key(month << 5 | u32::from(claim.admitted.of_month), bill as u32);
                tile.keys[bill] = key;
                if let Some(column) = tile.columns[place / BLOCK].get_mut(number) {
                    column[place % BLOCK] = key;
                }
                tile.total[bill] = claim.total.0 as f64;
                tile.out_of_scope[bill] = claim.out_of_scope.0 as f64;
                let span = claim.discharged.month.0 - claim.admitted.month.0;
                tile.tag[bill] = tag(code(claim) as u8, span as u8);
                if tile.rounds.len() <= number {
                    tile.rounds.push(0);
                }
                tile.rounds[number] += 1;
                bill += 1;
            }
            standings.push(own);
        }
        let programme = compiler.finish();
        let least = |own: &Vec<u16>| {
            let each = own.iter().map(|standing| programme.standings[usize::from(*standing)].tilt_from_fen);
            each.fold(f64::INFINITY, f64::min)
        };
        let tilt_from = standings.iter().map(least).collect();
        Self { programme, claims: tile, persons, tilt_from }
    }

    fn settle(&self, instructions: Instructions, settled: &mut Settled) {
        settled.persons.tilt_from[..self.tilt_from.len()].copy_from_slice(&self.tilt_from);
        settled.settle(instructions, (&self.programme, &LINES), &self.claims);
    }
}

/// What the tests saw, so that none of it is missing.
#[derive(Debug, Default)]
struct Seen {
    settled: usize,
    rare: usize,
    tilts: usize,
    capped: usize,
    payments: [usize; PAYMENTS],
    movers: usize,
}

/// The payments of each claim by the plain settlement, those above zero.
type Paid = Vec<BTreeMap<RuleId, i64>>;

fn by_claim(payments: &[Payment], n: usize) -> Paid {
    let mut all: Paid = vec![BTreeMap::new(); n];
    for payment in payments.iter().filter(|payment| payment.amount > Fen::ZERO) {
        if let Some(claim) = payment.claim {
            *all[claim].entry(payment.rule).or_default() += payment.amount.0;
        }
    }
    all
}

/// Whether something happened that tiles leave to the plain settlement.
fn must_be_rare(
    rules: &YearRules,
    kindred: &Who,
    claims: &[Claim],
    payments: &[Payment],
    seen: &mut Seen,
) -> bool {
    let mut paid = Fen::ZERO;
    let mut must = false;
    for payment in payments {
        match payment.layer {
            Layer::Tilt if payment.amount > Fen::ZERO => {
                seen.tilts += 1;
                must = true;
            }
            Layer::Critical if payment.amount < payment.formula.uncapped => {
                seen.capped += 1;
                must = true;
            }
            Layer::Basic => {
                paid += payment.amount;
                let claim = &claims[payment.claim.expect("a claim")];
                let basic = rules.schedules[rules.number_in(claim.admitted.month)].basic(kindred.insurance);
                let of_kind = basic.kinds[claim.kind.index()].as_ref().expect("it paid").annual_cap;
                let bound = payment.amount < payment.formula.uncapped && paid >= basic.annual_cap;
                if bound && of_kind > basic.annual_cap {
                    seen.capped += 1;
                    must = true;
                }
            }
            _ => {}
        }
    }
    must
}

/// Compares one tile with the plain settlement.
fn compare(
    what: &str,
    (rules, kindreds): (&YearRules, &[Who]),
    (tile, settled): (&Tile, &Settled),
    work: &mut Work,
) -> Seen {
    let mut seen = Seen { movers: tile.claims.movers.iter().map(Vec::len).sum(), ..Seen::default() };
    let has_critical: Vec<bool> = settled.rows().map(|(row, _)| row.critical).collect();
    for (place, (kindred, claims)) in tile.persons.iter().enumerate() {
        let kindred = &kindreds[*kindred];
        let mut ledger = Recorder::default();
        settle_year(rules, &Case { person: kindred.person(), claims, earlier: &[] }, work, &mut ledger);
        let what = format!("{what}, {:?} with {claims:?}", kindred.person());
        let must = must_be_rare(rules, kindred, claims, &ledger.0, &mut seen);
        if settled.persons.rare[place] != 0 {
            seen.rare += 1;
            continue;
        }
        assert!(!must, "not marked: {what}");
        seen.settled += 1;
        let plain = by_claim(&ledger.0, claims.len());
        let (mut self_pay, mut in_scope, mut flags, mut assisted) = (0, 0, 0_u32, 0_u32);
        let mut reached = [NOT_REACHED; LINES.len()];
        for (number, claim) in claims.iter().enumerate() {
            let at = settled.at(place, number);
            let account = &tile.programme.accounts[settled.account(at)];
            let mut own: BTreeMap<RuleId, i64> = BTreeMap::new();
            for (payment, rule) in account.rules.iter().enumerate() {
                let fen = settled.paid(at)[payment];
                if fen > 0 {
                    *own.entry(rule.expect("a rule that pays")).or_default() += i64::from(fen);
                    flags |= 1 << flag(claim.kind.index(), payment);
                    assisted += u32::from(payment >= 3);
                    seen.payments[payment] += 1;
                }
            }
            assert_eq!(own, plain[number], "claim {number} of {what}");
            let of = &work.settled[number];
            assert!(has_critical[at / BLOCK] || of.critical == Fen::ZERO, "claim {number} of {what}");
            self_pay += (of.patient_in_scope + of.patient_out_of_scope).0;
            in_scope += of.patient_in_scope.0;
            for (line, reached) in LINES.iter().zip(&mut reached) {
                let sum = if line.counts_out_of_scope { self_pay } else { in_scope };
                if *reached == NOT_REACHED && sum as f64 >= line.fen {
                    *reached = u32::from(claim.admitted.month.of_year()) - 1;
                }
            }
        }
        let persons = &settled.persons;
        assert_eq!((persons.flags[place], persons.assisted[place]), (flags, assisted), "{what}");
        assert!(persons.self_pay[place].to_bits() == (self_pay as f64).to_bits(), "{what}");
        assert!(persons.in_scope[place].to_bits() == (in_scope as f64).to_bits(), "{what}");
        let months: Vec<u32> = persons.reached.iter().map(|months| months[place]).collect();
        assert_eq!(months, reached, "{what}");
        let last = claims.iter().map(|claim| claim.discharged.month.0 - Month::new(rules.year, 1).0).max();
        assert_eq!(Some(persons.last_month[place]), last.map(u32::from), "{what}");
    }
    seen
}

fn check(label: &str, scenario: &Scenario) -> Seen {
    check_people(label, scenario, PEOPLE)
}

/// Compares the tiles with the plain settlement on so many random people; gives how many were settled in tiles, and how
/// many were left to the plain settlement.
pub fn check_few(label: &str, scenario: &Scenario, people: usize) -> (usize, usize) {
    let seen = check_people(label, scenario, people);
    (seen.settled, seen.rare)
}

fn check_people(label: &str, scenario: &Scenario, people: usize) -> Seen {
    let names = &scenario.policy.names;
    let sizes = (names.categories.len(), names.traits.len());
    let mut luck = Luck(label.bytes().fold(1, |seed, byte| seed * 31 % 1_000_003 + u64::from(byte)));
    let mut work = Work::new(names.pools.len());
    let mut settled = Settled::default();
    let mut all = Seen::default();
    let mut done = 0;
    while done < people {
        let year = luck.one(scenario.years());
        let rules = scenario.rules(luck.below(scenario.place.counties.len()), year).expect("rules");
        let edges = edges(&rules);
        let kindreds: Vec<Who> = (0..12).map(|_| kindred(&mut luck, year, sizes)).collect();
        let n = 1 + luck.below(300);
        let persons = (0..n).map(|_| (luck.below(12), claims(&mut luck, year, &edges))).collect();
        let tile = Tile::new(&rules, &kindreds, persons);
        for instructions in Instructions::all_here() {
            tile.settle(instructions, &mut settled);
            let what = format!("{label} {year}, {}", instructions.set());
            let seen = compare(&what, (&rules, &kindreds), (&tile, &settled), &mut work);
            all.settled += seen.settled;
            all.rare += seen.rare;
            all.tilts += seen.tilts;
            all.capped += seen.capped;
            all.movers += seen.movers;
            all.payments.iter_mut().zip(seen.payments).for_each(|(all, one)| *all += one);
        }
        done += n;
    }
    all
}

#[test]
fn exact_tiles_pay_ten_thousand_people_what_the_plain_settlement_pays() {
    let sets = Instructions::all_here().len();
    let timeline = ("baise-timeline", "scenarios/baise-timeline.toml");
    for (label, file) in POLICIES.into_iter().chain([timeline]) {
        let scenario = scenario(file, &[]);
        let seen = check(label, &scenario);
        assert!(seen.settled > PEOPLE * sets / 2, "{label}: {seen:?}");
        assert!(seen.rare > 100 && seen.capped > 20 && seen.movers > 100, "{label}: {seen:?}");
        assert!(seen.payments[1..4].iter().all(|&n| n > 1000), "{label}: {seen:?}");
        let rules = scenario.rules(0, scenario.years()[0]).expect("rules");
        let has_tilt = rules.schedules.iter().any(|schedule| !schedule.tilts.is_empty());
        assert!(!has_tilt || seen.tilts > 20, "{label}: {seen:?}");
    }
}

/// The plan with every shape of the format: what a cell cannot hold is marked, whatever else is settled alike.
#[test]
fn exact_tiles_mark_what_cells_cannot_hold() {
    // Most cells of this plan are irregular, so that many people are needed.
    let seen = check_people("invented", &scenario("tests/cases/invented/invented.toml", &[]), 8 * PEOPLE);
    assert!(seen.rare > 1000 && seen.settled > 1000, "{seen:?}");
    assert!(seen.payments.iter().all(|&n| n > 10), "both rules of assistance on one claim: {seen:?}");
}
