//! Choosing a device's port: what there is comes from the terminal, which writes the choice into the till's settings; the
//! till starts again with it. The basket is in the file, so that nothing is lost.

use std::sync::Arc;

use crate::domain::event::Event;
use crate::domain::operator::Act as OperatorAct;

use super::intent::{PortChoice, PortFault, Screen};
use super::snapshot::{NoticeKind, PortDevice, PortsView};
use super::{Effect, Handled, Register};

impl Register {
    /// Asks what there is to choose from. What was found before is forgotten: devices come and go.
    pub(super) fn ask_ports(&mut self, device: PortDevice) -> Handled {
        self.get_undecided()?;
        self.get_terminal_answered()?;
        self.ports = None;
        self.effects.push(Effect::ListPorts(device));
        Ok(())
    }

    /// What there is: shown where it was asked for, and nowhere else.
    pub(super) fn ports_found(&mut self, found: PortsView) -> Handled {
        if self.operator.is_some() && self.screen == Screen::Devices {
            self.ports = Some(Arc::new(found));
        }
        Ok(())
    }

    pub(super) fn leave_ports(&mut self) -> Handled {
        self.ports = None;
        Ok(())
    }

    /// Has a device put on another port, by whoever may, or with somebody who may.
    pub(super) fn choose_port(&mut self, choice: PortChoice) -> Handled {
        self.get_terminal_answered()?;
        self.get_permission(OperatorAct::Configure)?;
        if self.approver.is_some() {
            // That somebody agreed is one fact, that the settings could be written another.
            self.commit(|_| Ok(()))?;
        }
        self.effects.push(Effect::Configure(choice));
        Ok(())
    }

    /// The settings say so now: who changed them stands in the journal.
    pub(super) fn port_kept(&mut self, choice: PortChoice) -> Handled {
        let PortChoice { device, port, profile } = choice;
        self.kept = Some(device);
        self.ports = None;
        let event = Event::DeviceConfigured { device: device.word().into(), port, profile };
        self.commit(|act| act.record(event).map(|_| ()))
    }

    pub(super) fn port_refused(&mut self, fault: PortFault) -> Handled {
        Err(match fault {
            PortFault::Simulated => NoticeKind::DevicesSimulated,
            PortFault::NotKept { told } => NoticeKind::PortNotKept { told },
        }
        .into())
    }
}
