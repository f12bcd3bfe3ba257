//! The till's own tones, played by whichever player the machine has: `pw-play`, `paplay` or `aplay`.
//!
//! No sound library is linked: each of them needs C headers, and a till must build and run without. The tones are
//! computed ([`wave`]), lie as files in the data folder, and a player is started for each on a thread of its own. One
//! plays, one waits at most; of two that wait the weightier stays, since nobody needs yesterday's beep.
//!
//! Invariants: [`Speaker::play`] never waits; a machine without a player is a fact that is told, never an error.

pub mod wave;

use std::ffi::OsStr;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::domain::device::Tone;

/// The players, the one nearest to the sound server first; each takes a WAV file as its argument.
const PLAYERS: &[&str] = &["pw-play", "paplay", "aplay"];
/// A player that takes longer than this for a tone of half a second hangs, and is ended.
const PLAYING_MAX: Duration = Duration::from_secs(3);
/// How often a running player is looked at.
const LOOK_INTERVAL: Duration = Duration::from_millis(20);

/// The first player in the folders of a search path (`$PATH`).
pub fn find_player(search: &OsStr) -> Option<PathBuf> {
    let folders: Vec<PathBuf> = std::env::split_paths(search).filter(|folder| folder.is_absolute()).collect();
    let is_program = |path: &PathBuf| {
        std::fs::metadata(path).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
    };
    PLAYERS.iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(is_program))
}

/// What the thread is asked for.
#[derive(Default)]
struct Wish {
    tone: Option<Tone>,
    is_playing: bool,
    is_on: bool,
    stop: bool,
}

#[derive(Default)]
struct Board {
    wish: Mutex<Wish>,
    changed: Condvar,
}

impl Board {
    fn wish(&self) -> MutexGuard<'_, Wish> {
        self.wish.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Plays tones. Dropping it ends its thread, and whatever plays.
pub struct Speaker {
    board: Arc<Board>,
    player: Option<PathBuf>,
    thread: Option<JoinHandle<()>>,
}

impl Speaker {
    /// Looks for a player in `search` and lays the tones into `folder`; without a player it stays silent.
    ///
    /// # Errors
    /// The folder cannot be written, or the system has no threads left.
    pub fn start(folder: &Path, search: &OsStr, is_on: bool) -> io::Result<Self> {
        Self::start_with(folder, search, is_on, PLAYING_MAX)
    }

    fn start_with(folder: &Path, search: &OsStr, is_on: bool, playing_max: Duration) -> io::Result<Self> {
        let board = Arc::new(Board::default());
        board.wish().is_on = is_on;
        let Some(player) = find_player(search) else { return Ok(Self { board, player: None, thread: None }) };
        std::fs::create_dir_all(folder)?;
        for tone in [Tone::Good, Tone::Refused, Tone::Attention] {
            std::fs::write(file_of(folder, tone), wave::wave_file(tone))?;
        }
        let (works, program, folder) = (Arc::clone(&board), player.clone(), folder.to_owned());
        let thread = std::thread::Builder::new().name("speaker".into()).spawn(move || {
            play_on(&works, &program, &folder, playing_max);
        })?;
        Ok(Self { board, player: Some(player), thread: Some(thread) })
    }

    /// A speaker without a player.
    pub fn silent() -> Self {
        Self { board: Arc::default(), player: None, thread: None }
    }

    /// Plays a tone as soon as the one before has ended. Never waits.
    pub fn play(&self, tone: Tone) {
        let mut wish = self.board.wish();
        if wish.is_on && wish.tone.is_none_or(|waiting| weight(tone) >= weight(waiting)) {
            wish.tone = Some(tone);
            self.board.changed.notify_all();
        }
    }

