//! A display without a screen: windows open on it, keys are struck on it, and what stands on it can be photographed.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use till::gui::picture::Picture;

use super::program::{Program, tail};

/// Without a pause, as fast as a program sends keys, and as slow as a person strikes them: between two keys, in milliseconds.
const AT_ONCE_MS: &str = "0";
const FAST_MS: &str = "15";
const AS_A_PERSON_MS: &str = "120";

/// The reference display, in pixels.
const WIDTH: u32 = 1280;
const HEIGHT: u32 = 800;

/// A display, on a number that is free.
pub struct Display {
    program: Program,
    name: String,
}

impl Display {
    pub fn start(folder: &Path) -> Self {
        let mut command = Command::new("Xvfb");
        let screen = format!("{WIDTH}x{HEIGHT}x24");
        command.args(["-displayfd", "1", "-noreset", "-screen", "0", &screen, "-nolisten", "tcp"]);
        command.stdout(Stdio::piped());
        let mut program = Program::start(command, folder.join("display.log"));
        let mut number = String::new();
        let mut said = BufReader::new(program.child.stdout.take().unwrap());
        said.read_line(&mut number).unwrap();
        assert!(!number.trim().is_empty(), "no display:\n{}", tail(&folder.join("display.log")));
        // What it says later must not fill the pipe.
        std::thread::spawn(move || said.read_to_end(&mut Vec::new()));
        Self { program, name: format!(":{}", number.trim()) }
    }

    /// As a program that draws on it is told.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// From now on it answers nobody.
    pub fn freeze(&self) {
        self.program.tell("STOP");
    }

    pub fn expect_running(&mut self) {
        self.program.expect_running();
    }

    /// Lets a program open its windows here and nowhere else.
    pub fn show(&self, command: &mut Command) {
        command.env("DISPLAY", &self.name).env_remove("WAYLAND_DISPLAY");
    }

    /// The till's window, once it can be seen.
    pub fn find_window(&self) -> Option<String> {
        let found = self.xdotool(&["search", "--onlyvisible", "--name", "^Till"]);
        String::from_utf8_lossy(&found.stdout).lines().next().map(str::to_owned)
    }

    /// Without a window manager nobody gives a new window the keyboard.
    pub fn give_keyboard(&self, window: &str) {
        let focused = self.xdotool(&["windowfocus", window]);
        assert!(focused.status.success(), "the window cannot be given the keyboard: {focused:?}");
    }

    /// Does the window take the whole display, no less and no more?
    pub fn is_filled_by(&self, window: &str) -> bool {
        let told = self.xdotool(&["getwindowgeometry", "--shell", window]);
        let told = String::from_utf8_lossy(&told.stdout).into_owned();
        let figure = |name: &str| -> i64 {
            let line = told.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
            line.and_then(|figure| figure.parse().ok()).unwrap_or_else(|| panic!("no {name}: {told}"))
        };
        let (x, y) = (figure("X"), figure("Y"));
        (x, y, figure("WIDTH"), figure("HEIGHT")) == (0, 0, WIDTH.into(), HEIGHT.into())
    }

    /// Clicks at a place, in pixels from the upper left corner.
    pub fn click(&self, x: u32, y: u32) {
        let clicked = self.xdotool(&["mousemove", &x.to_string(), &y.to_string(), "click", "1"]);
        assert!(clicked.status.success(), "{clicked:?}");
    }

    /// Strikes keys, one after the other.
    pub fn strike(&self, keys: &[&str]) {
        self.strike_every(FAST_MS, keys);
    }

    /// The same as slowly as a person does.
    pub fn strike_slowly(&self, keys: &[&str]) {
        self.strike_every(AS_A_PERSON_MS, keys);
    }

    fn strike_every(&self, pause_ms: &str, keys: &[&str]) {
        let mut arguments = vec!["key", "--delay", pause_ms];
        arguments.extend(keys);
        let struck = self.xdotool(&arguments);
        assert!(struck.status.success(), "{keys:?}: {struck:?}");
    }

    /// Types a code and Enter faster than any person: what a scanner that is a keyboard does.
    pub fn type_at_once(&self, code: &str) {
        let keys: Vec<String> = code.chars().map(key_name).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).chain(["Return"]).collect();
        self.strike_every(AT_ONCE_MS, &keys);
    }

    fn xdotool(&self, arguments: &[&str]) -> Output {
        Command::new("xdotool").args(arguments).env("DISPLAY", &self.name).output().unwrap()
    }

    /// What stands on the display now; `None` while nothing is drawn. The picture stays in the target folder, to be looked at.
    pub fn photograph(&self, name: &str) -> Option<Picture> {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("screens");
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join(format!("{name}.png"));
        let mut import = Command::new("import");
        import.args(["-window", "root"]).arg(format!("png24:{}", path.display())).env("DISPLAY", &self.name);
        let taken = import.output().unwrap();
        assert!(taken.status.success(), "{taken:?}");
        let picture = Picture::read_png(&path).unwrap();
        assert_eq!((picture.width, picture.height), (WIDTH, HEIGHT));
        (!is_blank(&picture)).then_some(picture)
    }
}

/// The name a keyboard's maker gave the key that types a character.
fn key_name(character: char) -> String {
    match character {
        ':' => "colon".to_owned(),
        '-' => "minus".to_owned(),
        other => other.to_string(),
    }
}

/// A screen with words on it has hundreds of colours, from their edges alone; one with nothing on it has a few.
fn is_blank(picture: &Picture) -> bool {
    let colours: std::collections::BTreeSet<&[u8]> = picture.rgba.chunks_exact(4).collect();
    colours.len() < 100
}

/// How many of a thousand pixels differ.
pub fn count_different(one: &Picture, other: &Picture) -> usize {
    let pixels = || one.rgba.chunks_exact(4).zip(other.rgba.chunks_exact(4));
    pixels().filter(|(a, b)| a != b).count() * 1000 / pixels().count()
}
