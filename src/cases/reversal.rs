//! Bills that were taken back (冲账): the claim is settled as if it had never been, and the answer names both.

use std::collections::BTreeMap;

use super::field::{Fields, Typed, amount};
use super::new_year::PartOfBill;
use super::typed::{Group, Reader, hinted};
use crate::lang::Words;
use crate::scenario::fault::nearest;
use crate::units::{Day, Fen};

/// A claim that was reversed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reversed {
    /// Its name.
    pub name: String,
    /// The name of the reversal.
    pub by: String,
    /// The bill that was taken back.
    pub total: Fen,
    /// Where only a part of it belongs to the year: that part.
    pub part: Option<PartOfBill>,
}

/// Amounts that a reversal may repeat, with or without a minus.
const AMOUNTS: [&str; 3] = ["total", "out_of_scope", "other_paid"];

fn text<'f>(fields: &'f Fields, name: &str) -> Option<&'f str> {
    fields.list.iter().find_map(|(field, value)| match value {
        Typed::Text(text) if field == name => Some(text.as_str()),
        _ => None,
    })
}

fn value<'f>(fields: &'f Fields, name: &str) -> Option<&'f Typed> {
    fields.list.iter().find(|(field, _)| field == name).map(|(_, value)| value)
}

/// The claims of a case by their names, and which were reversed: of each the first.
pub(super) struct Reversals<'l> {
    list: &'l [Fields],
    /// By id, the position.
    bills: BTreeMap<&'l str, usize>,
    /// By the id of what is taken back, the position of the reversal.
    reversals: BTreeMap<&'l str, usize>,
}

impl<'l> Reversals<'l> {
    pub(super) fn of(list: &'l [Fields]) -> Self {
        let by = |name: &str| {
            let mut all = BTreeMap::new();
            for (position, fields) in list.iter().enumerate() {
                text(fields, name).map(|id| *all.entry(id).or_insert(position));
            }
            all
        };
        Self { list, bills: by("id"), reversals: by("reverses") }
    }

    /// The name of the reversal of a claim, if it was reversed.
    pub(super) fn of_bill(&self, name: &str) -> Option<String> {
        let reversal = &self.list[*self.reversals.get(name)?];
        Some(text(reversal, "id").unwrap_or_default().to_owned())
    }
}

impl Reader<'_> {
    /// Looks at a reversal: it names a bill of the case once, and repeats nothing of it otherwise.
    pub(super) fn reversal(&mut self, group: Group<'_>, (number, all): (usize, &Reversals<'_>)) {
        let Some(name) = self.text(group, "reverses", true) else { return };
        if text(group.fields, "id") == Some(name) {
            let allowed = Words::new(
                "就是这笔冲销自己；请写被冲销费用的编号",
                "is the reversal itself; name the bill that is taken back",
            );
            self.fault(group, "reverses", allowed);
            return;
        }
        let Some(bill) = all.bills.get(name).map(|&position| &all.list[position]) else {
            let ids = all.list.iter().filter_map(|fields| text(fields, "id"));
            let ids = ids.filter(|id| text(group.fields, "id") != Some(*id));
            let hint = nearest(name, ids).unwrap_or_default();
            let problem = Words::new("不是本个案的费用", "is no bill of this case");
            self.fault(group, "reverses", hinted(problem, &hint));
            return;
        };
        if value(bill, "reverses").is_some() {
            let allowed = Words::new(
                "本身就是冲销；这笔费用如果仍然有效，请重新录入",
                "is a reversal itself; type the bill anew where it counts after all",
            );
            self.fault(group, "reverses", allowed);
            return;
        }
        let earlier = all.reversals.get(name).filter(|&&position| position < number);
        if let Some(earlier) = earlier.map(|&position| &all.list[position]) {
            let line = earlier.line;
            let allowed = Words::new(
                format!("已由第{line}行冲销"),
                format!("is reversed already, by the entry of line {line}"),
            );
            self.fault(group, "reverses", allowed);
        }
        self.repeats(group, bill);
    }

    /// Whatever a reversal repeats of its bill is the same.
    fn repeats(&mut self, group: Group<'_>, bill: &Fields) {
        for (name, typed) in &group.fields.list {
            match name.as_str() {
                "id" | "reverses" => {}
                "admitted" => {
                    let first = text(bill, "admitted").and_then(Day::parse);
                    let day = self.day(group, "admitted", false);
                    if let (Some(first), Some(day)) = (first, day)
                        && day < first
                    {
                        let allowed = Words::new(
                            format!("不能早于被冲销的费用 {first}"),
                            format!("must not be before the bill, {first}"),
                        );
                        self.fault(group, "admitted", allowed);
                    }
                }
                of if AMOUNTS.contains(&of) => {
                    let fen = |typed: Option<&Typed>| match typed {
                        Some(Typed::Number(text)) => amount(text.trim_start_matches(['-', '\u{2212}'])).ok(),
                        _ => None,
                    };
                    if fen(Some(typed)).is_none() || fen(Some(typed)) != fen(value(bill, of)) {
                        let allowed = Words::new(
                            "须与被冲销的费用相同：冲销总是整笔；只冲一部分时，整笔冲销后把余下的作为新费用录入",
                            "must be that of the bill: a reversal takes back the whole of it; where a part stands, reverse it and \
                             type what stands as a new bill",
                        );
                        self.fault(group, name, allowed);
                    }
                }
                of => {
                    if Some(typed) != value(bill, of) {
                        let allowed = Words::new(
                            "须与被冲销的费用相同，或不填",
                            "must be as in the bill that is reversed, or be left out",
                        );
                        self.fault(group, name, allowed);
                    }
                }
            }
        }
    }
}
