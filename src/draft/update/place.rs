//! A place file with new lists of its fund: the lists and where they come from are written anew, comments, order and
//! everything else of the file stay.

use toml::{Table, Value};

use crate::lang::Words;

/// A list of `[fund]`, and the short form in one number that stands for the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct List {
    /// Its key.
    pub key: &'static str,
    /// The key of the short form, where there is one.
    pub short: Option<&'static str>,
}

/// The lists that the table of a fund may give.
pub const LISTS: [List; 4] = [
    List { key: "opening", short: Some("opening_yuan_per_resident") },
    List { key: "outstanding", short: None },
    List { key: "revenue", short: Some("revenue_yuan_per_resident") },
    List { key: "budget", short: None },
];

/// What is put in the place of lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewLists {
    /// The lists, each entry a table of its own.
    pub section: String,
    /// Where they come from, as entries of `[[provenance]]`.
    pub provenance: String,
    /// Whether the fund is to be marked as one for the whole place.
    pub pooled: bool,
}

/// A file with new lists in the place of those that `new` has.
///
/// # Errors
/// A file that is written in a way in which the lists cannot be replaced alone.
pub fn with_fund(text: &str, new: &NewLists) -> Result<String, Words> {
    let refused = || {
        Words::new(
            "的 [fund] 写法特殊（如 fund = { … } 或 fund.x = …），不能只替换其中的表；请改成 [fund] 一节后再导入",
            " writes its fund in a way (such as fund = { … } or fund.x = …) of which the lists cannot be replaced alone; make it a section [fund] first",
        )
    };
    let old: Table = text.trim_start_matches('\u{feff}').parse().map_err(|_| refused())?;
    let own: Table = new.section.parse().map_err(|_| refused())?;
    let given = own.get("fund").and_then(Value::as_table).cloned().unwrap_or_default();
    let replaced: Vec<&str> = LISTS
        .iter()
        .filter(|list| given.contains_key(list.key))
        .flat_map(|list| std::iter::once(list.key).chain(list.short))
        .collect();
    let mut lines = Lines::of(text);
    let place = lines.without_lists(&replaced);
    let rest = Rest { fund: without(&old, &replaced), replaced: &replaced };
    let sources = lines.without_sources(&rest);
    let written = lines.with(new, (place, sources), &old);
    let is_same = written.trim_start_matches('\u{feff}').parse::<Table>().is_ok_and(|now| {
        let mut wanted = rest.fund.clone();
        wanted.extend(given.clone());
        if new.pooled {
            wanted.insert("pooled".to_owned(), Value::Boolean(true));
        }
        let fund = now.get("fund").and_then(Value::as_table).cloned().unwrap_or_default();
        let others = |table: &Table| {
            let mut table = table.clone();
            table.retain(|key, _| key != "fund" && key != "provenance");
            table
        };
        fund == wanted && others(&now) == others(&old)
    });
    if is_same { Ok(written) } else { Err(refused()) }
}

/// The table of the fund without what is replaced.
fn without(old: &Table, replaced: &[&str]) -> Table {
    let mut fund = old.get("fund").and_then(Value::as_table).cloned().unwrap_or_default();
    fund.retain(|key, _| replaced.iter().all(|one| *one != key));
    fund
}

/// What is left of the fund when lists are taken out.
struct Rest<'a> {
    fund: Table,
    replaced: &'a [&'a str],
}

impl Rest<'_> {
    /// Whether an entry of provenance is still needed for what it covers.
    fn needs(&self, pattern: &str) -> bool {
        match pattern.strip_prefix("fund") {
            Some("" | ".*") => self.fund.values().any(has_number),
            Some(rest) if rest.starts_with('.') => {
                let key = rest[1..].split('.').next().unwrap_or_default();
                !self.replaced.contains(&key)
            }
            _ => true,
        }
    }
}

fn has_number(value: &Value) -> bool {
    match value {
        Value::Integer(_) | Value::Float(_) => true,
        Value::Array(items) => items.iter().any(has_number),
        Value::Table(table) => table.values().any(has_number),
        _ => false,
    }
}

