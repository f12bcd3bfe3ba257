//! `central channel` for channels whose orders come as files.

use std::path::PathBuf;

use clap::Args;
use till::central::Surroundings;
use till::central::intake::files::check::{check as try_out, find_fingerprint};
use till::central::intake::files::place::{FtpSecurity, Place};
use till::central::intake::files::remote::Deadlines;
use till::central::intake::files::secrets::{Secret, Secrets, read_hidden};
use till::central::store::{ChannelRecord, FileChannel, FileChannelRecord, Store};
use till::domain::Timestamp;
use till::domain::ids::ChannelId;

use crate::arguments::Named;
use crate::{Data, Outcome, WrongUse, print};

/// Where files are picked up.
#[derive(Args)]
pub struct Arguments {
    /// Orders come as files in this folder
    #[arg(long = "folder", value_name = "DIR", conflicts_with_all = ["sftp", "ftp", "password_file", "key", "host_key"])]
    orders_folder: Option<PathBuf>,
    /// Orders come as files over SFTP: sftp://USER@HOST[:PORT]/FOLDER (/~/FOLDER from where the user arrives)
    #[arg(long, value_name = "URL", conflicts_with = "ftp")]
    sftp: Option<String>,
    /// Orders come as files over FTP: ftp://USER@HOST[:PORT]/FOLDER
    #[arg(long, value_name = "URL", conflicts_with = "key")]
    ftp: Option<String>,
    /// How often the folder is looked at: 30s, 5m, 1h; 5m when nobody says
    #[arg(long, value_name = "TIME", value_parser = parse_seconds)]
    every: Option<u32>,
    /// File with the password, or with the passphrase of the key
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// File with the private key (SFTP)
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Fingerprint of the server's host key (SFTP) or certificate (FTP): SHA256:…
    #[arg(long, value_name = "FINGERPRINT", value_parser = parse_fingerprint)]
    host_key: Option<String>,
    /// Speak FTP without TLS: anyone on the way can read password and orders
    #[arg(long, requires = "ftp")]
    insecure: bool,
    /// Folder for answers, from the root or from the channel's own folder
    #[arg(long, value_name = "DIR")]
    outbound: Option<String>,
}

/// What to change of how files are picked up.
#[derive(Args)]
pub struct Changes {
    /// How often the folder is looked at: 30s, 5m, 1h
    #[arg(long, value_name = "TIME", value_parser = parse_seconds)]
    every: Option<u32>,
    /// File with the password, or with the passphrase of the key; with --key both are new, without it the key is gone
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// File with the private key (SFTP)
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Folder for answers, from the root or from the channel's own folder
    #[arg(long, value_name = "DIR", conflicts_with = "no_outbound")]
    outbound: Option<String>,
    /// No answers are written
    #[arg(long)]
    no_outbound: bool,
}

/// Which channel to try.
#[derive(Args)]
#[command(after_help = "\
Examples:
  central channel check mall --data shop
  central channel check mall --data shop --json

The exit code is 1 when something is wrong.")]
pub struct Check {
    #[command(flatten)]
    channel: Named,
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

/// Which channel's key to believe.
#[derive(Args)]
#[command(after_help = "\
Example:
  central channel pin mill --data shop

Compare the printed fingerprint with what the server's operator says (for OpenSSH: ssh-keygen -lf the host key's .pub
file). Until then nothing is sent to the server, no password either.")]
pub struct Pin {
    #[command(flatten)]
    channel: Named,
}

impl Arguments {
    /// Is anything said of files?
    pub const fn is_given(&self) -> bool {
        self.names_place()
            || self.every.is_some()
            || self.password_file.is_some()
            || self.key.is_some()
            || self.host_key.is_some()
            || self.outbound.is_some()
    }

    const fn names_place(&self) -> bool {
        self.orders_folder.is_some() || self.sftp.is_some() || self.ftp.is_some()
    }

    /// Where the files are; of a known channel where they were, when nobody says otherwise.
    fn place_or(&self, known: Option<&FileChannelRecord>) -> anyhow::Result<Place> {
        match known.filter(|_| !self.names_place()) {
            Some(known) => Ok(Place::from_text(&known.settings.place)?),
            None => self.place(),
        }
    }

