//! What the numbers of a column are, told by its unit and its name.

use crate::report::finished::ReadColumn;

/// What the numbers of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text, or a number that says what a row is about or is public by itself.
    Known,
    /// A count of persons, payments or households.
    Count,
    /// The error of a count.
    CountError,
    /// Yuan.
    Money,
    /// The error or spread of an amount.
    MoneyError,
    /// Yuan for each resident.
    PerResident,
    /// Yuan for each of the persons of the row.
    PerPerson,
    /// A share or a ratio.
    Share,
}

/// Numbers that are public by themselves: residents are those of the census, budgets and limits stand in documents.
const PUBLIC: [&str; 4] = ["residents", "budget_yuan", "at_most", "line_number"];

impl Kind {
    pub fn of(column: &ReadColumn) -> Self {
        if !column.is_number || PUBLIC.contains(&column.name.as_str()) {
            return Self::Known;
        }
        let name = column.name.as_str();
        let is_error = name.ends_with("_se") || name.ends_with("se_yuan") || name.ends_with("sd_yuan");
        match (column.unit.as_str(), is_error) {
            // What one simulated person gets, however many there are.
            ("yuan", false) if name == "largest_change_yuan" => Self::PerPerson,
            ("persons" | "payments" | "persons or households", false) => Self::Count,
            ("persons" | "payments" | "persons or households", true) => Self::CountError,
            ("yuan", false) => Self::Money,
            ("yuan", true) => Self::MoneyError,
            ("yuan per resident", _) => Self::PerResident,
            ("yuan per person", _) => Self::PerPerson,
            ("year" | "month" | "number", _) => Self::Known,
            _ => Self::Share,
        }
    }

    /// The kinds of the columns of a table.
    pub fn all(columns: &[ReadColumn]) -> Vec<Self> {
        columns.iter().map(Self::of).collect()
    }
}
