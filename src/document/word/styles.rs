//! Styles and fonts of GB/T 9704—2012: title 小标宋 二号, text 仿宋 三号 at 28 points, headings 黑体 三号, page numbers
//! 宋体 四号. A font that a machine lacks has its stand-ins in the table of fonts.

use crate::lang::Lang;

/// A paragraph style.
struct Style {
    id: &'static str,
    /// The name that a reader sees, in Chinese and English. The names of Word's own styles are English in the file.
    name: &'static str,
    /// Font of Chinese text.
    east_asia: &'static str,
    /// Size in half points, of a Chinese and of an English paper.
    half_points: [u16; 2],
    bold: bool,
    /// `w:pPr` but for what the language decides.
    paragraph: &'static str,
}

const FIXED: &str = r#"<w:spacing w:line="560" w:lineRule="exact"/>"#;

const STYLES: [Style; 8] = [
    Style {
        id: "Title",
        name: "Title",
        east_asia: "方正小标宋简体",
        half_points: [44, 36],
        bold: false,
        paragraph: r#"<w:keepNext/><w:spacing w:before="240" w:after="240" w:line="640" w:lineRule="atLeast"/><w:jc w:val="center"/>"#,
    },
    Style {
        id: "Subtitle",
        name: "Subtitle",
        east_asia: "楷体_GB2312",
        half_points: [32, 24],
        bold: false,
        paragraph: r#"<w:spacing w:after="360"/><w:jc w:val="center"/>"#,
    },
    Style {
        id: "Heading1",
        name: "heading 1",
        east_asia: "黑体",
        half_points: [32, 28],
        bold: false,
        paragraph: r#"<w:keepNext/><w:spacing w:before="120" w:after="60" w:line="560" w:lineRule="atLeast"/><w:outlineLvl w:val="0"/>"#,
    },
    Style {
        id: "Note",
        name: "Note",
        east_asia: "楷体_GB2312",
        half_points: [24, 20],
        bold: false,
        paragraph: r#"<w:spacing w:before="60" w:after="60" w:line="360" w:lineRule="atLeast"/>"#,
    },
    Style {
        id: "Caption",
        name: "caption",
        east_asia: "黑体",
        half_points: [24, 22],
        bold: false,
        paragraph: r#"<w:keepNext/><w:spacing w:before="240" w:after="60" w:line="320" w:lineRule="atLeast"/><w:jc w:val="center"/>"#,
    },
    Style {
        id: "Picture",
        name: "Picture",
        east_asia: "仿宋_GB2312",
        half_points: [24, 24],
        bold: false,
        paragraph: r#"<w:keepNext/><w:spacing w:before="240" w:after="0"/><w:jc w:val="center"/>"#,
    },
    Style {
        id: "PictureCaption",
        name: "Picture caption",
        east_asia: "黑体",
        half_points: [24, 22],
        bold: false,
        paragraph: r#"<w:spacing w:before="60" w:after="240" w:line="320" w:lineRule="atLeast"/><w:jc w:val="center"/>"#,
    },
    Style {
        id: "TableText",
        name: "Table text",
        east_asia: "仿宋_GB2312",
        half_points: [18, 18],
        bold: false,
        paragraph: r#"<w:spacing w:before="20" w:after="20" w:line="260" w:lineRule="atLeast"/>"#,
    },
];

/// Fonts with their stand-ins, best first, and the kind that a machine falls back on.
const FONTS: [(&str, &str, &str); 6] = [
    (
        "方正小标宋简体",
        "FZXiaoBiaoSong-B05S,方正小标宋_GBK,小标宋体,华文中宋,宋体,SimSun,Noto Serif CJK SC",
        "roman",
    ),
    (
        "仿宋_GB2312",
        "仿宋,FangSong,FangSong_GB2312,华文仿宋,STFangsong,宋体,SimSun,Noto Serif CJK SC",
        "roman",
    ),
    ("楷体_GB2312", "楷体,KaiTi,KaiTi_GB2312,华文楷体,STKaiti,宋体,SimSun,Noto Serif CJK SC", "roman"),
    ("黑体", "SimHei,华文黑体,STHeiti,微软雅黑,Microsoft YaHei,Noto Sans CJK SC", "swiss"),
    ("宋体", "SimSun,NSimSun,华文宋体,STSong,Noto Serif CJK SC", "roman"),
    ("Times New Roman", "Liberation Serif,Nimbus Roman", "roman"),
];

/// `word/styles.xml`.
pub(super) fn styles(lang: Lang) -> String {
    let (size, language) = match lang {
        Lang::Zh => (32, "zh-CN"),
        Lang::En => (24, "en-US"),
    };
    // To the left: between long amounts and keys, which do not break, justified lines would gape.
    let first_line = match lang {
        Lang::Zh => {
            format!(r#"{FIXED}<w:ind w:firstLineChars="200" w:firstLine="640"/><w:jc w:val="left"/>"#)
        }
        Lang::En => r#"<w:spacing w:after="120" w:line="320" w:lineRule="atLeast"/>"#.to_owned(),
    };
    let mut out = format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:docDefaults><w:rPrDefault><w:rPr>{}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/><w:lang w:val="en-US" w:eastAsia="{language}"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style><w:style w:type="paragraph" w:styleId="BodyText"><w:name w:val="Body Text"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{first_line}</w:pPr></w:style>"#,
        run_fonts("仿宋_GB2312")
    );
    for style in &STYLES {
        let size = style.half_points[usize::from(lang == Lang::En)];
        let bold = if style.bold || (lang == Lang::En && style.id != "TableText" && style.id != "Note") {
            "<w:b/>"
        } else {
            ""
        };
        let bold = if matches!(style.id, "Subtitle" | "Picture") { "" } else { bold };
        out.push_str(&format!(
            r#"<w:style w:type="paragraph" w:styleId="{id}"><w:name w:val="{name}"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{fonts}{bold}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr></w:style>"#,
            id = style.id,
            name = style.name,
            paragraph = style.paragraph,
            fonts = run_fonts(style.east_asia),
        ));
    }
    out.push_str("</w:styles>");
    out
}

/// Latin letters and figures in Times New Roman, Chinese in the font that is named.
pub(super) fn run_fonts(east_asia: &str) -> String {
    format!(
        r#"<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman" w:eastAsia="{east_asia}"/>"#
    )
}

/// `word/fontTable.xml`.
pub(super) fn fonts() -> String {
    let mut out = String::from(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">"#,
    );
    for (name, instead, family) in FONTS {
        let charset = if name.is_ascii() { "00" } else { "86" };
        out.push_str(&format!(
            r#"<w:font w:name="{name}"><w:altName w:val="{instead}"/><w:charset w:val="{charset}"/><w:family w:val="{family}"/></w:font>"#
        ));
    }
    out.push_str("</w:fonts>");
    out
}
