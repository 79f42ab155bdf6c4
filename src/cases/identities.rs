//! The identities and traits of a typed case.

use super::field::Typed;
use super::typed::{Group, IDENTITY_FIELDS, Reader, hinted};
use crate::lang::Words;
use crate::policy::claim::{Category, Spell};
use crate::policy::names::position;
use crate::scenario::fault::{meant, nearest};
use crate::units::Month;

impl Reader<'_> {
    pub(super) fn identities(&mut self, group: Group<'_>) -> Vec<Spell> {
        let mut spells = Vec::new();
        for (number, fields) in self.groups(group, "identities").iter().enumerate() {
            let path = format!("identities[{number}]");
            let one = Group { fields, path: &path, file: group.file };
            self.known_fields(one, IDENTITY_FIELDS);
            let category = self.category(one);
            let from = self.month(one, "from", true);
            let to = self.month(one, "to", false).unwrap_or(Month::LAST);
            if let Some(from) = from
                && to < from
            {
                let allowed = Words::new(
                    format!("不能早于 `from`，即 {from}"),
                    format!("must not be before `from`, {from}"),
                );
                self.fault(one, "to", allowed);
            }
            if let (Some(category), Some(from)) = (category, from) {
                spells.push(Spell { category, from, to });
            }
        }
        spells
    }

    /// The identities that the policy does not know, as typed; what is wrong with them is told with the others.
    pub(super) fn others(&self, group: Group<'_>) -> Vec<String> {
        let Some(Typed::Groups(identities)) = group.get("identities") else { return Vec::new() };
        let known = &self.scenario.place.other_categories;
        let id = |(name, value): &(String, Typed)| match value {
            Typed::Text(id) if name == "category" && known.contains(id) => Some(id.clone()),
            _ => None,
        };
        identities.iter().flat_map(|fields| fields.list.iter().filter_map(id)).collect()
    }

    fn category(&mut self, group: Group<'_>) -> Option<Category> {
        let text = self.text(group, "category", true)?;
        let names = &self.scenario.policy.names.categories;
        let found = position(names, text);
        // What the place's table has and this policy does not know gives its holders no right.
        let is_other = self.scenario.place.other_categories.iter().any(|id| id == text);
        if found.is_none() && !is_other {
            let others = self.scenario.place.other_categories.iter().map(String::as_str);
            let hint = match names.iter().find(|name| name.zh == text || name.en == text) {
                Some(name) => meant(&name.id),
                None => {
                    nearest(text, names.iter().map(|name| name.id.as_str()).chain(others)).unwrap_or_default()
                }
            };
            let problem = Words::new("不是本政策的人员类别", "is no category of this policy");
            self.fault(group, "category", hinted(problem, &hint));
        }
        found.map(|rank| Category(rank as u8))
    }

    pub(super) fn traits(&mut self, group: Group<'_>) -> u32 {
        let names = &self.scenario.policy.names.traits;
        let texts: &[String] = match group.get("traits") {
            Some(Typed::Texts(texts)) => texts,
            Some(Typed::Groups(groups)) if groups.is_empty() => &[],
            None => &[],
            Some(_) => {
                self.fault(group, "traits", Words::new("须为名称的列表", "must be a list of names"));
                &[]
            }
        };
        let mut mask = 0;
        for (number, text) in texts.iter().enumerate() {
            match position(names, text) {
                Some(_) if texts[..number].contains(text) => {
                    let allowed = Words::new(format!("`{text}`写了两次"), format!("names `{text}` twice"));
                    self.fault(group, "traits", allowed);
                }
                Some(bit) => mask |= 1 << bit,
                None if self.scenario.place.raw.population.traits.contains_key(text) => {}
                None => {
                    let of_place = self.scenario.place.raw.population.traits.keys().map(String::as_str);
                    let others = of_place.filter(|id| position(names, id).is_none());
                    let known = names.iter().map(|name| name.id.as_str()).chain(others);
                    let hint = nearest(text, known).unwrap_or_default();
                    let problem = Words::new(
                        format!("`{text}`不是本政策的特征"),
                        format!("`{text}` is no trait of this policy"),
                    );
                    self.fault(group, "traits", hinted(problem, &hint));
                }
            }
        }
        mask
    }
}
