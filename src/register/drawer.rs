//! The cash drawer and the devices' health.

use crate::domain::Timestamp;
use crate::domain::device::{DeviceEvent, DrawerPosition, Health, HealthReason, HealthState, PrintCommand};
use crate::domain::event::Event;
use crate::domain::ids::DeviceId;
use crate::domain::operator::Act as OperatorAct;
use crate::domain::scan::{Scan, ScanQuality};

use super::intent::Screen;
use super::printing::PrinterReach;
use super::session::reason_given;
use super::snapshot::{NoticeKind, NoticeWeight};
use super::{Effect, Handled, Register};

/// A drawer open this long is pointed out.
const DRAWER_OPEN_SECONDS: i64 = 60;

impl Register {
    /// A device said something.
    pub(super) fn device_said(&mut self, event: DeviceEvent) -> Handled {
        match event {
            DeviceEvent::Scanned(scan) => {
                self.note_how_it_read(&scan);
                self.scanned(scan)
            }
            DeviceEvent::HealthChanged { device, health } => self.health_changed(&device, health),
            DeviceEvent::PaperChanged(level) => {
                self.paper = level;
                Ok(())
            }
            DeviceEvent::DrawerChanged { position, kicked } => self.drawer_changed(position, kicked),
            DeviceEvent::DrawerStaysShut => {
                self.say_drawer_stays_shut();
                Ok(())
            }
            DeviceEvent::PrintProgressed { job, state } => self.print_progressed(job, state),
        }
    }

    /// A scanner that garbles is not ready, whatever its port says, until it has read something whole.
    fn note_how_it_read(&mut self, scan: &Scan) {
        let now = self.now();
        let Some(device) = self.devices.iter_mut().find(|device| device.id == scan.device) else { return };
        let unreadable = HealthState::Held(HealthReason::Unreadable);
        let state = match scan.quality {
            ScanQuality::Garbage if device.health.state == HealthState::Ready => unreadable,
            ScanQuality::Whole | ScanQuality::Repeat if device.health.state == unreadable => HealthState::Ready,
            ScanQuality::Garbage | ScanQuality::Whole | ScanQuality::Repeat | ScanQuality::Partial => return,
        };
        device.health = Health { state, since: now };
    }

    fn health_changed(&mut self, device: &DeviceId, health: Health) -> Handled {
        // The drawer hangs on the printer: it is within reach when the printer is, with paper or without.
        if device.as_str() == super::PRINTER {
            let drawer = self.devices.iter_mut().find(|d| d.id.as_str() == super::DRAWER);
            if let Some(drawer) = drawer.filter(|drawer| drawer.health.state != HealthState::NotConfigured) {
                let state = match &health.state {
                    HealthState::Held(_) => HealthState::Ready,
                    state => state.clone(),
                };
                if state != drawer.health.state {
                    drawer.health = Health { state, since: health.since };
                }
            }
        }
        if let Some(found) = self.devices.iter_mut().find(|d| d.id == *device) {
            found.health = health;
        }
        if device.as_str() == super::PRINTER && self.printer_reach() == PrinterReach::Ready {
            self.release_waiting_prints()?;
        }
        Ok(())
    }

    fn drawer_changed(&mut self, position: DrawerPosition, kicked: bool) -> Handled {
        let was = std::mem::replace(&mut self.drawer, position);
        self.cache.forget_tasks();
        self.drawer_open_since =
            (position == DrawerPosition::Open).then(|| self.drawer_open_since.unwrap_or(self.now()));
        if position == DrawerPosition::Open {
            // Nobody needs to be told how to open it any more.
            self.notice.take_if(|notice| notice.kind == NoticeKind::DrawerByKey);
            if let Some(completed) = &mut self.completed {
                completed.shown.drawer_by_key = false;
            }
        }
        if position == DrawerPosition::Open && was == DrawerPosition::Closed && !kicked {
            self.commit(|act| act.record(Event::DrawerOpenedByKey).map(|_| ()))?;
        }
        Ok(())
    }

    /// When an open drawer becomes a task.
    pub(super) fn drawer_deadline(&self) -> Option<Timestamp> {
        let at = self.drawer_open_since? + chrono::Duration::seconds(DRAWER_OPEN_SECONDS);
        (at > self.now()).then_some(at)
    }

    /// Since when the drawer has been open, once that is worth pointing out.
    pub(super) fn drawer_open_too_long(&self) -> Option<Timestamp> {
        let since = self.drawer_open_since?;
        (self.now() - since >= chrono::Duration::seconds(DRAWER_OPEN_SECONDS)).then_some(since)
    }

    /// Is there a drawer, and no way to tell it to open?
    pub(super) fn is_drawer_out_of_reach(&self) -> bool {
        let drawer = self.devices.iter().find(|device| device.id.as_str() == super::DRAWER);
        drawer.is_some_and(|drawer| matches!(drawer.health.state, HealthState::Offline(_) | HealthState::Gone))
    }

    pub(super) fn kick_drawer(&mut self) {
        if self.printer_reach() != PrinterReach::None {
            self.effects.push(Effect::Print(PrintCommand::OpenDrawer));
        }
    }

    /// The drawer opens, or it is said that it cannot: somebody stands there with money in their hand.
    pub(super) fn open_drawer_for_cash(&mut self) {
        self.opens_for_change = false;
        self.kick_drawer();
        if self.is_drawer_out_of_reach() {
            self.say(NoticeWeight::Mind, NoticeKind::DrawerByKey);
        }
    }

    /// The printer is asked first and says later that the drawer did not open: beside the change as long as that is on screen.
    fn say_drawer_stays_shut(&mut self) {
        let is_change = self.opens_for_change && self.screen == Screen::Sell;
        match self.completed.as_mut().filter(|_| is_change) {
            Some(completed) => completed.shown.drawer_by_key = true,
            None => self.say(NoticeWeight::Mind, NoticeKind::DrawerByKey),
        }
    }

    pub(super) fn open_drawer(&mut self, reason: String) -> Handled {
        self.get_permission(OperatorAct::MoveCash)?;
        let reason = reason_given(&reason).ok_or(NoticeKind::ReasonMissing)?;
        self.commit(|act| act.record(Event::DrawerOpened { reason }).map(|_| ()))?;
        self.open_drawer_for_cash();
        Ok(())
    }
}
