//! The small parts of a WordprocessingML package, and how text is written in XML.

use crate::lang::Lang;

/// `[Content_Types].xml`.
pub(super) const CONTENT_TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/><Override PartName="/word/fontTable.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml"/><Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/><Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/><Override PartName="/docProps/app.xml" ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/></Types>"#;

/// `_rels/.rels`.
pub(super) const PACKAGE_RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/extended-properties" Target="docProps/app.xml"/></Relationships>"#;

/// `docProps/app.xml`.
pub(super) const APP: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>fundcast</Application></Properties>"#;

/// `word/settings.xml`: laid out as by Word 2013 and later.
pub(super) const SETTINGS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:characterSpacingControl w:val="compressPunctuation"/><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>"#;

/// `docProps/core.xml`, with a fixed time.
pub(super) fn core(title: &str, run: &str, lang: Lang) -> String {
    let run = format!("{} {run}", lang.pick("运行编号", "Run"));
    format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{}</dc:title><dc:creator>fundcast</dc:creator><dc:description>{}</dc:description><dc:language>{}</dc:language><dcterms:created xsi:type="dcterms:W3CDTF">2000-01-01T00:00:00Z</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">2000-01-01T00:00:00Z</dcterms:modified></cp:coreProperties>"#,
        text(title),
        text(&run),
        lang.pick("zh-CN", "en-US"),
    )
}

/// `word/_rels/document.xml.rels`: styles, fonts, settings, footer, then the pictures.
pub(super) fn relations(n_pictures: usize) -> String {
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let mut out = String::from(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">"#,
    );
    let parts = [
        ("styles", "styles.xml"),
        ("fontTable", "fontTable.xml"),
        ("settings", "settings.xml"),
        ("footer", "footer1.xml"),
    ];
    for (number, (kind, target)) in parts.iter().enumerate() {
        out.push_str(&format!(
            r#"<Relationship Id="rId{}" Type="{OFFICE}/{kind}" Target="{target}"/>"#,
            number + 1
        ));
    }
    for number in 1..=n_pictures {
        out.push_str(&format!(r#"<Relationship Id="rIdPicture{number}" Type="{OFFICE}/image" Target="media/image{number}.png"/>"#));
    }
    out.push_str("</Relationships>");
    out
}

/// The relation of the footer, see [`relations`].
pub(super) const FOOTER: &str = "rId4";

/// `word/footer1.xml`: the page number between dashes, as official documents have it, and the run.
pub(super) fn footer(run: &str, lang: Lang) -> String {
    let fonts = super::styles::run_fonts("宋体");
    let small = format!(r#"<w:rPr>{fonts}<w:sz w:val="16"/></w:rPr>"#);
    let large = format!(r#"<w:rPr>{fonts}<w:sz w:val="28"/></w:rPr>"#);
    let field = |kind: &str| format!(r#"<w:r>{large}<w:fldChar w:fldCharType="{kind}"/></w:r>"#);
    format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:ftr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r>{large}<w:t xml:space="preserve">— </w:t></w:r>{begin}<w:r>{large}<w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>{separate}<w:r>{large}<w:t>1</w:t></w:r>{end}<w:r>{large}<w:t xml:space="preserve"> —</w:t></w:r></w:p><w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r>{small}<w:t>{}</w:t></w:r></w:p></w:ftr>"#,
        text(&format!("{} {run}", lang.pick("运行编号", "Run"))),
        begin = field("begin"),
        separate = field("separate"),
        end = field("end"),
    )
}

/// Text as XML has it; characters that XML cannot hold are left out.
pub(super) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_text_is_safe_in_xml() {
        assert_eq!(text("a<b> & \"c\"\u{1}\nd"), "a&lt;b&gt; &amp; &quot;c&quot; d");
    }
}
