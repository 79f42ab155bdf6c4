//! Diseases that rules name: each is declared.

use super::Checker;
use crate::policy::claim::Disease;
use crate::raw::policy as raw;

impl<'a> Checker<'a, '_> {
    /// Every `when` names diseases that the policy declares.
    pub(super) fn diseases(&mut self) {
        if let Some(id) = self.raw.diseases.keys().nth(Disease::MOST) {
            let problem = format!("at most {} diseases can be declared", Disease::MOST);
            self.fault(&format!("diseases.{id}"), problem);
        }
        let claims: Vec<(String, &'a raw::When)> = self.claims_asked_for().collect();
        for (key, when) in claims {
            let asked = when.diseases.iter().flatten().enumerate();
            let lists = asked.map(|(number, id)| ("diseases", number, id));
            let excluded = when.without_diseases.iter().enumerate();
            for (list, number, id) in
                lists.chain(excluded.map(|(number, id)| ("without_diseases", number, id)))
            {
                self.known(&format!("{key}.{list}.{number}"), id, "disease", &self.raw.diseases);
            }
        }
    }

    /// Every `when` of the file with its key.
    fn claims_asked_for(&self) -> impl Iterator<Item = (String, &'a raw::When)> + use<'a> {
        let raw = self.raw;
        let of = |section: &'static str| move |id: &String| format!("{section}.{id}.when");
        let assisted = raw.application.iter().filter_map(|(id, rule)| {
            Some((format!("application.{id}.when_assisted"), rule.when_assisted.as_ref()?))
        });
        let rules = raw.assistance.iter().map(move |(id, rule)| (of("assistance")(id), &rule.when));
        rules
            .chain(raw.tilt.iter().map(move |(id, rule)| (of("tilt")(id), &rule.when)))
            .chain(raw.application.iter().map(move |(id, rule)| (of("application")(id), &rule.when)))
            .chain(assisted)
            .chain(raw.adjustment.iter().map(move |(id, rule)| (of("adjustment")(id), &rule.when)))
            .chain(raw.indicator.iter().map(move |(id, rule)| (of("indicator")(id), &rule.when)))
    }
}
