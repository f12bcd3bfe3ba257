//! Search by part of a name or code, typing errors forgiven, fast at a million products.
//!
//! Names are read *folded*: lower case, without accents, between blanks. An index of every three letters finds the rows that
//! may hold all parts that were typed; each is then looked at. When hardly anything is found, words that nobody sells are
//! replaced by the most similar words that the catalogue knows, and the search runs again. Every list is capped, and what
//! is sold often comes first; nothing is ever sorted that is not capped.

use std::cmp::Reverse;
use std::collections::HashMap;

use rusqlite::{Connection, params};

use super::View;
use super::error::{DatabaseError, While};
use crate::domain::product::Product;
use crate::domain::spelling::typing_errors;

const READING: &str = "searching";
const WRITING: &str = "keeping the words of search";

/// Parts of a search that are looked at; more typed words change nothing.
const PARTS_MAX: usize = 8;
/// Letters of a part that are looked at.
const PART_CHARS_MAX: usize = 32;
/// Rows that are read from the index before the best are chosen.
const ROWS_READ_MAX: usize = 2_000;
/// A word that more than one product in so many has tells little.
const ROWS_PER_TELLING_WORD: i64 = 8;
/// Words with the same beginning that are looked at for how common they are.
const WORDS_BEGINNING_READ_MAX: i64 = 50;
/// Rows that fit and are ranked.
const ROWS_RANKED_MAX: usize = 300;
/// What was sold this often is a best-seller; nobody counts further.
const TIMES_SOLD_MAX: i64 = 50;
/// Fewer hits than this, and typing errors are looked for.
const HITS_ENOUGH: usize = 3;
/// Words per three letters that are considered as corrections.
const SIMILAR_READ_MAX: usize = 2_000;
/// Candidates whose distance is measured.
const SIMILAR_MEASURED_MAX: usize = 100;
/// Corrections that are tried for one word.
const CORRECTIONS_MAX: usize = 3;
/// Searches with corrections that are tried in all.
const TRIES_MAX: usize = 6;
/// Shorter words hold no typing errors: too many others are one letter away.
const WORD_CHARS_MIN: usize = 4;

/// Lower case, without accents; letters that are two become two.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' => folded.push('a'),
            'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => folded.push('c'),
            'ď' | 'đ' | 'ð' => folded.push('d'),
            'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => folded.push('e'),
            'ĝ' | 'ğ' | 'ġ' | 'ģ' => folded.push('g'),
            'ĥ' | 'ħ' => folded.push('h'),
            'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => folded.push('i'),
            'ĵ' => folded.push('j'),
            'ķ' => folded.push('k'),
            'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => folded.push('l'),
            'ñ' | 'ń' | 'ņ' | 'ň' => folded.push('n'),
            'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'ǒ' => folded.push('o'),
            'ŕ' | 'ŗ' | 'ř' => folded.push('r'),
            'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => folded.push('s'),
            'ţ' | 'ť' | 'ŧ' | 'ț' => folded.push('t'),
            'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'ǔ' => folded.push('u'),
            'ŵ' => folded.push('w'),
            'ý' | 'ÿ' | 'ŷ' => folded.push('y'),
            'ź' | 'ż' | 'ž' => folded.push('z'),
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            'ά' => folded.push('α'),
            'έ' => folded.push('ε'),
            'ή' => folded.push('η'),
            'ί' | 'ϊ' | 'ΐ' => folded.push('ι'),
            'ό' => folded.push('ο'),
            'ύ' | 'ϋ' | 'ΰ' => folded.push('υ'),
            'ώ' => folded.push('ω'),
            'ё' => folded.push('е'),
            // Accents written as characters of their own.
            '\u{300}'..='\u{36f}' => {}
            other => folded.push(other),
        }
    }
    folded
}

/// The words of a folded text.
pub(super) fn fold_words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// The digits of a trade item's number, without the zeros that fill it up to a longer one (a GTIN-13 in
/// fourteen digits has a zero before it): as slips have it, and however it stands here.
fn without_padding(word: &str) -> &str {
    let is_number = (13..=14).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { word.trim_start_matches('0') } else { word }
}

