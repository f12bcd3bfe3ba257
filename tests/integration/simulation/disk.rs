//! The disk under the simulated world's SQLite files: it fills up, and it forgets what was not synced when the power goes.
//!
//! How. A layer between SQLite and the operating system (a VFS, sqlite.org/vfs.html) passes every call on, and keeps, for
//! files in the folders it watches, what each write covered until the file is synced. A power cut makes every later call
//! fail; once SQLite has let go of the file, each sector of each write since the last sync is left or taken back by the
//! dice. What was written is where SQLite itself put it, and what is safe is what SQLite itself synced: no commit is
//! believed because of its name.
//!
//! What it models: writes lost, kept and in another order, each sector of 512 bytes by itself; a cut in the middle of a
//! commit, of a checkpoint, of a start; a disk that refuses every write, one over old content too, as a thin or copying
//! file system does. A killed program is the cut of which nothing is taken back.
//!
//! What it does not: a sector half written or turned into garbage, a file's name or length that is lost with its content
//! kept, a disk that says it has synced and lies (a world may be given one, to prove that it would be noticed), room for
//! the index of the log, which lives in memory here, and the till's own lengthening of its log at its start, which is
//! taken as synced. The open basket's log is synced behind SQLite's back; here that counts for nothing.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ffi::{CStr, OsStr, c_char, c_int, c_void};
use std::fs::{self, OpenOptions};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, Once, OnceLock};

use rusqlite::ffi;

use super::dice::Dice;

/// What a disk writes whole or not at all.
const SECTOR: u64 = 512;

/// How a disk takes writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Health {
    #[default]
    Well,
    Full,
    Off,
}

/// What stood where a write went that is not synced yet.
struct Unsynced {
    at: u64,
    before: Vec<u8>,
}

#[derive(Default)]
struct State {
    health: Health,
    /// After so many more writes it gets worse.
    worse_after: Option<(u64, Health)>,
    unsynced: BTreeMap<PathBuf, Vec<Unsynced>>,
    says_synced_and_is_not: bool,
}

impl State {
    /// A write comes: how is the disk?
    fn before_write(&mut self) -> Health {
        match &mut self.worse_after {
            Some((0, worse)) => {
                self.health = *worse;
                self.worse_after = None;
            }
            Some((writes, _)) => *writes -= 1,
            None => {}
        }
        self.health
    }
}

type Shared = Arc<Mutex<State>>;

/// The disks by the folder they are watched in.
static DISKS: LazyLock<Mutex<HashMap<PathBuf, Shared>>> = LazyLock::new(Mutex::default);

/// A file SQLite has open on one of them.
#[derive(Clone)]
struct Opened {
    path: PathBuf,
    disk: Shared,
    /// What SQLite does to such a file by itself.
    plain: &'static ffi::sqlite3_io_methods,
}

/// The open files, by SQLite's own address of each.
static FILES: LazyLock<Mutex<HashMap<usize, Opened>>> = LazyLock::new(Mutex::default);

/// The disk under the files of one folder; those of folders inside it are not watched.
pub struct Disk {
    folder: PathBuf,
    state: Shared,
}