/// The lines of a file, with their ends, and which of them are taken out.
struct Lines<'t> {
    all: Vec<&'t str>,
    is_out: Vec<bool>,
    changed: Vec<Option<String>>,
}

/// A table of a file: its name and its lines, without blank lines and comments that stand before the next one.
struct Block {
    name: String,
    from: usize,
    to: usize,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str) -> Self {
        let all: Vec<&str> = text.split_inclusive('\n').collect();
        Self { is_out: vec![false; all.len()], changed: vec![None; all.len()], all }
    }

    /// Every table with a heading, in the order of the file.
    fn blocks(&self) -> Vec<Block> {
        let mut within_text = false;
        let mut headings: Vec<(usize, String)> = Vec::new();
        for (number, line) in self.all.iter().enumerate() {
            headings.extend(heading(line).filter(|_| !within_text).map(|name| (number, name)));
            // A text over several lines may hold anything.
            let quotes = line.matches("\"\"\"").count() + line.matches("'''").count();
            within_text ^= quotes % 2 == 1 && (within_text || !line.trim_start().starts_with('#'));
        }
        let block = |(number, (from, name)): (usize, &(usize, String))| {
            let next = headings.get(number + 1).map_or(self.all.len(), |(from, _)| *from);
            let says_nothing = |line: &&&str| line.trim().is_empty() || line.trim_start().starts_with('#');
            let behind = self.all[*from..next].iter().rev().take_while(says_nothing).count();
            Block { name: name.clone(), from: *from, to: next - behind }
        };
        headings.iter().enumerate().map(block).collect()
    }

    /// Takes lines out, and blank lines before them.
    fn take_out(&mut self, from: usize, to: usize) {
        self.is_out[from..to].fill(true);
        for before in (0..from).rev() {
            if !self.all[before].trim().is_empty() {
                break;
            }
            self.is_out[before] = true;
        }
    }

    /// Takes lists out; gives the line at which new ones are put.
    fn without_lists(&mut self, replaced: &[&str]) -> usize {
        let blocks = self.blocks();
        let is_list = |name: &str| {
            let key = name.strip_prefix("fund.").and_then(|rest| rest.split('.').next());
            key.is_some_and(|key| replaced.contains(&key))
        };
        let mut first = None;
        for block in blocks.iter().filter(|block| is_list(&block.name)) {
            first = first.or(Some(block.from));
            self.take_out(block.from, block.to);
        }
        let fund = blocks.iter().find(|block| block.name == "fund");
        if let Some(fund) = fund {
            for (from, to) in self.values(fund, replaced) {
                self.is_out[from..to].fill(true);
            }
        }
        let provenance = blocks.iter().position(|block| block.name == "provenance");
        let before_sources =
            provenance.map(|at| blocks[..at].last().map_or(blocks[at].from, |block| block.to));
        let place = first.or(fund.map(|fund| fund.to)).or(before_sources);
        place.unwrap_or(self.all.len())
    }

    /// The lines of values in a table: from the key to the line in which its brackets are closed again.
    fn values(&self, block: &Block, keys: &[&str]) -> Vec<(usize, usize)> {
        let mut all = Vec::new();
        let mut line = block.from + 1;
        while line < block.to {
            let key = self.all[line].split('=').next().unwrap_or_default().trim();
            // The fewest lines that are a value by themselves.
            let is_whole = |to: &usize| self.all[line..*to].concat().parse::<Table>().is_ok();
            let to = (line + 1..=block.to).find(is_whole).unwrap_or(line + 1);
            if keys.contains(&key) {
                all.push((line, to));
            }
            line = to;
        }
        all
    }

    /// Takes out what the entries of provenance say of lists; gives the line at which new ones are put.
    fn without_sources(&mut self, rest: &Rest<'_>) -> usize {
        let mut first = None;
        for block in self.blocks().iter().filter(|block| block.name == "provenance") {
            let covers = covered(&self.all[block.from..block.to].concat());
            let kept: Vec<&String> = covers.iter().filter(|pattern| rest.needs(pattern)).collect();
            if kept.len() == covers.len() {
                continue;
            }
            first = first.or(Some(block.from));
            if kept.is_empty() {
                self.take_out(block.from, block.to);
                continue;
            }
            for (from, to) in self.values(block, &["covers"]) {
                let kept: Vec<String> = kept.iter().map(|pattern| format!("\"{pattern}\"")).collect();
                let end = if self.all[from].ends_with("\r\n") { "\r\n" } else { "\n" };
                self.changed[from] = Some(format!("covers = [{}]{end}", kept.join(", ")));
                self.is_out[from + 1..to].fill(true);
                // New entries stand behind one that is kept.
                first = Some(block.to);
            }
        }
        first.unwrap_or(self.all.len())
    }

    /// The text with new lists and entries in their lines.
    fn with(&self, new: &NewLists, (place, sources): (usize, usize), old: &Table) -> String {
        let end = if self.all.iter().any(|line| line.ends_with("\r\n")) { "\r\n" } else { "\n" };
        let has_fund = self.blocks().iter().any(|block| block.name == "fund");
        let is_marked = old.get("fund").and_then(|fund| fund.get("pooled")).is_some();
        let pooled = new.pooled && !is_marked;
        let mut section = new.section.clone();
        if pooled && !has_fund {
            section = format!("\n[fund]\npooled = true\n{section}");
        }
        let mut out = String::new();
        for number in 0..=self.all.len() {
            for (_, text) in
                [(place, &section), (sources, &new.provenance)].iter().filter(|(at, _)| *at == number)
            {
                if !out.is_empty() && !out.ends_with('\n') {
                    out.push_str(end);
                }
                out.push_str(&text.replace('\n', end));
            }
            let Some(line) = self.all.get(number).filter(|_| !self.is_out[number]) else { continue };
            out.push_str(self.changed[number].as_deref().unwrap_or(line));
            if pooled && has_fund && heading(line).as_deref() == Some("fund") {
                out.push_str(&format!("pooled = true{end}"));
            }
        }
        out
    }
}

