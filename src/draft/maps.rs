//! What a user said that texts of a table mean, held against itself and against the table: nothing said is without effect.

use super::register::sheet::{TableFault, plain};
use crate::lang::Words;

/// How many names of a table a refusal lists.
const MOST_NAMES: usize = 20;

/// How like two names are, from which on one is most likely a slip for the other.
const SLIP: f64 = 0.4;

/// What was said with an option, as text and id.
#[derive(Debug, Clone, Copy)]
pub struct Maps<'a> {
    /// The option, such as `--map`.
    pub option: &'static str,
    /// Text and id, or `-` for what is left out.
    pub pairs: &'a [(String, String)],
}

impl Maps<'_> {
    /// Texts that are said to be two things.
    #[must_use]
    pub fn contradictions(self) -> Vec<Words> {
        let option = self.option;
        let other = |number: usize| {
            let (text, id) = &self.pairs[number];
            let is_same = |(known, other): &&(String, String)| plain(known) == plain(text) && other != id;
            self.pairs[..number].iter().find(is_same)
        };
        let said = |number: usize| {
            let ((first, one), (text, id)) = (other(number)?, &self.pairs[number]);
            Some(Words::new(
                format!(
                    "{option} {first}={one} 与 {option} {text}={id} 矛盾：同一个名称只能指一项，请去掉一个"
                ),
                format!(
                    "{option} {first}={one} and {option} {text}={id} contradict each other: one text means one thing; leave one of them out"
                ),
            ))
        };
        (0..self.pairs.len()).filter_map(said).collect()
    }

    /// Texts that the table does not have where it is asked what they mean. `names` are those that it has there, `also`
    /// what else may be named, such as two names together.
    #[must_use]
    pub fn unmatched(self, names: &[String], also: &[String]) -> Vec<TableFault> {
        let has = |text: &str| names.iter().chain(also).any(|name| plain(name) == plain(text));
        let unmatched = self.pairs.iter().filter(|(text, _)| plain(text).is_empty() || !has(text));
        unmatched.map(|pair| TableFault::whole(self.no_such(pair, names))).collect()
    }

    fn no_such(self, (text, id): &(String, String), names: &[String]) -> Words {
        let mut known: Vec<&str> = Vec::new();
        for name in names.iter().map(String::as_str).filter(|name| !name.is_empty()) {
            if !known.contains(&name) {
                known.push(name);
            }
        }
        let likeness = |name: &str| strsim::normalized_damerau_levenshtein(&plain(text), name);
        let near = known.iter().map(|name| (likeness(name), *name)).max_by(|a, b| a.0.total_cmp(&b.0));
        let near = near.filter(|(likeness, _)| *likeness >= SLIP).map(|(_, name)| name);
        let near_zh = near.map_or_else(String::new, |near| format!("是不是“{near}”？"));
        let near_en = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        let more = known.len() > MOST_NAMES;
        known.truncate(MOST_NAMES);
        let (zh, en) = (known.join("、"), known.join(", "));
        let (etc_zh, etc_en) = if more { (" 等", ", …") } else { ("", "") };
        let option = self.option;
        Words::new(
            format!("{option} {text}={id}：表中没有“{text}”，不起作用。{near_zh}表中有：{zh}{etc_zh}"),
            format!(
                "{option} {text}={id}: the table has no `{text}`, nothing would come of it{near_en}; it has: {en}{etc_en}"
            ),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(text, id)| ((*text).to_owned(), (*id).to_owned())).collect()
    }

    #[test]
    fn exact_one_text_is_one_thing() {
        let twice = pairs(&[("低收入（户）", "dibao"), ("低保", "dibao"), ("低收入(户)", "tekun")]);
        let said = Maps { option: "--map", pairs: &twice }.contradictions();
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].zh.contains("--map 低收入（户）=dibao 与 --map 低收入(户)=tekun 矛盾"), "{said:?}");
        let same = pairs(&[("低保", "dibao"), ("低保", "dibao")]);
        assert!(Maps { option: "--map", pairs: &same }.contradictions().is_empty());
    }

    #[test]
    fn exact_what_the_table_does_not_have_is_said_with_the_nearest_of_what_it_has() {
        let maps = pairs(&[("低收入户", "dibao"), ("特困", "tekun"), ("预算/乡镇", "-"), ("", "dibao")]);
        let names = ["低收入家庭".to_owned(), "特困".to_owned(), String::new()];
        let faults = Maps { option: "--map", pairs: &maps }.unmatched(&names, &["预算/乡镇".to_owned()]);
        assert_eq!(faults.len(), 2, "{faults:?}");
        let zh = "--map 低收入户=dibao：表中没有“低收入户”，不起作用。是不是“低收入家庭”？表中有：低收入家庭、特困";
        assert_eq!(faults[0].problem.zh, zh);
        assert!(faults[1].problem.en.starts_with("--map =dibao: the table has no ``"), "{faults:?}");
    }
}
