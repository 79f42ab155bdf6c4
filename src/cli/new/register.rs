//! The register of `new`: what was understood of it, and what is missing.

use super::super::given;
use super::super::new_args::NewArgs;
use crate::draft::register::Register;
use crate::draft::{self, Draft};
use crate::lang::Lang;
use crate::raw::Status;

/// What was understood, cell by cell, and what is missing.
pub fn preview(args: &NewArgs, register: &Register, draft: &Draft, lang: Lang) -> String {
    let mut text = given::register::understood(&args.register, register, Some("register.csv"), lang);
    let missing: Vec<&str> = draft
        .categories
        .iter()
        .filter(|(id, _)| {
            let own = draft.counts.iter().flatten().filter(|count| count.category == *id);
            own.clone().any(|count| count.status != Status::Found)
        })
        .map(|(_, label)| label.pick(lang))
        .collect();
    if !missing.is_empty() {
        text.push_str(&match lang {
            Lang::Zh => format!("台账中没有或不全，仍为推算：{}\n", missing.join("、")),
            Lang::En => format!(
                "not in the register, or not for every county, and so assumed: {}\n",
                missing.join(", ")
            ),
        });
    }
    let (first, begins) = (draft.years.0, draft::begins(register));
    if begins.is_some_and(|begins| begins != first) {
        text.push_str(&match lang {
            Lang::Zh => format!("人数按测算首年{first}年使用，台账日期与之不同（方案数值的年度所限，或由 --years 指定）\n"),
            Lang::En => format!(
                "the persons are taken for {first}, the first year, which is not that of the register (as far as the policy's \
                 values reach, or as --years says)\n"
            ),
        });
    }
    text
}
