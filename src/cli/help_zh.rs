//! The help in Chinese: a text for every command, argument and value. The English stands at the definitions, as comments.

mod args;
mod values;

pub use args::ARGS;
pub use values::VALUES;

/// What stands for every command: an argument that means the same in all of them.
pub const EVERY: &str = "*";

/// A command: its name, what it is for, and what else is to be known.
pub const COMMANDS: &[(&str, &str, &str)] = &[
    ("fundcast", "医疗救助支出的蒙特卡洛测算：按县（市、区）、年度、项目和出资方。", ""),
    (
        "run",
        "测算各县区医疗救助基金和财政的支出",
        "表、单次模拟值和图写入 output/方案名/，并在屏幕上按县区和年度列表。",
    ),
    (
        "budget",
        "与 run 相同，列出预算的把握程度、各把握程度所需预算、基金何时用尽",
        "现行预算、结余和收入写在地区文件的 fund 之下，见 docs/fund.md；没有写时只列出所需预算。加 --solve：一个输入项取到多少，条件仍然满足（docs/solve.md）。",
    ),
    (
        "compare",
        "用同一套随机数比较方案：改动一条规则要多花多少",
        "第一个方案是基准方案；差额为“对比方案减基准方案”，逐次模拟配对。",
    ),
    (
        "taper",
        "参保资助渐退：每一步节省多少，再延一年、到期或停止资助多花多少，谁可能不再参保",
        "每个答案都是比按方案所写多支出多少，按县区、年度和出资方，用同一套随机数，见 docs/taper.md。",
    ),
    (
        "sensitivity",
        "预算中的一个数取决于哪些输入项，先查清哪一个",
        "每个不确定的输入项在同一套随机数下分别取低端和高端，--vary 给出的取值也一样；旁边列出各项占方差的比例和查清后可以节省多少，见 docs/sensitivity.md。",
    ),
    (
        "report",
        "为已完成的运行写出办公文档，不再模拟",
        "RUN 是 run 或 compare 写出的文件夹，例如 output/fangchenggang。文档由其中的文件生成（先核对哈希值），写在同一文件夹：report.docx、report.xlsx、report.html。",
    ),
    (
        "verify",
        "核对已完成的运行：哈希值、输入；加 --rerun 再模拟一次",
        "有任何不符时退出码为 1。不写任何文件。",
    ),
    (
        "why",
        "说明两次运行的数字为何不同：程序、政策、地区、模型、设置、随机种子、模拟次数",
        "两者不同之处用文件夹中的输入再模拟一次；各部分相加到分不差。不写任何文件。",
    ),
    ("settle", "按规则结算录入的个案，不作随机抽取", ""),
    ("explain", "逐步说明一个人的结算（结算单）", ""),
    ("check", "检查方案文件和它用到的全部文件，一次列出全部错误", ""),
    ("clauses", "列出条款：由哪些规则实现，涉及多少人，带来多少金额", ""),
    (
        "fill",
        "列出待查数据，对预算区间影响大的在前，并注明写在哪里",
        "用一次小规模模拟得出各项所占的比例；不写任何文件。",
    ),
    (
        "plan",
        "把一次运行分为若干块，写入一个文件，任何机器都能凭它逐块运行",
        "一块是一个县区的一部分模拟次数，见 docs/many-machines.md。",
    ),
    ("block", "运行计划中的若干块，每块写一个文件；已经完成的不再运行", ""),
    (
        "merge",
        "把计划的各块合并为一台机器一次运行会写出的文件夹，否则什么也不写",
        "缺少、重复、损坏或属于另一次运行的块逐一指出。",
    ),
    ("schema", "输出一类文件的 JSON Schema，供编辑器使用", ""),
    (
        "new",
        "用普查、随附的政策和给定的比例为任何县区新建方案文件夹",
        "文件夹内容齐全，建好即可运行。没有人给出的数值是假定的，注明来源。",
    ),
    (
        "import",
        "把新的台账或基金表导入方案的地区，并列出变化",
        "全部写入或完全不写：检查不能通过的不会写入。原来的文件保留在旁边。",
    ),
    (
        "new-policy",
        "写出带注释、待填写的政策文件，以及运行它的方案",
        "其中的数值是文件原文数值的占位。已有的文件不会被覆盖。",
    ),
    ("completions", "输出命令补全脚本，供 shell 补全命令和选项", ""),
    ("man", "输出手册页，或为每个命令写出一页", ""),
    ("help", "显示本说明，或某个命令的说明", ""),
];

/// What stands below the help of the program.
pub const AFTER: &str = "退出码：0 完成，1 运行失败，2 输入有误（一次列出全部错误），130 被 Ctrl-C 中断。\n结果写到标准输出，其余写到标准错误。";

/// What a command is for, and what else is to be known.
pub fn command(name: &str) -> Option<(&'static str, &'static str)> {
    COMMANDS.iter().find(|(known, ..)| *known == name).map(|(_, about, more)| (*about, *more))
}

/// What an argument of a command means: its own text, else that of all commands.
pub fn argument(command: &str, id: &str) -> Option<&'static str> {
    let of = |command: &str| ARGS.iter().find(|(of, known, _)| *of == command && *known == id);
    of(command).or_else(|| of(EVERY)).map(|(.., text)| *text)
}

/// What a value of an argument means.
pub fn value(id: &str, name: &str) -> Option<&'static str> {
    VALUES.iter().find(|(of, known, _)| *of == id && *known == name).map(|(.., text)| *text)
}
