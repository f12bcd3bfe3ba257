//! What befalls the world: cuts, crashes, power cuts, full disks, old copies, clones, clocks.

use till::sync::engine::{Answer, CallError, Reply};

use super::world::{Coming, MILLISECOND, SECOND, World};

/// How many kinds of fault there are.
pub const FAULTS: u64 = 15;

/// How central goes down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Down {
    Stopped,
    Killed,
    PowerCut,
}

impl World {
    fn stop_central(&mut self, down: Down, down_us: u64) {
        match down {
            Down::Stopped => self.central.end(),
            Down::Killed => self.central.kill(),
            Down::PowerCut => self.central.cut_power(&mut self.dice),
        }
        // Some tills see the connection end, for others it is silent.
        for stream in std::mem::take(&mut self.streams).into_values() {
            if self.dice.chance(50) {
                let answer = Answer::Failed(CallError::Unreachable("connection reset".to_owned()));
                let reply = Reply { call: stream.call, answer };
                let (till, life) = (stream.till, stream.till_life);
                self.schedule(MILLISECOND, Coming::Reply { till, life, reply, frame: false });
            }
        }
        self.schedule(down_us, Coming::StartCentral);
    }

    /// The power that went in the middle of something is noticed.
    pub(super) fn notice_power_cuts(&mut self) {
        let down_us = self.dice.between(500, 20_000) * MILLISECOND;
        for till in 0..self.tills.len() {
            if self.tills[till].disk.is_off() {
                self.note(format!("{} has lost power", self.tills[till].name));
                self.tills[till].cut_power(&mut self.dice);
                self.schedule(down_us, Coming::StartTill { till });
            }
        }
        if self.central.disk.is_off() {
            self.note("central has lost power".to_owned());
            self.stop_central(Down::PowerCut, down_us);
        }
    }

    pub(super) fn fault(&mut self) {
        let next = self.dice.between(1_000, 12_000) * MILLISECOND;
        self.schedule(next, Coming::Fault);
        if self.faults.is_empty() {
            return;
        }
        let till = self.dice.below(self.tills.len() as u64) as usize;
        let while_us = self.dice.between(1_000, 25_000) * MILLISECOND;
        match *self.dice.pick(&self.faults) {
            kind @ 0..=6 => self.fault_of_till(kind, till, while_us),
            kind @ 7..=10 => self.fault_of_central(kind, while_us),
            kind => self.fault_of_disk(kind, till, while_us),
        }
    }

    fn fault_of_till(&mut self, kind: u64, till: usize, while_us: u64) {
        let name = self.tills[till].name.clone();
        match kind {
            0 => {
                self.note(format!("{name} is cut off for {} ms", while_us / MILLISECOND));
                self.tills[till].cut_until_us = self.now_us + while_us;
            }
            1 => {
                self.note(format!("{name} is killed"));
                self.tills[till].kill();
                self.schedule(while_us, Coming::StartTill { till });
            }
            2 => {
                let shift_us = (self.dice.between(0, 2 * 86_400) as i64 - 86_400) * SECOND as i64;
                self.note(format!("{name}: the clock jumps by {} s", shift_us / SECOND as i64));
                self.tills[till].clock_shift_us = shift_us;
                // Sync looks at the clock every second.
                let life = self.tills[till].running.as_ref().map(|running| running.life);
                life.into_iter().for_each(|life| self.schedule(0, Coming::Wake { till, life }));
            }
            3 | 4 => {
                self.note(format!("{name} is copied"));
                self.tills[till].copy();
            }
            5 if self.tills[till].has_copy() => {
                self.note(format!("{name} is restored from an old copy"));
                self.tills[till].stop();
                self.tills[till].restore();
                self.model.forked(&self.tills[till].id);
                self.schedule(while_us, Coming::StartTill { till });
            }
            6 if self.tills.len() < 5 => self.clone_till(till),
            _ => {}
        }
    }

    fn fault_of_central(&mut self, kind: u64, while_us: u64) {
        if !self.central.is_running() {
            return;
        }
        match kind {
            7 => {
                let down = *self.dice.pick(&[Down::Stopped, Down::Killed]);
                self.note(format!("central is down: {down:?}"));
                self.stop_central(down, while_us);
                // Whoever stops it as it should is about to copy its file; put back a moment later it looks like a restart.
                // The file of one that lost its power while it ended is no whole file without its log: `integrity_check` finds
                // indexes that lack their newest entries.
                let ended = !self.central.disk.is_full() && !self.central.disk.is_off();
                if down == Down::Stopped && ended {
                    let path = self.central.copy_ended(self.central_copies.len());
                    self.central_copies.push(path);
                    self.model.central_copied();
                }
            }
            8 => {
                self.note("central is copied".to_owned());
                let path = self.central.copy(self.central_copies.len());
                self.central_copies.push(path);
                self.model.central_copied();
            }
            9 if !self.central_copies.is_empty() => {
                self.note("central is restored from an old copy".to_owned());
                self.stop_central(Down::Stopped, while_us);
                let newest = self.central_copies.len() - 1;
                self.central.restore_from(&self.central_copies[newest]);
                self.model.central_restored(newest);
            }
            10 => {
                self.note("the connections of every feed die".to_owned());
                for stream in self.streams.values_mut() {
                    stream.silent = true;
                }
            }
            _ => {}
        }
    }

    fn fault_of_disk(&mut self, kind: u64, till: usize, while_us: u64) {
        let name = self.tills[till].name.clone();
        // A sale writes some tens of pages: it may end before, in or behind one.
        let writes = self.dice.below(60);
        match kind {
            11 if self.tills[till].running.is_some() => {
                self.note(format!("{name}: the disk is full after {writes} more writes"));
                self.tills[till].disk.fill_after(writes);
                self.schedule(while_us, Coming::FreeDisk { till: Some(till) });
            }
            12 if self.tills[till].running.is_some() => {
                self.note(format!("{name} loses power after {writes} more writes"));
                self.tills[till].disk.switch_off_after(writes);
            }
            13 if self.central.is_running() => {
                self.note(format!("central's disk is full after {writes} more writes"));
                self.central.disk.fill_after(writes);
                self.schedule(while_us, Coming::FreeDisk { till: None });
            }
            14 if self.central.is_running() => {
                self.note(format!("central loses power after {writes} more writes"));
                self.central.disk.switch_off_after(writes);
            }
            _ => {}
        }
    }

    fn clone_till(&mut self, till: usize) {
        let folder = self.folder.path().join(format!("till{}", self.tills.len()));
        if let Some(clone) = self.tills[till].clone_to(folder) {
            self.note(format!("{} is cloned", self.tills[till].name));
            self.model.forked(&clone.id);
            self.tills.push(clone);
            let till = self.tills.len() - 1;
            self.schedule(SECOND, Coming::StartTill { till });
            self.schedule(2 * SECOND, Coming::Act { till });
        }
    }
}