/// May this word hold a typing error? Codes and short words may not.
fn is_forgiven(word: &str) -> bool {
    word.chars().all(char::is_alphabetic) && word.chars().count() >= WORD_CHARS_MIN
}

/// How often a batch of products uses each word more or less than before.
#[derive(Default)]
pub(super) struct Words {
    counts: HashMap<String, i64>,
}

impl Words {
    /// Counts the words of a folded text `delta` times.
    pub(super) fn count(&mut self, folded: &str, delta: i64) {
        for word in fold_words(folded).filter(|w| is_forgiven(w)) {
            match self.counts.get_mut(word) {
                Some(count) => *count += delta,
                None => {
                    self.counts.insert(word.to_owned(), delta);
                }
            }
        }
    }

    /// Adds the counts to those in the file; a word nobody uses any more is gone.
    pub(super) fn write(self, connection: &Connection) -> Result<(), DatabaseError> {
        let execute = |sql: &str, row: &[&dyn rusqlite::ToSql]| {
            connection.prepare_cached(sql).and_then(|mut s| s.execute(row)).or_while(WRITING)
        };
        for (word, delta) in self.counts.into_iter().filter(|(_, delta)| *delta != 0) {
            // Between blanks, so that its beginning and end count as letters too.
            let word = format!(" {word} ");
            let known = execute("UPDATE word SET uses = uses + ?2 WHERE word = ?1", &[&word, &delta])?;
            if known == 0 && delta > 0 {
                execute("INSERT INTO word (word, uses) VALUES (?1, ?2)", &[&word, &delta])?;
                let id = connection.last_insert_rowid();
                execute("INSERT INTO word_search (rowid, word) VALUES (?1, ?2)", &[&id, &word])?;
            }
        }
        let gone: Vec<(i64, String)> = connection
            .prepare_cached("DELETE FROM word WHERE uses <= 0 RETURNING id, word")
            .and_then(|mut s| s.query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
            .or_while(WRITING)?;
        for (id, word) in gone {
            execute("INSERT INTO word_search (word_search, rowid, word) VALUES ('delete', ?1, ?2)", &[&id, &word])?;
        }
        Ok(())
    }
}

/// A row that fits, and how well.
struct Hit {
    id: i64,
    folded: String,
    word_starts: usize,
    whole_words: usize,
    times_sold: i64,
}

impl View<'_> {
    /// Products whose name, article number or code holds every part of `text`, best first, at most `limit`.
    pub fn search_products(&self, text: &str, limit: usize) -> Result<Vec<Product>, DatabaseError> {
        let folded = fold(text);
        let parts: Vec<String> = fold_words(&folded)
            .take(PARTS_MAX)
            .map(|w| without_padding(w).chars().take(PART_CHARS_MAX).collect())
            .collect();
        if parts.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        let mut ids = self.list_hits(&parts, limit)?;
        if ids.len() < HITS_ENOUGH.min(limit) {
            for corrected in self.plan_corrections(&parts)? {
                for id in self.list_hits(&corrected, limit)? {
                    if !ids.contains(&id) {
                        ids.push(id);
                    }
                }
                if ids.len() >= limit {
                    break;
                }
            }
        }
        let mut products = Vec::with_capacity(ids.len().min(limit));
        for id in ids.into_iter().take(limit) {
            products.extend(self.find_product_in_row(id)?.filter(|product| !product.withdrawn));
        }
        Ok(products)
    }

