//! Each language alone: a fault in Chinese has no English sentence in it, and one in English no Chinese.

use fundcast::lang::Lang;
use fundcast::scenario::fault::{Fault, Faults};

use crate::command::fundcast;

const FULL_WIDTH: &str = "，。；：（）？“”";

fn is_chinese(one: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&one)
}

/// Without what was typed: keys, names and values, which are the same in both languages.
fn plain(text: &str) -> String {
    let (mut out, mut until) = (String::new(), None);
    for one in text.chars() {
        match (until, one) {
            (Some(end), _) if one == end => until = None,
            (Some(_), _) => {}
            (None, '`' | '"') => until = Some(one),
            (None, '[') => until = Some(']'),
            (None, '“') => until = Some('”'),
            (None, _) => out.push(one),
        }
    }
    out
}

/// The runs of characters of a kind.
fn runs(text: &str, of: fn(char) -> bool) -> impl Iterator<Item = &str> {
    text.split(move |one| !of(one)).filter(|run| !run.is_empty())
}

/// Whether two English words follow each other.
fn has_a_sentence(text: &str) -> bool {
    let words: Vec<&str> = text.split(' ').collect();
    let ends = |word: &str| {
        let letters = word.trim_end_matches([',', ';', ':']).chars().rev();
        letters.take_while(char::is_ascii_alphabetic).count() > 1
    };
    let begins = |word: &str| word.chars().take_while(char::is_ascii_alphabetic).count() > 1;
    words.windows(2).any(|pair| ends(pair[0]) && begins(pair[1]))
}

/// Whether punctuation of English stands in Chinese; a colon or comma within a number, a name or a time does not.
fn has_half_width(text: &str) -> bool {
    let all: Vec<char> = text.chars().collect();
    let at = |index: usize| all.get(index).copied().unwrap_or(' ');
    (0..all.len()).any(|index| {
        let after_chinese = index > 0 && is_chinese(at(index - 1));
        let before = at(index + 1);
        match all[index] {
            ',' | ';' | ':' | '?' | '!' => after_chinese || before == ' ' || is_chinese(before),
            '(' | ')' => after_chinese || is_chinese(before),
            _ => false,
        }
    })
}

/// What is wrong with the two texts of a fault; nothing where each stands in its own language.
pub fn mixed(fault: &Fault) -> Option<String> {
    let hint = fault.hint.clone().unwrap_or_default();
    let (zh, en) =
        (format!("{}；{}", fault.problem.zh, hint.zh), format!("{}; {}", fault.problem.en, hint.en));
    let (zh, en) = (zh.trim_end_matches('；'), en.trim_end_matches([';', ' ']));
    wrong(zh, en).map(|wrong| format!("{wrong}: {} | {zh} | {en}", fault.key))
}

/// The same of any message.
pub fn wrong(zh: &str, en: &str) -> Option<&'static str> {
    let (plain_zh, plain_en) = (plain(zh), plain(en));
    let is_latin = |one: char| one.is_ascii_alphabetic();
    let is_full_width = |one: char| FULL_WIDTH.contains(one);
    // A name stands in both.
    let has_latin = runs(&plain_zh, is_latin).any(|run| run.len() > 1 && !en.contains(run));
    if !zh.contains(is_chinese) {
        Some("no Chinese in the Chinese")
    } else if has_a_sentence(&plain_zh) || has_latin {
        Some("English in the Chinese")
    } else if has_half_width(&plain_zh) {
        Some("half-width punctuation in the Chinese")
    } else if !en.contains(is_latin) || runs(&plain_en, is_chinese).any(|run| !zh.contains(run)) {
        Some("Chinese in the English")
    } else {
        plain_en.contains(is_full_width).then_some("full-width punctuation in the English")
    }
}

#[test]
fn exact_a_mixture_is_found() {
    assert_eq!(wrong("缺少：须写`ratio`或`bands`", "missing: needs `ratio` or `bands`"), None);
    assert_eq!(wrong("横县（450127）写了两次", "横县 (450127) is given twice"), None);
    for (zh, en) in [
        ("must lie between 0 and 1", "must lie between 0 and 1"),
        ("应为a whole number", "must be a whole number"),
        ("没有值, 请补上", "has no value"),
        ("没有这个键", "没有这个键"),
        ("没有这个键", "unknown key；write another"),
    ] {
        assert!(wrong(zh, en).is_some(), "{zh} | {en}");
    }
}

/// The whole of what a command says, in each language.
#[test]
fn exact_the_faults_of_a_scenario_are_said_in_the_language_that_is_asked_for() {
    let mut faults = Faults::default();
    faults.push(Fault { line: Some(7), key: "a.b".to_owned(), value: "3".to_owned(), ..fault("a.toml") });
    faults.push(Fault { line: Some(1), ..fault("--set a.b") });
    let zh = "a.toml 第7行 a.b = 3：没有这个键；是不是`a.c`？\n--set a.b：没有这个键；是不是`a.c`？\n共2处错误，没有运行";
    let en = "a.toml:7: a.b = 3: unknown key; did you mean `a.c`?\n--set a.b: unknown key; did you mean `a.c`?\n2 faults found; nothing was run";
    assert_eq!((faults.text(Lang::Zh).as_str(), faults.text(Lang::En).as_str()), (zh, en));
}

#[test]
fn exact_check_speaks_to_its_reader() {
    let check = |file: &str, lang: Lang| fundcast(&["check", file]).speaking(lang).run();
    let broken = "tests/bad/unknown_key.toml";
    let said = check(broken, Lang::Zh).refused();
    assert!(
        said.contains("第5行 assistance.class1.anual_cap_yuan：没有这个键；是不是`annual_cap_yuan`？"),
        "{said}"
    );
    assert!(said.contains("共1处错误，没有运行"), "{said}");
    assert!(check(broken, Lang::En).refused().contains("1 fault found; nothing was run"));
    let main = "scenarios/fangchenggang.toml";
    let said = check(main, Lang::Zh).good();
    assert!(said.starts_with("scenarios/fangchenggang.toml：没有错误"), "{said}");
    for line in said.lines() {
        assert!(line.contains(is_chinese) && !has_a_sentence(&plain(line)), "{line}");
    }
    let said = check(main, Lang::En).good();
    assert!(said.contains("no fault found") && !said.contains(is_chinese), "{said}");
}

fn fault(file: &str) -> Fault {
    let problem = fundcast::lang::Words::new("没有这个键", "unknown key");
    let hint = Some(fundcast::scenario::fault::meant("a.c"));
    Fault { file: file.to_owned(), problem, hint, ..Fault::default() }
}
