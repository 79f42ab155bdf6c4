//! The language of the command line: what `--lang` says, else the locale. Nowhere else is the environment looked at, and
//! what is found here chooses texts alone: no figure depends on it.

use std::ffi::OsString;

use super::args::LangArg;
use crate::lang::Lang;

/// What says the locale of messages, the first that is set first.
const VARIABLES: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

/// The language of the locale.
#[must_use]
pub fn of_environment() -> LangArg {
    of_locale(|name| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()))
}

/// What was typed, the name of the program first.
pub fn arguments() -> std::env::ArgsOs {
    std::env::args_os()
}

/// The language of what is said before the arguments are understood: help, and what is wrong with them.
#[must_use]
pub fn spoken() -> Lang {
    typed(arguments().skip(1)).unwrap_or_else(of_environment).into()
}

/// Chinese where nothing says another language: whoever works with this program reads it.
fn of_locale(get: impl Fn(&str) -> Option<String>) -> LangArg {
    let Some(locale) = VARIABLES.into_iter().filter_map(get).find(|value| !value.is_empty()) else {
        return LangArg::Zh;
    };
    let language = locale.split(['.', '@']).next().unwrap_or_default();
    if language.starts_with("zh") || language == "C" || language == "POSIX" {
        LangArg::Zh
    } else {
        LangArg::En
    }
}

/// The language that `--lang` names, wherever it stands; the last one counts, as where arguments are read.
fn typed(args: impl Iterator<Item = OsString>) -> Option<LangArg> {
    let args: Vec<String> = args.map(|arg| arg.to_string_lossy().into_owned()).collect();
    let own = args.iter().take_while(|arg| *arg != "--").enumerate();
    let values = own.filter_map(|(at, arg)| match arg.strip_prefix("--lang")? {
        "" => args.get(at + 1).map(String::as_str),
        rest => rest.strip_prefix('='),
    });
    values
        .filter_map(|value| match value {
            "zh" => Some(LangArg::Zh),
            "en" => Some(LangArg::En),
            _ => None,
        })
        .last()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(set: &[(&str, &str)]) -> LangArg {
        of_locale(|name| set.iter().find(|(one, _)| *one == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn exact_the_first_variable_that_is_set_says_the_language() {
        assert_eq!(of(&[]), LangArg::Zh);
        for zh in ["zh_CN.UTF-8", "zh", "zh_TW", "C", "C.UTF-8", "POSIX", "C.utf8"] {
            assert_eq!(of(&[("LANG", zh)]), LangArg::Zh, "{zh}");
        }
        for en in ["en_US.UTF-8", "de_DE", "ca_ES.UTF-8@valencia", "en"] {
            assert_eq!(of(&[("LANG", en)]), LangArg::En, "{en}");
        }
        assert_eq!(of(&[("LC_ALL", ""), ("LC_MESSAGES", "en_GB"), ("LANG", "zh_CN")]), LangArg::En);
        assert_eq!(of(&[("LC_ALL", "C"), ("LC_MESSAGES", "en_GB"), ("LANG", "en_GB")]), LangArg::Zh);
    }

    #[test]
    fn exact_what_is_typed_goes_before_the_locale() {
        let of = |line: &str| typed(line.split(' ').map(OsString::from));
        assert_eq!(of("run --lang en --help"), Some(LangArg::En));
        assert_eq!(of("--lang=zh run"), Some(LangArg::Zh));
        assert_eq!(of("--lang en run --lang zh"), Some(LangArg::Zh));
        for none in ["run x", "run --lang", "run --lang fr", "run --language=en", "run -- --lang en"] {
            assert_eq!(of(none), None, "{none}");
        }
    }
}