    /// Waits until everything has been played.
    pub fn wait_until_quiet(&self) {
        let mut wish = self.board.wish();
        while self.thread.is_some() && (wish.is_playing || wish.tone.is_some()) {
            wish = self.board.changed.wait(wish).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Switches the tones on or off.
    pub fn switch(&self, is_on: bool) {
        let mut wish = self.board.wish();
        wish.is_on = is_on;
        if !is_on {
            wish.tone = None;
        }
    }

    /// Which program plays, when there is one.
    pub fn player(&self) -> Option<&Path> {
        self.player.as_deref()
    }
}

impl Drop for Speaker {
    fn drop(&mut self) {
        self.board.wish().stop = true;
        self.board.changed.notify_all();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the speaker's thread had panicked");
        }
    }
}

const fn weight(tone: Tone) -> u8 {
    match tone {
        Tone::Good => 0,
        Tone::Refused => 1,
        Tone::Attention => 2,
    }
}

fn file_of(folder: &Path, tone: Tone) -> PathBuf {
    folder.join(match tone {
        Tone::Good => "good.wav",
        Tone::Refused => "refused.wav",
        Tone::Attention => "attention.wav",
    })
}

fn play_on(board: &Board, player: &Path, folder: &Path, playing_max: Duration) {
    let mut complained = false;
    loop {
        let tone = {
            let mut wish = board.wish();
            wish.is_playing = false;
            board.changed.notify_all();
            loop {
                if wish.stop {
                    return;
                }
                if let Some(tone) = wish.tone.take() {
                    wish.is_playing = true;
                    break tone;
                }
                wish = board.changed.wait(wish).unwrap_or_else(PoisonError::into_inner);
            }
        };
        let mut command = Command::new(player);
        command.arg(file_of(folder, tone)).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let played = command.spawn().and_then(|child| wait_for(child, board, playing_max));
        if let Err(error) = played
            && !std::mem::replace(&mut complained, true)
        {
            tracing::warn!(player = %player.display(), %error, "the tones cannot be heard");
        }
    }
}

/// Until it has played, hangs, or the speaker is dropped.
fn wait_for(mut child: Child, board: &Board, playing_max: Duration) -> io::Result<()> {
    let until = Instant::now() + playing_max;
    loop {
        if let Some(status) = child.try_wait()? {
            return if status.success() { Ok(()) } else { Err(io::Error::other(format!("it ended with {status}"))) };
        }
        let wish = board.wish();
        if wish.stop || Instant::now() >= until {
            drop(wish);
            child.kill()?;
            child.wait()?;
            return Err(io::Error::new(io::ErrorKind::TimedOut, "it did not end by itself"));
        }
        drop(board.changed.wait_timeout(wish, LOOK_INTERVAL).unwrap_or_else(PoisonError::into_inner));
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    const SOON: Duration = Duration::from_secs(120);

    /// A machine with some players, and the folder the tones lie in.
    fn machine(players: &[&str]) -> (tempfile::TempDir, PathBuf) {
        let machine = tempfile::tempdir().unwrap();
        let stand_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/devices/speaker/player-stand-in.sh");
        players.iter().for_each(|name| symlink(&stand_in, machine.path().join(name)).unwrap());
        let tones = machine.path().join("tones");
        (machine, tones)
    }

    fn played(tones: &Path) -> Vec<String> {
        let text = std::fs::read_to_string(tones.join("played")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    fn wait_for_played(tones: &Path, wanted: &[&str]) {
        let until = Instant::now() + SOON;
        while played(tones) != wanted {
            assert!(Instant::now() < until, "{:?} instead of {wanted:?}", played(tones));
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_tone_is_given_to_the_player_of_the_machine() {
        let (machine, tones) = machine(&["aplay", "paplay"]);
        let speaker = Speaker::start(&tones, machine.path().as_os_str(), true).unwrap();
        assert_eq!(speaker.player(), Some(&*machine.path().join("paplay")));
        speaker.play(Tone::Attention);
        speaker.wait_until_quiet();
        assert_eq!(played(&tones), ["paplay attention.wav"]);
        assert_eq!(std::fs::read(tones.join("attention.wav")).unwrap(), wave::wave_file(Tone::Attention));
    }

    #[test]
    fn one_plays_and_the_weightiest_of_the_others_waits() {
        let (machine, tones) = machine(&["pw-play"]);
        let speaker = Speaker::start_with(&tones, machine.path().as_os_str(), true, SOON).unwrap();
        std::fs::write(tones.join("hold"), "").unwrap();
        speaker.play(Tone::Good);
        wait_for_played(&tones, &["pw-play good.wav"]);
        [Tone::Refused, Tone::Attention, Tone::Good, Tone::Refused].into_iter().for_each(|tone| speaker.play(tone));
        std::fs::remove_file(tones.join("hold")).unwrap();
        wait_for_played(&tones, &["pw-play good.wav", "pw-play attention.wav"]);
        speaker.play(Tone::Refused);
        wait_for_played(&tones, &["pw-play good.wav", "pw-play attention.wav", "pw-play refused.wav"]);
    }

    #[test]
    fn a_player_that_hangs_holds_nobody_up() {
        let (machine, tones) = machine(&["pw-play"]);
        let speaker = Speaker::start(&tones, machine.path().as_os_str(), true).unwrap();
        std::fs::write(tones.join("hold"), "").unwrap();
        speaker.play(Tone::Good);
        wait_for_played(&tones, &["pw-play good.wav"]);
        // It hangs for longer than a tone can take, and the next one is played.
        speaker.play(Tone::Refused);
        wait_for_played(&tones, &["pw-play good.wav", "pw-play refused.wav"]);
        // Dropping ends the player, which nobody lets go.
        drop(speaker);
        assert!(tones.join("hold").exists());
    }

    #[test]
    fn switched_off_nothing_is_played_and_nothing_later() {
        let (machine, tones) = machine(&["aplay"]);
        let speaker = Speaker::start(&tones, machine.path().as_os_str(), false).unwrap();
        speaker.play(Tone::Attention);
        speaker.switch(true);
        speaker.play(Tone::Good);
        wait_for_played(&tones, &["aplay good.wav"]);
    }

    #[test]
    fn without_a_player_it_is_silent_and_nothing_is_wrong() {
        let (machine, tones) = machine(&[]);
        std::fs::write(machine.path().join("aplay"), "not a program").unwrap();
        let speaker = Speaker::start(&tones, machine.path().as_os_str(), true).unwrap();
        assert_eq!(speaker.player(), None);
        speaker.play(Tone::Good);
        assert!(!tones.exists());
        assert_eq!(find_player(OsStr::new("")), None);
    }
}
