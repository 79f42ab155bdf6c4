//! Help in both languages, what is said of arguments that cannot be understood, and what the language is.

use clap::CommandFactory;
use fundcast::cli::args::Cli;
use fundcast::lang::Lang;

use crate::command::{FANGCHENGGANG, fundcast};
use crate::support::path;

/// How wide a line may be.
const WIDE: usize = 80;

/// Names of two words.
const NAMES: [&str; 1] = ["JSON Schema"];

/// The help of the program and of every command.
fn helps(lang: Lang) -> Vec<(String, String)> {
    let names = Cli::command().get_subcommands().map(|one| one.get_name().to_owned()).collect::<Vec<_>>();
    assert!(names.len() >= 19, "{names:?}");
    let of = |args: &[&str]| fundcast(args).speaking(lang).run().good();
    let each = names.iter().map(|name| (name.clone(), of(&[name, "--help"])));
    std::iter::once(("fundcast".to_owned(), of(&["--help"]))).chain(each).collect()
}

fn width(line: &str) -> usize {
    line.chars().map(|letter| if letter.is_ascii() { 1 } else { 2 }).sum()
}

/// A line without what stands between two marks, such as a value in angle brackets.
fn without(line: &str, (open, close): (char, char)) -> String {
    let mut text = line.to_owned();
    while let Some((before, rest)) = text.split_once(open) {
        let Some((_, after)) = rest.split_once(close) else { break };
        text = format!("{before}·{after}");
    }
    text
}

/// Two English words in a row that are no option, value, path or code.
fn english(line: &str) -> Option<String> {
    let line = NAMES.iter().fold(line.to_owned(), |line, name| line.replace(name, "·"));
    // What follows the name of the program is typed.
    let line = line.split("fundcast ").next().unwrap_or_default();
    let line = [('`', '`'), ('"', '"'), ('<', '>'), ('[', ']')]
        .into_iter()
        .fold(line.to_owned(), |line, marks| without(&line, marks));
    let words: Vec<&str> = line.split(' ').collect();
    let is_english = |word: &str| {
        let word = word.trim_matches([',', ';', '.', '(', ')']);
        word.len() > 1 && word.chars().all(|letter| letter.is_ascii_alphabetic() || letter == '\'')
    };
    words.windows(2).find(|pair| pair.iter().all(|word| is_english(word))).map(|pair| pair.join(" "))
}

#[test]
fn exact_english_is_recognised() {
    assert_eq!(english("        The scenario file").as_deref(), Some("The scenario"));
    for fine in [
        "      --set <PATH=VALUE>",
        "  用 Word、WPS 或 LibreOffice 打开",
        "输出 JSON Schema，供编辑器使用",
        "加 --lang en 得到英文",
    ] {
        assert_eq!(english(fine), None, "{fine}");
    }
}

#[test]
fn exact_help_in_chinese_has_no_english_sentence() {
    for (command, help) in helps(Lang::Zh) {
        for line in help.lines() {
            assert_eq!(english(line), None, "{command}: {line}");
        }
        for title in ["用法：fundcast", "选项：", "显示帮助"] {
            assert!(help.contains(title), "{command}: {title} in\n{help}");
        }
        let of_clap = ["Usage", "Options", "Arguments", "Commands", "default:", "possible values"];
        assert!(of_clap.iter().all(|word| !help.contains(word)), "{command}:\n{help}");
    }
}

#[test]
fn exact_lines_of_help_fit_a_narrow_terminal() {
    for lang in [Lang::Zh, Lang::En] {
        for (command, help) in helps(lang) {
            for line in help.lines() {
                assert!(width(line) <= WIDE, "{command}: {line}");
            }
        }
    }
}

#[test]
fn exact_help_of_a_command_is_the_same_however_it_is_asked_for() {
    for lang in [Lang::Zh, Lang::En] {
        let of = |args: &[&str]| fundcast(args).speaking(lang).run().good();
        assert_eq!(of(&["help", "budget"]), of(&["budget", "--help"]));
        assert_eq!(of(&["budget", "-h"]), of(&["budget", "--help"]));
        assert_eq!(of(&["help"]), of(&["--help"]));
    }
}

/// The locale says the language, and what is typed goes before it, wherever it stands.
#[test]
fn exact_the_language_is_that_of_the_locale_or_as_typed() {
    let help = |lang: Lang, args: &[&str]| fundcast(args).speaking(lang).run().good();
    let (zh, en) = (help(Lang::Zh, &["check", "--help"]), help(Lang::En, &["check", "--help"]));
    assert!(zh != en && zh.contains("方案文件") && en.contains("The scenario file"), "{zh}\n{en}");
    let default = |lang: &str| format!("[默认：{lang}]");
    assert!(zh.contains(&default("zh")), "{zh}");
    for args in [&["check", "--help", "--lang", "en"][..], &["--lang", "en", "check", "--help"]] {
        assert!(help(Lang::Zh, args).contains("The scenario file"), "{args:?}");
    }
    assert!(help(Lang::En, &["check", "--help", "--lang=zh"]).contains("方案文件"));
    let told = fundcast(&["--lang", "zh", "check", "scenarios/nowhere.toml"]).run();
    let same = fundcast(&["check", "scenarios/nowhere.toml", "--lang", "zh"]).run();
    assert_eq!((told.code, told.err), (2, same.err));
}