impl Disk {
    pub fn watch(folder: &Path) -> Self {
        static BEFORE_THE_FIRST: Once = Once::new();
        BEFORE_THE_FIRST.call_once(install);
        let folder = folder.canonicalize().unwrap();
        let state = Shared::default();
        DISKS.lock().unwrap().insert(folder.clone(), Arc::clone(&state));
        Self { folder, state }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// It refuses writes, after so many more.
    pub fn fill_after(&self, writes: u64) {
        self.state().worse_after = Some((writes, Health::Full));
    }

    /// There is room again.
    pub fn free(&self) {
        let mut state = self.state();
        (state.health, state.worse_after) = (Health::Well, None);
    }

    pub fn is_full(&self) -> bool {
        self.state().health == Health::Full
    }

    /// The power goes, after so many more writes.
    pub fn switch_off_after(&self, writes: u64) {
        self.state().worse_after = Some((writes, Health::Off));
    }

    /// Nothing reaches the disk any more.
    pub fn switch_off(&self) {
        self.state().health = Health::Off;
    }

    pub fn is_off(&self) -> bool {
        self.state().health == Health::Off
    }

    /// The disk answers that it has synced, and has done nothing.
    pub fn lie_about_syncs(&self) {
        self.state().says_synced_and_is_not = true;
    }

    /// After a power cut, when nobody holds the files any more: what was not synced is there or gone, by the dice.
    pub fn lose_unsynced(&self, dice: &mut Dice) {
        let percent_lost = *dice.pick(&[0, 20, 50, 80, 100]);
        for (path, writes) in std::mem::take(&mut self.state().unsynced) {
            // Deleted since, whole.
            let Ok(file) = OpenOptions::new().write(true).open(path) else { continue };
            let mut reached: HashSet<u64> = HashSet::new();
            for write in writes.iter().rev() {
                let end = write.at + write.before.len() as u64;
                for sector in write.at / SECTOR..end.div_ceil(SECTOR) {
                    if reached.contains(&sector) {
                        continue;
                    }
                    if !dice.chance(percent_lost) {
                        reached.insert(sector);
                        continue;
                    }
                    let (from, to) = ((sector * SECTOR).max(write.at), ((sector + 1) * SECTOR).min(end));
                    let before = &write.before[(from - write.at) as usize..(to - write.at) as usize];
                    file.write_all_at(before, from).unwrap();
                }
            }
        }
    }

    /// The machine starts again. What SQLite shares in memory is gone with it.
    pub fn switch_on(&self) {
        self.free();
        for entry in fs::read_dir(&self.folder).unwrap() {
            let path = entry.unwrap().path();
            if path.to_string_lossy().ends_with("-shm") {
                fs::remove_file(path).unwrap();
            }
        }
    }

    /// The files were put there by other means: nothing of them waits for a sync.
    pub fn forget_writes(&self) {
        self.state().unsynced.clear();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        DISKS.lock().unwrap().remove(&self.folder);
    }
}

// ---------------------------------------------------------------- SQLite's side

/// What SQLite uses by itself.
static SYSTEM: OnceLock<usize> = OnceLock::new();

/// The methods of a watched file, by those SQLite would use: a database's and a log's differ.
static WATCHED: LazyLock<Mutex<HashMap<usize, &'static ffi::sqlite3_io_methods>>> = LazyLock::new(Mutex::default);

/// Puts the layer between SQLite and the system, for every file that is opened from now on in this process.
fn install() {
    // SAFETY: the system's own layer is found and copied; the copy, with two calls of ours, is never freed.
    unsafe {
        assert_eq!(ffi::sqlite3_initialize(), ffi::SQLITE_OK);
        let system = ffi::sqlite3_vfs_find(std::ptr::null());
        SYSTEM.set(system as usize).unwrap();
        let ours = ffi::sqlite3_vfs {
            zName: c"world".as_ptr(),
            pNext: std::ptr::null_mut(),
            xOpen: Some(open),
            xDelete: Some(delete),
            ..*system
        };
        assert_eq!(ffi::sqlite3_vfs_register(Box::leak(Box::new(ours)), 1), ffi::SQLITE_OK);
    }
}

fn system() -> *mut ffi::sqlite3_vfs {
    *SYSTEM.get().unwrap() as *mut ffi::sqlite3_vfs
}

fn path_of(name: *const c_char) -> PathBuf {
    // SAFETY: SQLite passes a path that ends with a zero.
    PathBuf::from(OsStr::from_bytes(unsafe { CStr::from_ptr(name) }.to_bytes()))
}

fn disk_of(path: &Path) -> Option<Shared> {
    DISKS.lock().unwrap().get(path.parent()?).cloned()
}

fn opened(file: *mut ffi::sqlite3_file) -> Opened {
    FILES.lock().unwrap()[&(file as usize)].clone()
}

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    flags_out: *mut c_int,
) -> c_int {
    // SAFETY: passed on as it came; after it the file has its methods, which ours begin as a copy of.
    unsafe {
        let result = (*system()).xOpen.unwrap()(system(), name, file, flags, flags_out);
        if result != ffi::SQLITE_OK || name.is_null() {
            return result;
        }
        let path = path_of(name);
        if let Some(disk) = disk_of(&path) {
            let plain: &'static ffi::sqlite3_io_methods = &*(*file).pMethods;
            let mut tables = WATCHED.lock().unwrap();
            let watched = tables.entry(std::ptr::from_ref(plain) as usize).or_insert_with(|| {
                Box::leak(Box::new(ffi::sqlite3_io_methods {
                    xClose: Some(close),
                    xWrite: Some(write),
                    xTruncate: Some(truncate),
                    xSync: Some(sync),
                    ..*plain
                }))
            });
            FILES.lock().unwrap().insert(file as usize, Opened { path, disk, plain });
            (*file).pMethods = *watched;
        }
        result
    }
}