    fn place(&self) -> anyhow::Result<Place> {
        match (&self.orders_folder, &self.sftp, &self.ftp) {
            (Some(folder), ..) => Ok(Place::of_folder(std::path::absolute(folder)?)?),
            (_, Some(url), _) => match Place::parse(url, false) {
                Ok(place @ Place::Sftp(_)) => Ok(place),
                Ok(_) => anyhow::bail!(WrongUse("--sftp takes sftp://USER@HOST/FOLDER".into())),
                Err(error) => anyhow::bail!(WrongUse(format!("--sftp: {error}"))),
            },
            (_, _, Some(url)) => match Place::parse(url, self.insecure) {
                Ok(place @ Place::Ftp(..)) => Ok(place),
                Ok(_) => anyhow::bail!(WrongUse("--ftp takes ftp://USER@HOST/FOLDER".into())),
                Err(error) => anyhow::bail!(WrongUse(format!("--ftp: {error}"))),
            },
            _ => anyhow::bail!(WrongUse("name a place with --folder, --sftp or --ftp".into())),
        }
    }
}

/// Password and key as they are named; what was kept when neither is. For a server there must be one.
fn read_secret(
    password_file: Option<&PathBuf>,
    key: Option<&PathBuf>,
    place: &Place,
    kept: impl FnOnce() -> anyhow::Result<Secret>,
) -> anyhow::Result<Secret> {
    let read = |path: &PathBuf| read_hidden(path).map_err(|cause| anyhow::anyhow!("{}: {cause}", path.display()));
    let secret = match (password_file, key) {
        (None, None) => kept()?,
        _ => Secret { password: password_file.map(read).transpose()?, key: key.map(read).transpose()? },
    };
    let is_server = matches!(place, Place::Sftp(_) | Place::Ftp(..));
    let needed = is_server && secret.password.is_none() && secret.key.is_none();
    let said = "give the password with --password-file, or the key with --key";
    anyhow::ensure!(!needed, WrongUse(said.to_owned()));
    Ok(secret)
}

/// How often a folder is looked at when nobody says.
const EVERY_SECONDS: u32 = 300;

/// Adds a channel with files; of a known one only what is named becomes another.
pub async fn add(
    channel: ChannelRecord,
    arguments: &Arguments,
    data: &Data,
    surroundings: &Surroundings,
) -> anyhow::Result<Outcome> {
    let store = data.open(surroundings)?;
    let known = find(store.list_file_channels().await?, &channel.channel);
    let place = arguments.place_or(known.as_ref())?;
    // What is good for one server is for no other.
    let same = known.as_ref().filter(|known| known.settings.place == place.to_text());
    let kept = || match same {
        Some(known) => Ok(Secrets::of_data(&data.folder).read(&known.settings.channel)?),
        None => Ok(Secret::default()),
    };
    let secret = read_secret(arguments.password_file.as_ref(), arguments.key.as_ref(), &place, kept)?;
    let known = known.map(|known| known.settings);
    // A server that moved to another host must be vouched for again.
    let pinned = known.as_ref().filter(|known| known.place == place.to_text()).and_then(|k| k.fingerprint.clone());
    let settings = FileChannel {
        channel: channel.channel.clone(),
        place: place.to_text(),
        every_seconds: arguments.every.or(known.as_ref().map(|k| k.every_seconds)).unwrap_or(EVERY_SECONDS),
        fingerprint: arguments.host_key.clone().or(pinned),
        outbound: arguments.outbound.clone().or(known.and_then(|known| known.outbound)),
        tag: surroundings.random::<4>().iter().map(|byte| format!("{byte:02x}")).collect(),
    };
    let pinned = settings.fingerprint.is_some();
    // The secret first: a pick-up that starts at once finds it.
    Secrets::of_data(&data.folder).save(&channel.channel, &secret)?;
    let name = channel.channel.clone();
    store.save_file_channel(channel, settings).await?;
    store.close();
    print::text_out(&format!("{name} picks up files from {}\n", place.to_text()))?;
    match place {
        Place::Sftp(_) if !pinned => {
            print::text_out(&format!(
                "vouch for the server's key before anything is sent: central channel pin {name}\n"
            ))?;
        }
        Place::Ftp(_, FtpSecurity::Plain) => {
            print::text_out("password and orders travel in clear: anyone on the way can read them\n")?;
        }
        _ => print::text_out(&format!("try it: central channel check {name}\n"))?,
    }
    Ok(Outcome::Done)
}

