//! Cases as JSON lines, each read when its turn comes: of the others only their places are kept.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use super::{Stop, terminal};
use crate::cases::encoding::{Decoded, NoText, decode};
use crate::cases::field::{CaseFault, CaseFaults, Fields};
use crate::cases::json;
use crate::cases::together::Key;
use crate::cases::workbook;
use crate::file;
use crate::lang::{Lang, Words};

/// The longest line, in bytes: a person with some hundred thousand claims.
const LONGEST_LINE: u64 = 64 << 20;

/// The largest text that is read whole: standard input, which cannot be read twice, and what is not UTF-8.
const MOST_OF_A_TEXT: u64 = 1 << 30;

/// The largest table of cases, and the largest input of a sheet: of each row the cells are kept, some thousand bytes.
pub const MOST_OF_A_TABLE: u64 = 128 << 20;

/// Where a case stands.
#[derive(Debug, Clone, Copy)]
struct At {
    byte: u64,
    line: u32,
}

/// The lines of a file or of standard input.
#[derive(Debug)]
pub struct Lines {
    name: String,
    text: Text,
    places: Vec<At>,
    /// What joins each case with others.
    pub keys: Vec<Key>,
}

#[derive(Debug)]
enum Text {
    /// A file, and the byte at which it stands.
    File(BufReader<File>, u64),
    Memory(String),
}

/// Why no more lines are read from a file.
enum Ended {
    /// It is no UTF-8: it may be Chinese text in another encoding, which is read whole.
    Encoding,
    TooLong(u32),
    System(std::io::Error),
}

impl Lines {
    /// Looks through the lines of a file, or of standard input for `-`.
    ///
    /// # Errors
    /// What cannot be read; a line that is no case is told when its turn comes.
    pub fn open(path: &Path, lang: Lang) -> Result<Self, Stop> {
        let name = super::settle::name(path, lang);
        if path == Path::new("-") {
            return Self::in_memory(name, &read_whole(path, MOST_OF_A_TEXT, lang)?);
        }
        let refused = |error: file::Unreadable| unreadable(&name, &error);
        let file = BufReader::with_capacity(1 << 16, file::open(path).map_err(refused)?);
        let mut lines =
            Self { name: name.clone(), text: Text::File(file, 0), places: Vec::new(), keys: Vec::new() };
        match lines.look_through() {
            Ok(()) => Ok(lines),
            Err(Ended::Encoding) => Self::in_memory(name, &read_whole(path, MOST_OF_A_TEXT, lang)?),
            Err(Ended::TooLong(line)) => {
                let most = LONGEST_LINE >> 20;
                Err(Stop::BadInput(Words::new(
                    format!("{name} 第{line}行：这一行超过{most} MiB"),
                    format!("{name}:{line}: the line is longer than {most} MiB"),
                )))
            }
            Err(Ended::System(error)) => Err(unreadable(&name, &error.into())),
        }
    }

    fn in_memory(name: String, text: &str) -> Result<Self, Stop> {
        let text = Text::Memory(text.to_owned());
        let mut lines = Self { name, text, places: Vec::new(), keys: Vec::new() };
        match lines.look_through() {
            Ok(()) => Ok(lines),
            Err(Ended::System(error)) => Err(unreadable(&lines.name, &error.into())),
            Err(Ended::Encoding | Ended::TooLong(_)) => {
                let name = &lines.name;
                Err(Stop::Failed(Words::new(
                    format!("{name}：无法逐行读取"),
                    format!("{name}: cannot be read line by line"),
                )))
            }
        }
    }

    /// How many cases there are.
    pub const fn n(&self) -> usize {
        self.places.len()
    }

    fn look_through(&mut self) -> Result<(), Ended> {
        let (mut byte, mut number, mut line) = (0, 0, String::new());
        loop {
            let read = self.line(byte, &mut line)?;
            if read == 0 {
                return Ok(());
            }
            number += 1;
            if byte == 0 && line.starts_with('\u{feff}') {
                line.remove(0);
            }
            if line.len() as u64 > LONGEST_LINE {
                return Err(Ended::TooLong(number));
            }
            if !line.trim().is_empty() {
                self.places.push(At { byte, line: number });
                let key = json::read_line(&self.name, number as usize, &line).map(|fields| Key::of(&fields));
                self.keys.push(key.unwrap_or_default());
            }
            byte += read;
        }
    }

    /// The line that begins at a byte, and how many bytes it has; none at the end.
    fn line(&mut self, byte: u64, line: &mut String) -> Result<u64, Ended> {
        line.clear();
        match &mut self.text {
            Text::Memory(text) => {
                let rest = &text[usize::try_from(byte).unwrap_or(usize::MAX).min(text.len())..];
                let whole = rest.split_inclusive('\n').next().unwrap_or_default();
                line.push_str(whole);
                Ok(whole.len() as u64)
            }
            Text::File(file, at) => {
                if *at != byte {
                    file.seek(SeekFrom::Start(byte)).map_err(Ended::System)?;
                }
                let mut bytes = std::mem::take(line).into_bytes();
                let read =
                    file.take(LONGEST_LINE + 2).read_until(b'\n', &mut bytes).map_err(Ended::System)?;
                *at = byte + read as u64;
                // As an encoding of another kind, or a workbook: what is said of it is said of the whole.
                if bytes.contains(&0) || (byte == 0 && bytes.starts_with(b"PK\x03\x04")) {
                    return Err(if bytes.len() as u64 > LONGEST_LINE {
                        Ended::TooLong(1)
                    } else {
                        Ended::Encoding
                    });
                }
                *line = String::from_utf8(bytes).map_err(|_| Ended::Encoding)?;
                Ok(read as u64)
            }
        }
    }