    /// The rows that hold every part, best first.
    fn list_hits(&self, parts: &[String], limit: usize) -> Result<Vec<i64>, DatabaseError> {
        let indexed = match_all(&self.choose_telling(parts)?);
        let (rows_of, keys) = match &indexed {
            Some(all) => ("product_search f JOIN product p ON p.id = f.rowid WHERE product_search MATCH ?1", vec![all]),
            // One or two letters only: the beginnings of names.
            None => (
                "product p WHERE substr(p.folded, 2, 6) >= ?1 AND substr(p.folded, 2, 6) < ?1 || char(1114111)",
                vec![&parts[0]],
            ),
        };
        let sql = format!("SELECT p.id, p.folded, p.product FROM {rows_of}");
        let mut statement = self.connection.prepare_cached(&sql).or_while(READING)?;
        let mut rows = statement.query(rusqlite::params_from_iter(keys)).or_while(READING)?;
        let recent = self.count_recently_sold()?;
        let mut hits: Vec<Hit> = Vec::new();
        let mut read = 0;
        while let Some(row) = rows.next().or_while(READING)? {
            read += 1;
            let folded: String = row.get(1).or_while(READING)?;
            if parts.iter().all(|part| folded.contains(part.as_str())) {
                let word_starts = parts.iter().filter(|part| starts_a_word(&folded, part)).count();
                let whole_words = parts.iter().filter(|part| fold_words(&folded).any(|word| word == *part)).count();
                let (id, product): (i64, String) = (row.get(0).or_while(READING)?, row.get(2).or_while(READING)?);
                let times_sold = self.times_sold(&product, &recent)?;
                hits.push(Hit { id, folded, word_starts, whole_words, times_sold });
            }
            if hits.len() >= ROWS_RANKED_MAX || read >= ROWS_READ_MAX {
                break;
            }
        }
        hits.sort_by(|a, b| {
            // `navy m` is the M, though an L that is a merino, too, has a word that begins so.
            let key = |h: &Hit| (Reverse(h.word_starts), Reverse(h.whole_words), Reverse(h.times_sold), h.folded.len());
            key(a).cmp(&key(b)).then_with(|| a.folded.cmp(&b.folded))
        });
        Ok(hits.into_iter().take(limit).map(|h| h.id).collect())
    }

    /// The parts worth asking the index for. A word that a good part of the catalogue has (the shop's own brand) costs a
    /// walk through all of them and tells little: when another part tells more, the rows themselves are asked for it.
    fn choose_telling<'p>(&self, parts: &'p [String]) -> Result<Vec<&'p str>, DatabaseError> {
        let mut telling = Vec::with_capacity(parts.len());
        for part in parts {
            if trigrams(part).is_empty() || !self.is_in_every_few(part)? {
                telling.push(part.as_str());
            }
        }
        if telling.iter().any(|part| part.chars().count() >= 3) {
            return Ok(telling);
        }
        Ok(parts.iter().map(String::as_str).collect())
    }

    /// Does one product in every [`ROWS_PER_TELLING_WORD`] have a word that begins so? Of words that begin alike the
    /// commonest counts.
    fn is_in_every_few(&self, part: &str) -> Result<bool, DatabaseError> {
        if !is_forgiven(part) {
            return Ok(false);
        }
        self.connection
            .prepare_cached(
                "SELECT coalesce(max(uses), 0) * ?3 > (SELECT max(id) FROM product) AND (SELECT max(id) FROM product) > ?4
                 FROM (SELECT uses FROM word WHERE word >= ?1 AND word < ?1 || char(1114111) LIMIT ?2)",
            )
            .and_then(|mut s| {
                let row = params![
                    format!(" {part}"),
                    WORDS_BEGINNING_READ_MAX,
                    ROWS_PER_TELLING_WORD,
                    ROWS_READ_MAX as i64
                ];
                s.query_row(row, |row| row.get::<_, Option<bool>>(0))
            })
            .map(Option::unwrap_or_default)
            .or_while(READING)
    }

    /// How often each product is in the sales that are not in order yet.
    fn count_recently_sold(&self) -> Result<HashMap<String, i64>, DatabaseError> {
        self.connection
            .prepare_cached("SELECT product, count(*) FROM sale_product_recent GROUP BY product")
            .and_then(|mut s| s.query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
            .or_while(READING)
    }

    fn times_sold(&self, product: &str, recent: &HashMap<String, i64>) -> Result<i64, DatabaseError> {
        let in_order: i64 = self
            .connection
            .prepare_cached("SELECT count(*) FROM (SELECT 1 FROM sale_product WHERE product = ?1 LIMIT ?2)")
            .and_then(|mut s| s.query_row(params![product, TIMES_SOLD_MAX], |row| row.get(0)))
            .or_while(READING)?;
        Ok((in_order + recent.get(product).copied().unwrap_or_default()).min(TIMES_SOLD_MAX))
    }

    /// The searches to try instead, most promising first: each word that nothing is called like, replaced by what it may
    /// mean. Empty when every word is somebody's: then no product has them all.
    fn plan_corrections(&self, parts: &[String]) -> Result<Vec<Vec<String>>, DatabaseError> {
        let mut tries: Vec<Vec<String>> = vec![Vec::new()];
        let mut corrected = false;
        for part in parts {
            let mut choice = vec![part.clone()];
            if is_forgiven(part) && !self.is_somewhere(part)? {
                choice = self.list_similar(part)?;
                corrected = true;
            }
            tries = tries
                .iter()
                .flat_map(|begun| {
                    choice.iter().map(move |word| [begun.as_slice(), std::slice::from_ref(word)].concat())
                })
                .take(TRIES_MAX)
                .collect();
        }
        Ok(if corrected { tries } else { Vec::new() })
    }

    /// Is a part in any product at all?
    fn is_somewhere(&self, part: &str) -> Result<bool, DatabaseError> {
        Ok(!self.list_hits(&[part.to_owned()], 1)?.is_empty())
    }

    /// Words of the catalogue that a mistyped word may mean, most similar first.
    fn list_similar(&self, word: &str) -> Result<Vec<String>, DatabaseError> {
        let mut shared: HashMap<i64, u32> = HashMap::new();
        let mut statement = self
            .connection
            .prepare_cached("SELECT rowid FROM word_search WHERE word_search MATCH ?1 LIMIT ?2")
            .or_while(READING)?;
        for three in trigrams(&format!(" {word} ")) {
            let mut rows =
                statement.query(params![format!("\"{three}\""), SIMILAR_READ_MAX as i64]).or_while(READING)?;
            while let Some(row) = rows.next().or_while(READING)? {
                *shared.entry(row.get(0).or_while(READING)?).or_default() += 1;
            }
        }
        let mut candidates: Vec<(i64, u32)> = shared.into_iter().collect();
        candidates.sort_unstable_by_key(|(id, count)| (std::cmp::Reverse(*count), *id));
        candidates.truncate(SIMILAR_MEASURED_MAX);
        let errors_max = if word.chars().count() >= 7 { 2 } else { 1 };
        let mut similar: Vec<(usize, i64, String)> = Vec::new();
        for (id, _) in candidates {
            let (candidate, uses): (String, i64) = self
                .connection
                .prepare_cached("SELECT word, uses FROM word WHERE id = ?1")
                .and_then(|mut s| s.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))))
                .or_while(READING)?;
            let candidate = candidate.trim();
            let errors = typing_errors(word, candidate);
            if errors > 0 && errors <= errors_max {
                similar.push((errors, -uses, candidate.to_owned()));
            }
        }
        similar.sort_unstable();
        Ok(similar.into_iter().take(CORRECTIONS_MAX).map(|(_, _, word)| word).collect())
    }
}