#[test]
fn exact_what_cannot_be_typed_is_said_in_chinese_too() {
    let bad: [(&[&str], &str); 8] = [
        (&["projekt"], "没有命令“projekt”"),
        (&["check", "--loud", FANGCHENGGANG], "没有参数“--loud”"),
        (&["check"], "还要写 <SCENARIO>"),
        (&["run", FANGCHENGGANG, "--replicates", "0"], "须为 1 至 1000000 的整数"),
        (&["run", FANGCHENGGANG, "--set", "polcy.x=1"], "键须以 policy."),
        (&["explain", FANGCHENGGANG, "--cases", "x", "--lang", "fr"], "可取的值：zh、en"),
        (&["budget", FANGCHENGGANG, "--solve", "revenue"], "还要写 --until <CONDITION>"),
        (&["run", FANGCHENGGANG, "--precision", "5%", "--replicates", "9"], "不能与"),
    ];
    for (args, part) in bad {
        let said = fundcast(args).speaking(Lang::Zh).run().refused();
        assert!(said.starts_with("错误：") && said.contains(part), "{args:?}: {said}");
        let sentence = said.lines().find_map(english);
        assert_eq!(sentence, None, "{args:?}: {said}");
    }
}

#[test]
fn exact_the_name_alone_is_answered_by_what_to_do_next() {
    for lang in [Lang::Zh, Lang::En] {
        let none: [&str; 0] = [];
        let said = fundcast(&none).speaking(lang).run().refused();
        let lines: Vec<&str> = said.lines().collect();
        assert_eq!(lines.len(), 3, "{said}");
        assert!(lines[0].starts_with("fundcast new ") && lines[2].starts_with("fundcast --help "), "{said}");
        // The scenario that it names is shipped.
        let named = lines[1].split_whitespace().find(|word| word.ends_with(".toml")).expect("a scenario");
        assert!(path(named).is_file(), "{named}");
    }
}

#[test]
fn exact_scripts_and_manual_speak_the_language() {
    let of = |args: &[&str]| fundcast(args).run().good();
    let script = of(&["completions", "zsh", "--lang", "zh"]);
    assert!(script.contains("方案文件") && !script.contains("The scenario file"), "{script}");
    assert!(of(&["completions", "zsh", "--lang", "en"]).contains("The scenario file"));
    let page = of(&["man", "--lang", "zh"]);
    for part in [".SH 名称", ".SH 概要", ".SH 说明", ".SH 选项", "医疗救助支出的蒙特卡洛测算"]
    {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(!page.contains(".SH NAME") && !page.contains("Monte Carlo"), "{page}");
    assert!(of(&["man", "--lang", "en"]).contains(".SH OPTIONS"));
}

/// What commands refuse beyond the arguments and the files of a scenario: cases, tables, names, ranges.
#[test]
fn exact_refusals_are_in_chinese_too() {
    let bad: [(&[&str], &str); 11] = [
        (&["settle", FANGCHENGGANG, "--cases", "-"], "标准输入 第1行 county = \"南极\"：须为"),
        (&["settle", FANGCHENGGANG, "--cases", "nowhere.jsonl"], "nowhere.jsonl：无法读取"),
        (
            &["explain", FANGCHENGGANG, "--cases", "docs/examples/cases.jsonl", "--case", "nobody"],
            "没有这个名称的个案",
        ),
        (&["run", FANGCHENGGANG, "--county", "nowhere"], "--county nowhere：须为"),
        (&["run", FANGCHENGGANG, "--years", "2021-2030"], "方案测算的年度是"),
        (
            &["budget", FANGCHENGGANG, "--solve", "place.x", "--until", "mean <= 1万"],
            "那里没有写可以改动的值",
        ),
        (&["sensitivity", FANGCHENGGANG, "--payer", "nobody"], "须为 fund、all"),
        (&["compare", FANGCHENGGANG, "scenarios/ewenki.toml"], "不同"),
        (&["taper", "scenarios/ewenki.toml"], "无从分析渐退"),
        (&["why", "nowhere", "nowhere"], "没有这个文件夹"),
        (&["new-policy", "a b"], "不能作为名称"),
    ];
    for (args, part) in bad {
        let case =
            r#"{"case":"A","county":"南极","year":2024,"age":200,"claims":[{"id":"c","kind":"bed"}],"x":1}"#;
        let said = fundcast(args).speaking(Lang::Zh).input(case).run().refused();
        assert!(said.contains(part), "{args:?}: {said}");
        let sentence = said.lines().find_map(english);
        assert_eq!(sentence, None, "{args:?}: {said}");
    }
}
