//! A CSV file as a table: its header understood in any order and case, its rows with their lines.

use std::io::{BufRead, BufReader, Read};

use super::{ImportError, RowFault};
use crate::central::intake::text::printable;

/// The longest cell, in characters: longer ones are a missing quotation mark.
const CELL_CHARACTERS_MAX: usize = 4096;

/// A column: its place, and its header as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    index: usize,
    header: String,
}

impl Column {
    /// What is wrong with it in a line.
    pub fn fault(&self, line: u64, why: impl Into<String>) -> RowFault {
        RowFault { line, column: self.header.clone(), why: why.into() }
    }
}

/// A file with a header row.
pub struct Table<R> {
    reader: csv::Reader<BufReader<R>>,
    headers: Vec<String>,
    record: csv::ByteRecord,
}

/// A row of it.
pub struct Row<'a> {
    /// Its line in the file, from 1.
    pub line: u64,
    record: &'a csv::ByteRecord,
}

impl<R: Read> Table<R> {
    /// Reads the header. The separator is whichever of `,` `;` and tab the header has most of.
    pub fn open(file: R) -> Result<Self, ImportError> {
        let mut file = BufReader::with_capacity(1 << 16, file);
        let first = file.fill_buf().map_err(csv::Error::from)?;
        let first = &first[..first.iter().position(|byte| *byte == b'\n').unwrap_or(first.len())];
        let count = |separator: u8| first.iter().filter(|byte| **byte == separator).count();
        let separator = [b',', b';', b'\t'].into_iter().rev().max_by_key(|separator| count(*separator)).unwrap_or(b',');
        let mut reader = csv::ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(file);
        let headers =
            reader.byte_headers()?.iter().map(|header| decode(header).trim_start_matches('\u{FEFF}').to_owned());
        let headers = headers.collect();
        Ok(Self { reader, headers, record: csv::ByteRecord::new() })
    }

    /// The column with one of these names; case, blanks, hyphens and the like do not matter.
    pub fn find_column(&self, names: &[&str]) -> Option<Column> {
        names.iter().find_map(|name| {
            let index = self.headers.iter().position(|header| plain(header) == plain(name))?;
            Some(Column { index, header: self.headers[index].clone() })
        })
    }

    /// The column, or an error that names it.
    pub fn get_column(&self, names: &[&'static str]) -> Result<Column, ImportError> {
        self.find_column(names).ok_or(ImportError::ColumnMissing(names.first().copied().unwrap_or_default()))
    }

    /// Headers that are none of these columns.
    pub fn list_columns_beside(&self, known: &[&Column]) -> Vec<String> {
        let unknown = |(index, _): &(usize, &String)| known.iter().all(|column| column.index != *index);
        self.headers.iter().enumerate().filter(unknown).map(|(_, header)| header.clone()).collect()
    }

    /// The next row; a row that is no row is a fault of its own.
    pub fn next(&mut self) -> Result<Option<Result<Row<'_>, RowFault>>, ImportError> {
        if !self.reader.read_byte_record(&mut self.record)? {
            return Ok(None);
        }
        let line = self.record.position().map_or(0, csv::Position::line);
        let whole = |why: String| RowFault { line, column: String::new(), why };
        if self.record.len() > self.headers.len() {
            let why = format!("{} cells where the header has {}", self.record.len(), self.headers.len());
            return Ok(Some(Err(whole(why))));
        }
        if self.record.iter().any(|cell| cell.len() > CELL_CHARACTERS_MAX) {
            return Ok(Some(Err(whole("a cell is too long: is a quotation mark missing?".into()))));
        }
        Ok(Some(Ok(Row { line, record: &self.record })))
    }

    /// How far the reading has come.
    pub fn bytes_read(&self) -> u64 {
        self.reader.position().byte()
    }
}

impl Row<'_> {
    /// What stands in a column, cleaned; nothing when it is empty or there is no such column.
    pub fn find(&self, column: Option<&Column>) -> Option<String> {
        let text = printable(&decode(self.record.get(column?.index)?));
        (!text.is_empty()).then_some(text)
    }

    /// What must stand in a column.
    pub fn get(&self, column: &Column) -> Result<String, RowFault> {
        self.find(Some(column)).ok_or_else(|| self.fault(column, "it is empty"))
    }

    /// What is wrong with a column of this row.
    pub fn fault(&self, column: &Column, why: impl Into<String>) -> RowFault {
        column.fault(self.line, why)
    }

    /// What stands in a column, understood; the fault says what was expected.
    pub fn parse<T>(
        &self,
        column: Option<&Column>,
        expected: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, RowFault> {
        let (Some(column), Some(text)) = (column, self.find(column)) else { return Ok(None) };
        let value = parse(&text);
        value.map(Some).ok_or_else(|| self.fault(column, format!("{text:?} is not {expected}")))
    }

    /// The parts of a cell between `|`.
    pub fn list(&self, column: Option<&Column>) -> Vec<String> {
        let text = self.find(column).unwrap_or_default();
        text.split('|').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
    }
}

/// UTF-8, or what spreadsheets of western Europe write when they do not.
fn decode(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

fn plain(header: &str) -> String {
    header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// `true`, `yes`, `1` and their opposites.
pub fn parse_flag(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "y" | "1" => Some(true),
        "false" | "no" | "n" | "0" => Some(false),
        _ => None,
    }
}