/// The index's question for rows that may hold every part; `None` when no part has three letters. Of a word the beginning
/// and the end are asked for: its other threes stand in nearly the same rows, and each costs a walk of its own. Threes of a
/// number say nothing about each other, so that all of them are asked for.
fn match_all(parts: &[&str]) -> Option<String> {
    let mut all: Vec<String> = Vec::with_capacity(parts.len() * 2);
    for part in parts {
        let threes = trigrams(part);
        if part.chars().any(char::is_numeric) {
            all.extend(threes);
        } else {
            all.extend(threes.first().cloned());
            all.extend(threes.last().cloned());
        }
    }
    all.sort_unstable();
    all.dedup();
    // Words are letters and digits only: nothing in them can end the quotation.
    let quoted: Vec<String> = all.iter().map(|three| format!("\"{three}\"")).collect();
    (!quoted.is_empty()).then(|| quoted.join(" AND "))
}

fn trigrams(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    letters.windows(3).map(|three| three.iter().collect()).collect()
}

fn starts_a_word(folded: &str, part: &str) -> bool {
    folded.match_indices(part).any(|(at, _)| folded[..at].ends_with(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding() {
        let check = |text: &str, expected: &str| assert_eq!(fold(text), expected, "{text:?}");
        check("Crème Brûlée", "creme brulee");
        check("Straße ÅNGSTRÖM Œuf", "strasse angstrom oeuf");
        check("cafe\u{301}", "cafe");
        check("ŁÓDŹ", "lodz");
        check("Ёлка", "елка");
        check("4006381-333931", "4006381-333931");
    }
}
