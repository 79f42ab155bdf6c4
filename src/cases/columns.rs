//! The columns of the tables of persons and claims.

/// The columns of the table of persons.
pub const PERSONS: &[&str] = &[
    "case",
    "county",
    "year",
    "age",
    "sex",
    "insurance",
    "identities",
    "traits",
    "recognised",
    "household",
    "household_size",
];

/// The columns of the table of claims.
pub const CLAIMS: &[&str] = &[
    "case",
    "year",
    "id",
    "kind",
    "admitted",
    "discharged",
    "level",
    "place",
    "referred",
    "disease",
    "total",
    "out_of_scope",
    "other_paid",
    "stay",
    "reverses",
    "earlier",
    "self_pay",
];

/// The columns that the table of persons must have.
pub const PERSONS_NEEDED: &[&str] = &["case", "county", "year", "age"];

/// The columns that the table of claims must have.
pub const CLAIMS_NEEDED: &[&str] = &["case", "id", "kind", "admitted", "level"];

/// Each of some columns in its ways of being written, by a list of Chinese headings.
#[must_use]
pub fn written(
    columns: &[&'static str],
    headings: &[(&'static str, &'static str)],
) -> Vec<Vec<&'static str>> {
    let of = |column: &&'static str| {
        let zh = headings.iter().filter(|(_, of)| of == column).map(|(zh, _)| *zh);
        std::iter::once(*column).chain(zh).collect()
    };
    columns.iter().map(of).collect()
}

/// Chinese headings of the table of persons that are understood.
pub const PERSONS_ZH: &[(&str, &str)] = &[
    ("个案", "case"),
    ("县区", "county"),
    ("年度", "year"),
    ("年龄", "age"),
    ("性别", "sex"),
    ("参保类型", "insurance"),
    ("身份", "identities"),
    ("特征", "traits"),
    ("认定月份", "recognised"),
    ("家庭编号", "household"),
    ("家庭人口数", "household_size"),
];

/// Chinese headings of the table of claims that are understood.
pub const CLAIMS_ZH: &[(&str, &str)] = &[
    ("个案", "case"),
    ("年度", "year"),
    ("编号", "id"),
    ("类型", "kind"),
    ("入院日期", "admitted"),
    ("出院日期", "discharged"),
    ("医院级别", "level"),
    ("就医地", "place"),
    ("按规定转诊", "referred"),
    ("病种", "disease"),
    ("总费用", "total"),
    ("目录外费用", "out_of_scope"),
    ("其他支付", "other_paid"),
    ("住院编号", "stay"),
    ("冲销编号", "reverses"),
    ("往年费用", "earlier"),
    ("个人自付", "self_pay"),
];

/// Columns whose content is a number.
pub(super) const NUMBERS: &[&str] = &["year", "age", "household_size"];

/// Columns whose content is an amount.
pub(super) const AMOUNTS: &[&str] = &["total", "out_of_scope", "other_paid", "self_pay"];