    /// The case of a number.
    ///
    /// # Errors
    /// What is no case, or no longer what it was.
    pub fn case(&mut self, number: usize) -> Result<Fields, Box<CaseFault>> {
        let At { byte, line: at } = self.places[number];
        let mut line = String::new();
        let read = self.line(byte, &mut line);
        if byte == 0 && line.starts_with('\u{feff}') {
            line.remove(0);
        }
        let line = line.trim_end_matches(['\r', '\n']);
        match read {
            Ok(_) => json::read_line(&self.name, at as usize, line),
            Err(_) => Err(Box::new(CaseFault {
                file: self.name.clone(),
                line: at as usize,
                field: Words::default(),
                value: Words::default(),
                allowed: Words::new(
                    "无法再次读取：文件已被改动",
                    "cannot be read a second time: it was changed",
                ),
            })),
        }
    }

    /// The one fault of a file that holds JSON, but no case on its first line.
    pub fn several_lines(&mut self) -> Option<CaseFaults> {
        if self.n() == 0 || self.case(0).is_ok() {
            return None;
        }
        match &mut self.text {
            Text::Memory(text) => json::several_lines(&self.name, text),
            Text::File(file, at) => {
                *at = u64::MAX;
                file.seek(SeekFrom::Start(0)).ok()?;
                let bytes = file::read_up_to(file, LONGEST_LINE).ok()?;
                json::several_lines(&self.name, String::from_utf8(bytes).ok()?.trim_start_matches('\u{feff}'))
            }
        }
    }
}

fn unreadable(name: &str, error: &file::Unreadable) -> Stop {
    Stop::BadInput(Words::new(
        format!("{name}：无法读取：{}", error.text(Lang::Zh)),
        format!("{name}: cannot be read: {}", error.text(Lang::En)),
    ))
}

/// Reads a file, or standard input for `-`, whole; what cannot be read is bad input.
pub fn read_whole(path: &Path, most_bytes: u64, lang: Lang) -> Result<String, Stop> {
    let name = super::settle::name(path, lang);
    decoded(&name, bytes_of(path, most_bytes, &name)?, lang)
}

/// Reads a table as [`read_whole`]; of a workbook the sheet that has the headings, as CSV.
pub fn read_table(path: &Path, headings: &[Vec<&str>], lang: Lang) -> Result<String, Stop> {
    let name = super::settle::name(path, lang);
    let bytes = bytes_of(path, MOST_OF_A_TABLE, &name)?;
    if !workbook::is_workbook(&bytes) {
        return decoded(&name, bytes, lang);
    }
    workbook::table(bytes, headings).map_err(|Words { zh, en }| {
        Stop::BadInput(Words { zh: format!("{name}{zh}"), en: format!("{name}{en}") })
    })
}

fn bytes_of(path: &Path, most_bytes: u64, name: &str) -> Result<Vec<u8>, Stop> {
    let bytes = if path == Path::new("-") {
        file::read_up_to(std::io::stdin().lock(), most_bytes)
    } else {
        file::read(path, most_bytes)
    };
    bytes.map_err(|error| unreadable(name, &error))
}

fn decoded(name: &str, bytes: Vec<u8>, lang: Lang) -> Result<String, Stop> {
    match decode(bytes) {
        Ok(Decoded { text, written_as }) => {
            if let Some(encoding) = written_as {
                terminal::note(&match lang {
                    Lang::Zh => format!("{name}：按 {encoding} 读取"),
                    Lang::En => format!("{name}: read as {encoding}"),
                });
            }
            Ok(text)
        }
        Err(NoText { line, problem }) => {
            let (zh, en) =
                line.map_or_else(Default::default, |line| (format!(" 第{line}行"), format!(":{line}")));
            Err(Stop::BadInput(Words::new(
                format!("{name}{zh}：{}", problem.zh),
                format!("{name}{en}: {}", problem.en),
            )))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_lines_are_read_in_any_order_from_files_and_memory() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cases");
        let text = "\u{feff}{\"case\":\"a\"}\r\n\n  \n{\"case\":\"b\"}\n{\"case\":\"上\"}";
        std::fs::write(&path, text).unwrap();
        let gbk = folder.path().join("gbk");
        std::fs::write(&gbk, encoding_rs::GBK.encode(&text[3..]).0).unwrap();
        let memory = Lines::in_memory("memory".to_owned(), text).unwrap();
        for mut lines in [Lines::open(&path, Lang::En).unwrap(), Lines::open(&gbk, Lang::En).unwrap(), memory]
        {
            assert_eq!(lines.n(), 3);
            for (number, name, line) in [(2, "上", 5), (0, "a", 1), (1, "b", 4), (1, "b", 4)] {
                let fields = lines.case(number).unwrap();
                assert_eq!(fields.line, line);
                assert_eq!(fields.list[0].1.words().zh, format!("{name:?}"));
            }
            assert!(lines.several_lines().is_none());
        }
    }

    #[test]
    fn exact_a_line_without_end_and_a_value_on_several_lines_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cases");
        File::create(&path).unwrap().set_len(10 << 30).unwrap();
        let Err(Stop::BadInput(Words { en: text, .. })) = Lines::open(&path, Lang::En) else {
            panic!("read")
        };
        assert!(text.ends_with(":1: the line is longer than 64 MiB"), "{text}");
        std::fs::write(&path, "[\n{\"case\":\"a\"}\n]\n").unwrap();
        let faults = Lines::open(&path, Lang::En).unwrap().several_lines().unwrap();
        assert!(faults.to_string().contains("over several lines"), "{faults}");
    }
}