/// Changes what is named of a channel with files; does nothing when nothing is.
pub async fn change(
    channel: &ChannelRecord,
    changes: &Changes,
    data: &Data,
    store: &impl Store,
    now: Timestamp,
) -> anyhow::Result<()> {
    let Changes { every, password_file, key, outbound, no_outbound } = changes;
    let has_secret = password_file.is_some() || key.is_some();
    if !has_secret && every.is_none() && outbound.is_none() && !no_outbound {
        return Ok(());
    }
    let mut settings = get(store, channel.channel.as_str()).await?.settings;
    if has_secret {
        let place = Place::from_text(&settings.place)?;
        anyhow::ensure!(
            !matches!(place, Place::Folder(_)),
            WrongUse("a folder takes no password and no key".to_owned())
        );
        anyhow::ensure!(
            key.is_none() || matches!(place, Place::Sftp(_)),
            WrongUse("an FTP server takes no key".to_owned())
        );
        let secret = read_secret(password_file.as_ref(), key.as_ref(), &place, || Ok(Secret::default()))?;
        Secrets::of_data(&data.folder).save(&channel.channel, &secret)?;
    }
    settings.every_seconds = every.unwrap_or(settings.every_seconds);
    settings.outbound = outbound.clone().or(settings.outbound).filter(|_| !no_outbound);
    store.save_file_channel(channel.clone(), settings).await?;
    // A new password is tried at once.
    let is_there = store.poke_file_channel(channel.channel.clone(), now).await?;
    anyhow::ensure!(is_there, "channel {} was removed meanwhile", channel.channel);
    Ok(())
}

fn find(channels: Vec<FileChannelRecord>, name: &ChannelId) -> Option<FileChannelRecord> {
    channels.into_iter().find(|channel| channel.settings.channel == *name)
}

async fn get(store: &impl Store, name: &str) -> anyhow::Result<FileChannelRecord> {
    let found = find(store.list_file_channels().await?, &ChannelId::new(name));
    found.ok_or_else(|| anyhow::anyhow!("there is no channel {name} whose orders come as files"))
}

/// Tries a channel.
pub async fn check(arguments: Check, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let Named { name, data } = arguments.channel;
    let store = data.open_to_look(&surroundings)?;
    let channel = get(&store, &name).await;
    store.close();
    let channel = channel?;
    let secret = Secrets::of_data(&data.folder).read(&channel.settings.channel)?;
    let findings = try_out(&channel.settings, &secret, Deadlines::default()).await;
    let wrong = findings.iter().any(|finding| finding.cure.is_some());
    if arguments.json {
        let values: Vec<serde_json::Value> = findings
            .iter()
            .map(|f| serde_json::json!({ "right": f.cure.is_none(), "text": f.text, "cure": f.cure }))
            .collect();
        let report = serde_json::json!({ "findings": values, "files": to_json(&channel) });
        print::text_out(&format!("{}\n", serde_json::to_string_pretty(&report)?))?;
    } else {
        for finding in &findings {
            let mark = if finding.cure.is_none() { "right" } else { "WRONG" };
            print::text_out(&format!("{mark}  {}\n", finding.text))?;
            if let Some(cure) = &finding.cure {
                print::text_out(&format!("       {cure}\n"))?;
            }
        }
        print::text_out(&format!("\n{}\n", standing(&channel)))?;
    }
    Ok(if wrong { Outcome::CheckFailed } else { Outcome::Done })
}

/// Vouches for what the server shows now.
pub async fn pin(arguments: Pin, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let Named { name, data } = arguments.channel;
    let store = data.open(&surroundings)?;
    let channel = get(&store, &name).await?;
    let secret = Secrets::of_data(&data.folder).read(&channel.settings.channel)?;
    let found = find_fingerprint(&channel.settings, &secret, Deadlines::default()).await?;
    let said = match (found, &channel.settings.fingerprint) {
        (Some(found), before) => {
            store.pin_file_channel(channel.settings.channel.clone(), found.clone()).await?;
            let before = before.as_ref().map_or_else(String::new, |before| format!(" instead of {before}"));
            format!("{found} is believed from now on{before}\n")
        }
        (None, Some(known)) => format!("{known} is believed already, and is what the server shows\n"),
        (None, None) => {
            "there is nothing to vouch for: no key, or a certificate this machine trusts by itself\n".to_owned()
        }
    };
    store.close();
    print::text_out(&said)?;
    Ok(Outcome::Done)
}

