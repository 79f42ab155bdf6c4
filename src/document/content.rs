//! What a report says, block by block, whatever it will be written to: headings, paragraphs, tables, pictures.

use super::DocumentError;
use super::findings::{Findings, findings};
use super::grid::Grid;
use super::labels::Words;
use super::{basis, budget, method, pictures, results};
use crate::lang::Lang;

/// A part of a report, from top to bottom.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A heading of a part.
    Heading(String),
    /// A paragraph.
    Text(String),
    /// A paragraph of less weight.
    Note(String),
    /// A table with its caption; the unit stands in it.
    Table {
        /// The caption, without number.
        caption: String,
        /// The table.
        grid: Grid,
    },
    /// A picture with its caption.
    Picture {
        /// The caption, without number.
        caption: String,
        /// What is to be seen, for readers who do not see it.
        alt: String,
        /// The picture.
        svg: String,
    },
}

/// A report.
#[derive(Debug, Clone, PartialEq)]
pub struct Content {
    /// Title, in the two parts between which a line may break.
    pub title: [String; 2],
    /// The line under it: run and replicates.
    pub subtitle: String,
    /// The blocks.
    pub blocks: Vec<Block>,
}

/// The report of a run or a comparison.
///
/// # Errors
/// Trials that cannot be read, a chart that cannot be drawn.
pub fn content(words: Words<'_>) -> Result<Content, DocumentError> {
    let Findings { title, question, answers, mut warnings } = findings(words);
    let mut parts = Parts { words, blocks: Vec::new(), n: 0 };
    parts.part(words.pick("问题", "Question"), vec![Block::Text(question)]);
    let mut answer: Vec<Block> = answers.into_iter().map(Block::Text).collect();
    if words.run.record.published && !warnings.is_empty() {
        // What was hidden and rounded is said before the first table.
        answer.push(Block::Note(warnings.remove(0)));
    }
    if !warnings.is_empty() {
        let n = warnings.len();
        answer.push(Block::Note(match words.lang {
            Lang::Zh => format!("本次测算有{n}条提示，列在“局限”中。"),
            Lang::En => format!("The run has {n} {}, see “Limits”.", if n == 1 { "note" } else { "notes" }),
        }));
    }
    parts.part(words.pick("结论", "Answer"), answer);
    let mut shown = results::results(words);
    shown.extend(budget::budgets(words));
    shown.extend(pictures::pictures(words)?);
    parts.part(words.pick("测算结果", "Results"), shown);
    parts.part(words.pick("人员", "Persons"), results::people(words));
    parts.part(words.pick("改动及其影响", "What was changed, and what it moved"), results::changes(words));
    parts.part(words.pick("测算方法", "Method"), method::method(words));
    let mut limits = method::limits(words);
    let note = |text: String| Block::Note(format!("{}{text}", words.pick("提示：", "Note: ")));
    limits.extend(warnings.into_iter().map(note));
    parts.part(words.pick("局限", "Limits"), limits);
    parts.part(words.pick("条款", "Clauses"), results::clauses(words));
    parts.part(words.pick("参数依据", "Where the values come from"), basis::assumptions(words));
    parts.part(words.pick("运行记录", "Record of the run"), basis::record(words));
    let n = words.run.record.replicates;
    let subtitle = match words.lang {
        Lang::Zh => format!("运行编号{}，模拟{n}次", words.run.run_id()),
        Lang::En => format!("Run {}, {n} {}", words.run.run_id(), Lang::replicates(n)),
    };
    Ok(Content { title, subtitle, blocks: parts.blocks })
}

/// Parts with their numbers.
struct Parts<'a> {
    words: Words<'a>,
    blocks: Vec<Block>,
    n: usize,
}

impl Parts<'_> {
    /// Adds a part; one without content is left out.
    fn part(&mut self, heading: &str, blocks: Vec<Block>) {
        if blocks.is_empty() {
            return;
        }
        const NUMBERS: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
        let heading = match self.words.lang {
            Lang::Zh => format!("{}、{heading}", NUMBERS[self.n.min(9)]),
            Lang::En => format!("{}. {heading}", self.n + 1),
        };
        self.n += 1;
        self.blocks.push(Block::Heading(heading));
        self.blocks.extend(blocks);
    }
}
