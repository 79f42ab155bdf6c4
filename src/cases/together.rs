//! Which cases belong together, so that the others can be settled and forgotten one by one.
//!
//! Cases are told apart by hashes of what names them. Two names of one hash only join what need not be joined.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::field::{Fields, Typed};

/// What joins a case with others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Key {
    /// The person; none where the case has no name.
    person: Option<u32>,
    /// The household and year.
    household: Option<u32>,
}

impl Key {
    /// The key of a case as typed.
    #[must_use]
    pub fn of(fields: &Fields) -> Self {
        let text = |name: &str| {
            let (_, value) = fields.list.iter().find(|(field, _)| field == name)?;
            match value {
                Typed::Text(text) | Typed::Number(text) => Some(text.trim()),
                _ => None,
            }
        };
        let person = text("case").map(|name| hash(&name));
        Self { person, household: text("household").map(|name| hash(&(name, text("year")))) }
    }
}

fn hash(of: &impl Hash) -> u32 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    let whole = hasher.finish();
    (whole ^ whole >> 32) as u32
}

/// What joins cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// One person, or one household and year: what is held against each other.
    PersonOrHousehold,
    /// One household and year: what is settled together.
    Household,
}

/// Groups of cases, in the order of the first of each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Groups {
    /// The first case of the group and the case, in order.
    all: Vec<(u32, u32)>,
}

impl Groups {
    /// The groups of cases with keys.
    #[must_use]
    pub fn of(keys: &[Key], by: By) -> Self {
        let mut above: Vec<u32> = (0..keys.len() as u32).collect();
        join(&mut above, keys.iter().map(|key| key.household));
        if by == By::PersonOrHousehold {
            join(&mut above, keys.iter().map(|key| key.person));
        }
        let mut all: Vec<(u32, u32)> =
            (0..keys.len() as u32).map(|case| (first(&mut above, case), case)).collect();
        all.sort_unstable();
        Self { all }
    }

    /// The positions of the cases of each group.
    pub fn iter(&self) -> impl Iterator<Item = Vec<usize>> {
        let groups = self.all.chunk_by(|one, other| one.0 == other.0);
        groups.map(|group| group.iter().map(|(_, case)| *case as usize).collect())
    }
}

/// The first case of a group; on the way there the path becomes shorter.
fn first(above: &mut [u32], case: u32) -> u32 {
    let mut case = case;
    while above[case as usize] != case {
        above[case as usize] = above[above[case as usize] as usize];
        case = above[case as usize];
    }
    case
}

/// Joins the cases of equal keys; those without stay as they are.
fn join(above: &mut [u32], keys: impl Iterator<Item = Option<u32>>) {
    let mut sorted: Vec<(u32, u32)> =
        keys.zip(0_u32..).filter_map(|(key, case)| Some((key?, case))).collect();
    sorted.sort_unstable();
    for pair in sorted.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
        let (one, other) = (first(above, pair[0].1), first(above, pair[1].1));
        above[one.max(other) as usize] = one.min(other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(name: &str, household: Option<&str>, year: u16) -> Key {
        let text = |name: &str, value: &str| (name.to_owned(), Typed::Text(value.to_owned()));
        let mut list = vec![text("case", name), ("year".to_owned(), Typed::Number(year.to_string()))];
        list.extend(household.map(|household| text("household", household)));
        Key::of(&Fields { list, line: 1 })
    }

    #[test]
    fn exact_persons_and_households_are_joined_wherever_they_stand() {
        let keys = [
            case("a", None, 2022),
            case("b", Some("1"), 2022),
            case("c", None, 2022),
            case("d", Some("1"), 2022),
            case("a", None, 2023),
            case("d", Some("2"), 2023),
            case("e", Some(" 2 "), 2023),
            case("f", Some("2"), 2022),
        ];
        let groups = |by| Groups::of(&keys, by).iter().collect::<Vec<_>>();
        assert_eq!(groups(By::PersonOrHousehold), [vec![0, 4], vec![1, 3, 5, 6], vec![2], vec![7]]);
        assert_eq!(groups(By::Household), [vec![0], vec![1, 3], vec![2], vec![4], vec![5, 6], vec![7]]);
        assert_eq!(Groups::of(&[], By::Household).iter().count(), 0);
    }

    #[test]
    fn exact_a_case_without_a_name_stands_alone() {
        let keys = [Key::of(&Fields::default()), Key::of(&Fields::default())];
        assert_eq!(Groups::of(&keys, By::PersonOrHousehold).iter().collect::<Vec<_>>(), [vec![0], vec![1]]);
    }
}
