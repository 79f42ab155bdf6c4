//! Makes `docs/gallery.md` with its pictures and the picture of the README's first screen from shipped scenarios, in one
//! command: `cargo run --release --example gallery`. With arguments it is `fundcast` itself, which it calls so.

use std::fmt::Write;
use std::path::Path;
use std::process::{Command, ExitCode};

use fundcast::report::chart_kinds::KINDS;

/// A command whose charts are shown: its name as a folder, how often it simulates, and its arguments.
struct Shown {
    folder: &'static str,
    replicates: u32,
    args: &'static [&'static str],
}

const MAIN: &str = "scenarios/fangchenggang.toml";

const ALL: [Shown; 6] = [
    Shown { folder: "run", replicates: 200, args: &["run", MAIN, "--bills", "4"] },
    Shown { folder: "fund", replicates: 200, args: &["budget", "scenarios/fangchenggang-fund.toml"] },
    Shown {
        folder: "compare",
        replicates: 40,
        args: &["compare", MAIN, "scenarios/fangchenggang-subsidy-held.toml", "--county", "东兴市"],
    },
    Shown { folder: "taper", replicates: 40, args: &["taper", MAIN, "--county", "东兴市"] },
    Shown { folder: "sensitivity", replicates: 200, args: &["sensitivity", MAIN, "--county", "东兴市"] },
    Shown {
        folder: "solve",
        replicates: 40,
        args: &[
            "budget",
            "scenarios/fangchenggang-fund.toml",
            "--county",
            "东兴市",
            "--solve",
            "policy.assistance.class2_severe.ratio",
            "--until",
            "P(exceed) <= 0.2",
        ],
    },
];

/// The picture of the README's first screen: which chart of the first command, in which languages.
const FIRST: &str = "spending_by_county";

fn main() -> ExitCode {
    if std::env::args().len() > 1 {
        return fundcast::cli::run();
    }
    match make(Path::new("docs")) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = std::io::Write::write_fmt(&mut std::io::stderr(), format_args!("{error}\n"));
            ExitCode::FAILURE
        }
    }
}

fn make(docs: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let work = std::env::temp_dir().join(format!("fundcast-gallery-{}", std::process::id()));
    let pictures = docs.join("gallery");
    std::fs::create_dir_all(&pictures)?;
    for shown in &ALL {
        run(shown, "zh", &work.join(shown.folder))?;
    }
    run(&ALL[0], "en", &work.join("run-en"))?;
    let mut page = String::from(HEAD);
    for kind in KINDS {
        let from =
            |shown: &&Shown| work.join(shown.folder).join(format!("charts/{}.svg", kind.name)).exists();
        let shown = ALL.iter().find(from).ok_or_else(|| format!("no command draws {}", kind.name))?;
        let file = format!("{}.svg", kind.name);
        std::fs::copy(work.join(shown.folder).join("charts").join(&file), pictures.join(&file))?;
        let command = shown.args.join(" ");
        write!(
            page,
            "\n## {}\n\n{}\n\n![{}](gallery/{file})\n\n`{}`：`fundcast {command} --replicates {}`\n",
            kind.zh, kind.en, kind.zh, kind.name, shown.replicates
        )?;
    }
    for (lang, folder) in [("zh", "run"), ("en", "run-en")] {
        let from = work.join(folder).join(format!("charts/{FIRST}.svg"));
        std::fs::copy(from, pictures.join(format!("first-{lang}.svg")))?;
    }
    std::fs::write(docs.join("gallery.md"), page)?;
    Ok(std::fs::remove_dir_all(work)?)
}

fn run(shown: &Shown, lang: &str, out: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let replicates = shown.replicates.to_string();
    let done = Command::new(std::env::current_exe()?)
        .args(shown.args)
        .args(["--replicates", &replicates, "--lang", lang, "--charts", "svg", "--quiet", "--out"])
        .arg(out)
        .stdout(std::process::Stdio::null())
        .status()?;
    if done.success() { Ok(()) } else { Err(format!("{} failed", shown.args.join(" ")).into()) }
}

const HEAD: &str = "# 图例

每类图一幅，由随附方案测算得出，对象人数为推算数，不可用作预算。图在每次运行的 `charts/` 文件夹中：`--charts svg,png,pdf` 选择格式（默认 svg,png），`--chart-size` 选择大小：`a4`（宽16厘米）、`half`（高不超过12厘米）、`slide`（16比9的幻灯片；县区很多的图字会小，适合印在纸上）。PDF 中的文字是字形轮廓，不需要字体，也不能选中文字。本页由 `cargo run --release --example gallery` 生成。

One picture of each kind of chart, from shipped scenarios on assumed numbers of persons: examples, not results. A run has them in its folder `charts/`; `--charts svg,png,pdf` chooses the formats (default svg,png), `--chart-size` what they fit: `a4` (16 cm wide), `half` (no higher than 12 cm), `slide` (16 to 9; charts of many counties have small letters there and are for paper). Letters of a PDF are outlines: no font is needed, and no text can be selected. This page is made by `cargo run --release --example gallery`.
";
