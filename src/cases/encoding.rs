//! The bytes of a file as text: UTF-8, or one of the other ways in which office programs write Chinese text.

use encoding_rs::{Encoding, GB18030, UTF_16BE, UTF_16LE};

use crate::lang::Words;

/// The text of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without a byte order mark.
    pub text: String,
    /// How it was written, where that was not UTF-8.
    pub written_as: Option<&'static str>,
}

/// Why bytes are no text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoText {
    /// The line, where one is at fault.
    pub line: Option<usize>,
    /// What is wrong, and what to do.
    pub problem: Words,
}

fn save() -> Words {
    Words::new(
        "不是 UTF-8 文本；请存为 UTF-8（表格软件中选 CSV UTF-8）",
        "is not UTF-8 text; save the file as UTF-8 (in a spreadsheet: CSV UTF-8)",
    )
}

/// Reads UTF-8; UTF-16 with a byte order mark; GB 18030, of which GBK and GB 2312 are parts, where nothing else than
/// Chinese text can be meant.
///
/// # Errors
/// Workbooks, and text in any other encoding.
pub fn decode(bytes: Vec<u8>) -> Result<Decoded, NoText> {
    let whole = |problem| NoText { line: None, problem };
    if super::workbook::is_workbook(&bytes) {
        return Err(whole(Words::new(
            "是工作簿或压缩文件，不是文本；请把工作表另存为 CSV UTF-8",
            "is a workbook or an archive, not text; save the sheet as CSV UTF-8",
        )));
    }
    if let Some((encoding, _)) = Encoding::for_bom(&bytes).filter(|(one, _)| *one != encoding_rs::UTF_8) {
        let name = if encoding == UTF_16LE || encoding == UTF_16BE { "UTF-16" } else { encoding.name() };
        let (text, _, faulty) = encoding.decode(&bytes);
        return if faulty {
            Err(whole(save()))
        } else {
            Ok(Decoded { text: text.into(), written_as: Some(name) })
        };
    }
    if bytes.contains(&0) {
        return Err(whole(Words::new(
            "含有零字节，像没有字节顺序标记的 UTF-16；请存为 UTF-8",
            "has zero bytes, as UTF-16 without a byte order mark has; save the file as UTF-8",
        )));
    }
    match String::from_utf8(bytes) {
        Ok(text) => {
            let text = text.strip_prefix('\u{feff}').map(ToOwned::to_owned).unwrap_or(text);
            Ok(Decoded { text, written_as: None })
        }
        Err(error) => {
            let good = error.utf8_error().valid_up_to();
            let (text, _, faulty) = GB18030.decode(error.as_bytes());
            if !faulty && text.chars().all(is_of_chinese_text) {
                return Ok(Decoded { text: text.into(), written_as: Some("GBK") });
            }
            let line = error.as_bytes()[..good].iter().filter(|&&byte| byte == b'\n').count() + 1;
            Err(NoText { line: Some(line), problem: save() })
        }
    }
}

/// ASCII, Chinese characters and the punctuation that goes with them.
const fn is_of_chinese_text(one: char) -> bool {
    one.is_ascii()
        || matches!(one,
            '·' | '×' | '\u{2010}'..='\u{2027}' | '\u{2160}'..='\u{217f}' | '\u{3000}'..='\u{303f}'
            | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}'
            | '\u{20000}'..='\u{323af}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> (String, Option<&'static str>) {
        let done = decode(bytes.to_vec()).unwrap();
        (done.text, done.written_as)
    }

    #[test]
    fn exact_what_office_programs_write_is_read() {
        let text = "上思县,1\n";
        let utf16 = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
            std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(order).collect()
        };
        assert_eq!(decoded(text.as_bytes()), (text.to_owned(), None));
        assert_eq!(decoded(format!("\u{feff}{text}").as_bytes()), (text.to_owned(), None));
        assert_eq!(decoded(b"\xc9\xcf\xcb\xbc\xcf\xd8,1\n"), (text.to_owned(), Some("GBK")));
        assert_eq!(decoded(&utf16(u16::to_le_bytes)), (text.to_owned(), Some("UTF-16")));
        assert_eq!(decoded(&utf16(u16::to_be_bytes)), (text.to_owned(), Some("UTF-16")));
    }

    #[test]
    fn exact_what_is_no_text_is_refused_with_one_cause() {
        for (bytes, line, word) in [
            (&b"a\nb\n\xff"[..], Some(3), "UTF-8"),
            (b"PK\x03\x04...", None, "workbook"),
            (b"\xd0\xcf\x11\xe0...", None, "workbook"),
            (b"a\0,\0b\0", None, "UTF-16"),
        ] {
            let error = decode(bytes.to_vec()).unwrap_err();
            assert_eq!(error.line, line);
            assert!(error.problem.en.contains(word), "{}", error.problem.en);
        }
    }
}
