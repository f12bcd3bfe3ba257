//! Where a till keeps its things when nobody says otherwise.

use std::path::PathBuf;

use anyhow::Context;

/// The folder given, or `$XDG_DATA_HOME/till`, or `~/.local/share/till`.
pub fn data_folder(given: Option<PathBuf>) -> anyhow::Result<PathBuf> {
    if let Some(folder) = given {
        return Ok(folder);
    }
    let base = match std::env::var_os("XDG_DATA_HOME").filter(|value| !value.is_empty()) {
        Some(base) => PathBuf::from(base),
        None => {
            let home = std::env::var_os("HOME").context("no home folder is set: say where with --data DIR")?;
            PathBuf::from(home).join(".local/share")
        }
    };
    Ok(base.join("till"))
}

/// Was a till joined in the default folder?
pub fn joined_here() -> bool {
    // Without a home folder nothing can have been joined in it.
    data_folder(None).is_ok_and(|folder| till::terminal::is_enrolled(&folder))
}
