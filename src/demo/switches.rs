//! How the counter's switches stand, kept beside the shop's data: a shop that was killed opens as it was left, offline too.

use std::path::Path;

use serde::{Deserialize, Serialize};

/// What goes wrong in the shop now. Everything works when nothing is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Switches {
    /// The printer has no paper.
    pub paper_out: bool,
    /// The printer's cover is open.
    pub cover_open: bool,
    /// The till does not reach central.
    pub central_cut: bool,
    /// The printer's cable is pulled.
    pub printer_unplugged: bool,
    /// The scanner's cable is pulled.
    pub scanner_unplugged: bool,
    /// The scanner's line is bad: nothing it sends arrives whole.
    pub scanner_garbled: bool,
}

impl Switches {
    /// As they were kept; everything works where nothing was, or nothing that can be read.
    pub fn read(file: &Path) -> Self {
        let text = match std::fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Self::default(),
            Err(error) => {
                tracing::warn!(file = %file.display(), %error, "the switches cannot be read: everything works");
                return Self::default();
            }
        };
        serde_json::from_str(&text).unwrap_or_else(|error| {
            tracing::warn!(file = %file.display(), %error, "the switches make no sense: everything works");
            Self::default()
        })
    }

    /// Keeps them: the file is the old one or the new one, whenever the program ends.
    pub fn write(&self, file: &Path) -> std::io::Result<()> {
        let fresh = file.with_extension("new");
        std::fs::write(&fresh, serde_json::to_vec_pretty(self)?)?;
        std::fs::rename(&fresh, file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switches_are_read_as_they_were_written_and_anything_else_is_a_shop_that_works() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("switches.json");
        assert_eq!(Switches::read(&file), Switches::default());
        let set = Switches { central_cut: true, scanner_garbled: true, ..Switches::default() };
        set.write(&file).unwrap();
        assert_eq!(Switches::read(&file), set);
        for text in ["", "{", "[1]", "{\"paper_out\": 3}"] {
            std::fs::write(&file, text).unwrap();
            assert_eq!(Switches::read(&file), Switches::default(), "{text:?}");
        }
        // One of another day's program: what it does not name works.
        std::fs::write(&file, "{\"paper_out\": true, \"roof_leaks\": true}").unwrap();
        assert_eq!(Switches::read(&file), Switches { paper_out: true, ..Switches::default() });
    }
}