unsafe extern "C" fn delete(_: *mut ffi::sqlite3_vfs, name: *const c_char, sync_folder: c_int) -> c_int {
    let path = path_of(name);
    if let Some(disk) = disk_of(&path) {
        let mut disk = disk.lock().unwrap();
        if disk.health == Health::Off {
            return ffi::SQLITE_IOERR_DELETE;
        }
        disk.unsynced.remove(&path);
    }
    // SAFETY: passed on as it came.
    unsafe { (*system()).xDelete.unwrap()(system(), name, sync_folder) }
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    let Opened { plain, .. } = FILES.lock().unwrap().remove(&(file as usize)).unwrap();
    // SAFETY: passed on as it came.
    unsafe { plain.xClose.unwrap()(file) }
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    data: *const c_void,
    amount: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    let Opened { path, disk, plain } = opened(file);
    let mut disk = disk.lock().unwrap();
    match disk.before_write() {
        Health::Off => return ffi::SQLITE_IOERR_WRITE,
        Health::Full => return ffi::SQLITE_FULL,
        Health::Well => {}
    }
    let mut before = vec![0_u8; amount as usize];
    // SAFETY: room for what is read; beyond the file's end SQLite's own reading leaves zeros.
    unsafe {
        plain.xRead.unwrap()(file, before.as_mut_ptr().cast(), amount, offset);
        disk.unsynced.entry(path).or_default().push(Unsynced { at: offset as u64, before });
        plain.xWrite.unwrap()(file, data, amount, offset)
    }
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: ffi::sqlite3_int64) -> c_int {
    let Opened { path, disk, plain } = opened(file);
    let mut disk = disk.lock().unwrap();
    if disk.health == Health::Off {
        return ffi::SQLITE_IOERR_TRUNCATE;
    }
    // SAFETY: room for what is read.
    unsafe {
        let mut length = 0;
        if plain.xFileSize.unwrap()(file, &raw mut length) == ffi::SQLITE_OK && length > size {
            let mut before = vec![0_u8; (length - size) as usize];
            plain.xRead.unwrap()(file, before.as_mut_ptr().cast(), (length - size) as c_int, size);
            disk.unsynced.entry(path).or_default().push(Unsynced { at: size as u64, before });
        }
        plain.xTruncate.unwrap()(file, size)
    }
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    let Opened { path, disk, plain } = opened(file);
    let mut disk = disk.lock().unwrap();
    if disk.health == Health::Off {
        return ffi::SQLITE_IOERR_FSYNC;
    }
    if disk.says_synced_and_is_not {
        return ffi::SQLITE_OK;
    }
    disk.unsynced.remove(&path);
    // SAFETY: passed on as it came.
    unsafe { plain.xSync.unwrap()(file, flags) }
}