/// Asks the running central for a look at once.
pub async fn poke(arguments: Named, surroundings: Surroundings) -> anyhow::Result<Outcome> {
    let store = arguments.data.open(&surroundings)?;
    let known = store.poke_file_channel(ChannelId::new(&arguments.name), surroundings.now()).await;
    store.close();
    anyhow::ensure!(known?, "there is no channel {} whose orders come as files", arguments.name);
    print::text_out("asked; a central that runs on this data looks within a second\n")?;
    Ok(Outcome::Done)
}

/// For the list of channels.
pub fn summary(channel: &FileChannelRecord) -> String {
    match channel.state.last_error.as_str() {
        "" => channel.settings.place.clone(),
        error => format!("{} FAILS: {error}", channel.settings.place),
    }
}

fn standing(channel: &FileChannelRecord) -> String {
    let state = &channel.state;
    let when = |at: Option<Timestamp>| at.map_or_else(|| "never".to_owned(), |at| at.to_rfc3339());
    let mut text = format!(
        "looked at every {} s, last {}; {} files received: {} orders imported, {} duplicates, {} problems; {} files wait",
        channel.settings.every_seconds,
        when(state.looked_at),
        state.received,
        state.imported,
        state.duplicates,
        state.problems,
        state.waiting
    );
    if state.oldest_waiting_at.is_some() {
        text.push_str(&format!(" (the oldest since {})", when(state.oldest_waiting_at)));
    }
    if state.failing_since.is_some() {
        text.push_str(&format!("\nfailing since {}: {}", when(state.failing_since), state.last_error));
    }
    text
}

/// As `--json` prints it.
pub fn to_json(channel: &FileChannelRecord) -> serde_json::Value {
    let (settings, state) = (&channel.settings, &channel.state);
    let when = |at: Option<Timestamp>| at.map(|at| at.to_rfc3339());
    serde_json::json!({
        "place": settings.place, "every_seconds": settings.every_seconds, "host_key": settings.fingerprint,
        "outbound": settings.outbound, "received": state.received, "imported": state.imported,
        "duplicates": state.duplicates, "problems": state.problems, "waiting": state.waiting,
        "oldest_waiting_at": when(state.oldest_waiting_at), "looked_at": when(state.looked_at),
        "failing_since": when(state.failing_since),
        "last_error": (!state.last_error.is_empty()).then_some(&state.last_error),
    })
}

/// `30s`, `5m`, `1h`: at least a second, at most a day.
fn parse_seconds(text: &str) -> Result<u32, String> {
    let wrong = || format!("{text:?} is no time: write 30s, 5m or 1h, from 1s to 24h");
    let unit = match text.chars().last() {
        Some('s') => 1,
        Some('m') => 60,
        Some('h') => 3600,
        _ => return Err(wrong()),
    };
    let number: u32 = text[..text.len() - 1].parse().map_err(|_| wrong())?;
    number.checked_mul(unit).filter(|seconds| (1..=86_400).contains(seconds)).ok_or_else(wrong)
}

fn parse_fingerprint(text: &str) -> Result<String, String> {
    let digits = text.strip_prefix("SHA256:").map(|digits| digits.trim_end_matches('='));
    match digits {
        Some(digits) if digits.len() == 43 => Ok(format!("SHA256:{digits}")),
        _ => Err("a fingerprint is SHA256: and 43 characters, as ssh-keygen -l prints it".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read() {
        for (text, expected) in [("30s", Some(30)), ("5m", Some(300)), ("24h", Some(86_400))] {
            assert_eq!(parse_seconds(text).ok(), expected, "{text}");
        }
        for text in ["", "5", "m", "0s", "25h", "-1m", "5 m", "99999999999h", "5ü"] {
            assert!(parse_seconds(text).is_err(), "{text}");
        }
    }
}
