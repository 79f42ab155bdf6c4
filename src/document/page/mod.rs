//! `report.html`: the report as one page without network: it reads without scripts, which sort tables and show the
//! figures that a reader picks.

mod picker;

use super::DocumentError;
use super::content::{Block, Content, content};
use super::grid::{Grid, Show};
use super::labels::Words;
use super::word::shown;
use crate::lang::Lang;
use crate::report::finished::Finished;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Makes the page of a run: its bytes.
///
/// # Errors
/// A file of the run that cannot be read, a chart that cannot be drawn.
pub fn make(run: &Finished, lang: Lang) -> Result<Vec<u8>, DocumentError> {
    let words = Words { run, lang };
    let content = content(words)?;
    Ok(page(&content, picker::picker(words).as_deref(), lang).into_bytes())
}

/// After how many parts, question and answer, figures can be looked up.
const PARTS_BEFORE_PICKER: usize = 2;

fn page(content: &Content, picker: Option<&str>, lang: Lang) -> String {
    let (code, title) = (lang.pick("zh-CN", "en"), text(&content.title.concat()));
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"{code}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"generator\" content=\"fundcast\">\n<link rel=\"icon\" href=\"data:,\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#content\">{}</a>\n<header>\n<h1>{title}</h1>\n<p class=\"subtitle\">{}</p>\n</header>\n",
        lang.pick("跳到正文", "Skip to the content"),
        text(&content.subtitle),
    );
    out.push_str(&contents(content, lang));
    out.push_str("<main id=\"content\">\n");
    let (mut n_parts, mut n_tables, mut n_pictures) = (0, 0, 0);
    for block in &content.blocks {
        match block {
            Block::Heading(words) => {
                if n_parts == PARTS_BEFORE_PICKER {
                    out.push_str(picker.unwrap_or_default());
                }
                n_parts += 1;
                out.push_str(&format!("<h2 id=\"part{n_parts}\">{}</h2>\n", text(words)));
            }
            Block::Text(words) => out.push_str(&format!("<p>{}</p>\n", text(words))),
            Block::Note(words) => out.push_str(&format!("<p class=\"note\">{}</p>\n", text(words))),
            Block::Table { caption, grid } => {
                n_tables += 1;
                out.push_str(&table(
                    &format!("{}{n_tables}\u{3000}{caption}", lang.pick("表", "Table ")),
                    grid,
                ));
            }
            Block::Picture { caption, svg, .. } => {
                n_pictures += 1;
                let caption = text(&format!("{}{n_pictures}\u{3000}{caption}", lang.pick("图", "Figure ")));
                out.push_str(&format!("<figure>\n{svg}\n<figcaption>{caption}</figcaption>\n</figure>\n"));
            }
        }
    }
    let sort = lang.pick("按此列排序", "Sort by this column");
    let found = lang.pick("符合所选条件的有N行。", "N rows fit what is picked.");
    out.push_str(&format!(
        "</main>\n<script>\nconst SORT = \"{sort}\";\nconst FOUND = \"{found}\";\n{SCRIPT}</script>\n</body>\n</html>\n"
    ));
    out
}

/// The table of contents.
fn contents(content: &Content, lang: Lang) -> String {
    let headings = content.blocks.iter().filter_map(|block| match block {
        Block::Heading(words) => Some(words),
        _ => None,
    });
    let mut out = format!("<nav aria-label=\"{}\">\n<ul>\n", lang.pick("目录", "Contents"));
    for (number, heading) in headings.enumerate() {
        out.push_str(&format!("<li><a href=\"#part{}\">{}</a></li>\n", number + 1, text(heading)));
    }
    out.push_str("</ul>\n</nav>\n");
    out
}

/// A table that scrolls by itself where the screen is narrow; each figure carries its value for sorting.
fn table(caption: &str, grid: &Grid) -> String {
    let caption = text(caption);
    let mut out = format!(
        "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{caption}\">\n<table>\n<caption>{caption}</caption>\n<thead><tr>"
    );
    for column in &grid.columns {
        let class = if column.show == Show::Text { "" } else { " class=\"number\"" };
        out.push_str(&format!("<th scope=\"col\"{class}>{}</th>", text(&column.heading)));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in &grid.rows {
        out.push_str("<tr>");
        for (at, (cell, column)) in row.iter().zip(&grid.columns).enumerate() {
            let words = text(&shown(cell, column.show));
            out.push_str(&match cell {
                super::grid::Cell::Number(number) if column.show != Show::Text => {
                    format!("<td class=\"number\" data-value=\"{number}\">{words}</td>")
                }
                _ if at < grid.n_keys => format!("<th scope=\"row\">{words}</th>"),
                _ if column.show != Show::Text => {
                    format!("<td class=\"number\">{words}</td>")
                }
                _ => format!("<td>{words}</td>"),
            });
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n</div>\n");
    out
}

fn text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