/// The name of the table that a line begins: `[a.b]`, `[[a.b]]`.
fn heading(line: &str) -> Option<String> {
    let line = line.trim_start_matches('\u{feff}').trim();
    let inner = line.strip_prefix('[')?;
    let inner = inner.strip_prefix('[').unwrap_or(inner);
    let (name, rest) = inner.split_once(']')?;
    let rest = rest.trim_start_matches(']').trim();
    let is_key = |one: char| one.is_alphanumeric() || matches!(one, '_' | '-' | '.' | '"' | ' ' | '\'');
    let is_name =
        !name.trim().is_empty() && name.chars().all(is_key) && (rest.is_empty() || rest.starts_with('#'));
    // A line of a list, such as `["a"]`, is no heading, but for one that the file would parse as such.
    let is_table = is_name && format!("{line}\n").parse::<Table>().is_ok();
    is_table.then(|| name.replace([' ', '"', '\''], ""))
}

/// What an entry of provenance covers.
fn covered(block: &str) -> Vec<String> {
    let table: Table = block.parse().unwrap_or_default();
    let entries = table.get("provenance").and_then(Value::as_array);
    let covers = entries.and_then(|all| all.first()?.get("covers")?.as_array());
    covers.into_iter().flatten().filter_map(|one| one.as_str().map(ToOwned::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new() -> NewLists {
        NewLists {
            section: "\n[[fund.opening]]\ncounty = \"A\"\nyuan = 5\n\n[[fund.revenue]]\nsource = \"central\"\nmonths = [1]\nyuan = { 2025 = 7 }\n"
                .to_owned(),
            provenance: "\n[[provenance]]\ncovers = [\"fund.opening\", \"fund.revenue\"]\nstatus = \"found\"\nsource = \"t\"\n"
                .to_owned(),
            pooled: false,
        }
    }

    /// Comments, order and whatever the table does not give stay; done again nothing changes.
    #[test]
    fn exact_lists_are_replaced_and_nothing_else() {
        let text = "# mine\nname_zh = \"x\"\n\n[fund] # kept\npayment_lag_months = 1\nopening = [\n  { county = \"A\", yuan = 1 },\n]\nat_exhaustion = \"stop\"\nrevenue_yuan_per_resident = { 2024 = 2 }\n\n# of the budget\n[[fund.budget]]\nfunder = \"f\"\nyuan = { 2025 = 3 }\n\n# behind\n[outlook]\nincome_growth = 0.05\n\n[[provenance]]\ncovers = [\"fund\", \"fund.opening\",\n  \"outlook\"]\nstatus = \"assumed\"\nsource = \"s\"\n\n[[provenance]]\ncovers = [\"fund.revenue_yuan_per_resident\"]\nstatus = \"assumed\"\nsource = \"r\"\n";
        let out = with_fund(text, &new()).unwrap();
        let expected = "# mine\nname_zh = \"x\"\n\n[fund] # kept\npayment_lag_months = 1\nat_exhaustion = \"stop\"\n\n[[fund.opening]]\ncounty = \"A\"\nyuan = 5\n\n[[fund.revenue]]\nsource = \"central\"\nmonths = [1]\nyuan = { 2025 = 7 }\n\n# of the budget\n[[fund.budget]]\nfunder = \"f\"\nyuan = { 2025 = 3 }\n\n# behind\n[outlook]\nincome_growth = 0.05\n\n[[provenance]]\ncovers = [\"fund\", \"outlook\"]\nstatus = \"assumed\"\nsource = \"s\"\n\n[[provenance]]\ncovers = [\"fund.opening\", \"fund.revenue\"]\nstatus = \"found\"\nsource = \"t\"\n";
        assert_eq!(out, expected);
        assert_eq!(with_fund(&out, &new()).unwrap(), out);
        let windows = with_fund(&text.replace('\n', "\r\n"), &new()).unwrap();
        assert_eq!(windows, expected.replace('\n', "\r\n"));
    }

    #[test]
    fn exact_a_file_without_a_fund_gets_one_before_its_sources() {
        let text = "name_zh = \"x\"\n\n[outlook]\nincome_growth = 0.05\n\n# where from\n\n[[provenance]]\ncovers = [\"outlook\"]\nstatus = \"assumed\"\nsource = \"s\"";
        let out = with_fund(text, &NewLists { pooled: true, ..new() }).unwrap();
        assert!(out.starts_with("name_zh = \"x\"\n\n[outlook]\nincome_growth = 0.05\n\n[fund]\npooled = true\n\n[[fund.opening]]"), "{out}");
        assert!(out.ends_with("source = \"s\"\n\n[[provenance]]\ncovers = [\"fund.opening\", \"fund.revenue\"]\nstatus = \"found\"\nsource = \"t\"\n"), "{out}");
        assert_eq!(with_fund(&out, &NewLists { pooled: true, ..new() }).unwrap(), out);
    }

    #[test]
    fn exact_what_stands_in_a_text_is_no_table() {
        let text = "[[provenance]]\ncovers = [\"outlook\"]\nstatus = \"found\"\nsource = \"\"\"a\n[[fund.revenue]]\n\"\"\"\n";
        let out = with_fund(text, &new()).unwrap();
        assert!(out.contains("a\n[[fund.revenue]]\n\"\"\"\n"), "{out}");
        assert_eq!(with_fund(&out, &new()).unwrap(), out);
    }

    #[test]
    fn exact_what_cannot_be_replaced_alone_is_refused() {
        for text in ["fund = { opening = [{ yuan = 1 }] }\n", "fund.opening = [{ yuan = 1 }]\n", "a = \n"] {
            assert!(with_fund(text, &new()).is_err(), "{text}");
        }
    }
}
