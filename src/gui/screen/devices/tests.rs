//! Keys of the devices screen: which device is marked, which port is chosen, and what comes of it.

use super::*;
use crate::gui::gallery;
use crate::gui::screen::Leave;
use crate::gui::tests::window;
use crate::gui::window::{Look, Window};
use crate::register::intent::PortChoice;

fn shown(name: &str) -> Window {
    window(&gallery::find_exhibit(name).unwrap(), Look::default())
}

fn strike(window: &mut Window, keys: &[Key]) -> Vec<Intent> {
    keys.iter().flat_map(|key| window.strike(&Stroke::press(*key)).intents).collect()
}

fn chosen(device: PortDevice, port: &str, profile: &str) -> [Intent; 1] {
    [Intent::PortChosen(PortChoice { device, port: port.to_owned(), profile: profile.to_owned() })]
}

#[test]
fn a_port_is_asked_for_the_marked_device() {
    let mut till = shown("devices");
    assert_eq!(strike(&mut till, &[Key::of('P')]), [Intent::PortsAsked(PortDevice::Scanner)]);
    assert_eq!(strike(&mut till, &[Key::Down, Key::of('P')]), [Intent::PortsAsked(PortDevice::Printer)]);
    assert_eq!(
        strike(&mut till, &[Key::Down, Key::of('P')]),
        [Intent::PortsAsked(PortDevice::Printer)],
        "the drawer hangs on the printer"
    );
    assert_eq!(strike(&mut till, &[Key::Up, Key::of('P')]), [Intent::PortsAsked(PortDevice::Scanner)]);
}

#[test]
fn what_is_recognised_is_marked_and_the_arrows_and_tab_choose_otherwise() {
    let mut till = shown("devices-port");
    let known = chosen(PortDevice::Printer, "usb:04b8:0e28:X5A1", "epson-tm-t20iii");
    assert_eq!(strike(&mut till, &[Key::Enter]), known);
    assert_eq!(
        strike(&mut till, &[Key::Up, Key::Enter])[..1],
        chosen(PortDevice::Printer, "usb:0c2e:0b6a", "epson-tm-t20iii")
    );
    let mut till = shown("devices-port");
    let other = chosen(PortDevice::Printer, "usb:04b8:0e28:X5A1", "epson-tm-t88v");
    assert_eq!(strike(&mut till, &[Key::Tab, Key::Down, Key::Enter]), other);
    let back = strike(&mut till, &[Key::Tab, Key::Up, Key::Down, Key::Enter]);
    assert_eq!(back, known, "another port brings its own profile");
    assert_eq!(strike(&mut till, &[Key::of('P')]), [Intent::PortsAsked(PortDevice::Printer)]);
    assert_eq!(strike(&mut till, &[Key::Escape]), [Intent::PortsLeft]);
}

#[test]
fn with_nothing_plugged_in_there_is_nothing_to_use() {
    let mut till = shown("devices-no-port");
    assert_eq!(strike(&mut till, &[Key::Enter, Key::Down, Key::Tab, Key::Enter]), []);
    assert_eq!(strike(&mut till, &[Key::Escape]), [Intent::PortsLeft]);
}

#[test]
fn a_till_whose_settings_are_written_closes_its_window_to_start_again() {
    let mut till = shown("devices-port");
    let same = till.snapshot().clone();
    assert_eq!(till.show(same.clone().into()).leave, None);
    let mut written = same;
    written.devices.kept = Some(PortDevice::Printer);
    assert_eq!(till.show(written.into()).leave, Some(Leave::ToTryAgain));
}

#[test]
fn a_drawer_whose_printer_is_gone_opens_with_its_key() {
    let till = shown("devices");
    let ui = till.ui(iced::Size::new(1280.0, 800.0));
    let drawer = till.snapshot().devices.devices.iter().find(|device| device.id.as_str() == DRAWER).unwrap();
    let with = |state| DeviceView { health: Health { state, ..drawer.health.clone() }, ..drawer.clone() };
    for state in [HealthState::Gone, HealthState::Offline(HealthReason::CoverOpen)] {
        assert_eq!(device_words(&ui, &with(state), false), (Tone::Mind, ui.text.drawer_by_key()));
    }
    assert_eq!(device_words(&ui, &with(HealthState::Ready), false).1, ui.text.health_ready());
}

#[test]
fn a_stray_letter_changes_no_language_and_each_act_says_what_is_set() {
    let mut till = shown("devices");
    let words = |till: &Window| crate::gui::tests::words_on(till).join(" | ");
    assert!(words(&till).contains("Colours: day") && words(&till).contains("Language: English"), "{}", words(&till));
    let struck = |till: &mut Window, key| till.strike(&Stroke::press(key)).look_changed;
    assert_eq!(struck(&mut till, Key::of('L')), None);
    assert!(words(&till).contains("Deutsch"), "it is offered");
    assert_eq!(struck(&mut till, Key::Escape), None);
    assert_eq!(struck(&mut till, Key::Enter), None, "it was left");
    struck(&mut till, Key::of('L'));
    struck(&mut till, Key::of('L'));
    let french = struck(&mut till, Key::Enter).map(|look| look.language);
    assert_eq!(french, Some(Language::French), "the second one offered, and taken");
    assert!(words(&till).contains("Français"));
}

/// A roll that is at its end is not running low as well.
#[test]
fn paper_that_is_out_is_not_running_low() {
    let mut till = shown("devices");
    let low = till.ui(iced::Size::new(1280.0, 800.0)).text.paper_low();
    for (state, is_said) in [
        (HealthState::Held(HealthReason::PaperOut), false),
        (HealthState::Offline(HealthReason::PaperOut), false),
        (HealthState::Held(HealthReason::CoverOpen), true),
        (HealthState::Ready, true),
    ] {
        let mut snapshot = till.snapshot().clone();
        snapshot.devices.paper = PaperLevel::Low;
        let printer = snapshot.devices.devices.iter_mut().find(|device| device.id.as_str() == PRINTER);
        printer.unwrap().health.state = state.clone();
        till.show(snapshot.into());
        let words = crate::gui::tests::words_on(&till);
        assert_eq!(words.iter().any(|words| words.contains(&low)), is_said, "{state:?}: {words:?}");
    }
}

/// Paper that was torn does not come by itself: the screen says what the bar below it says.
#[test]
fn a_printer_that_is_gone_says_what_becomes_of_the_paper_it_has_torn() {
    let told = |name: &str| crate::gui::tests::words_on(&shown(name));
    let text = Catalogue::new(Language::English);
    let said = |words: &[String], wanted: &str| words.iter().filter(|words| *words == wanted).count();
    let torn = told("devices-torn");
    assert_eq!(said(&torn, &text.health_gone_torn()), 2, "on the screen and in the bar: {torn:?}");
    assert_eq!(said(&torn, &text.health_gone()), 0, "{torn:?}");
    let mut whole = gallery::find_exhibit("devices-torn").unwrap();
    whole.snapshot.tasks = Vec::new().into();
    let whole = crate::gui::tests::words_on(&window(&whole, Look::default()));
    assert_eq!(said(&whole, &text.health_gone()), 2, "{whole:?}");
}

#[test]
fn a_profile_that_nobody_knows_is_named_with_what_was_meant_and_where_it_is_written() {
    let words = crate::gui::tests::words_on(&shown("devices-profile-unknown")).join(" | ");
    let words = words.replace('\u{2011}', "-");
    for told in ["epson-tm-t20x", "epson-tm-t20iii", "--printer", "/dev/ttyUSB0"] {
        assert!(words.contains(told), "{told}: {words}");
    }
    let asked = strike(&mut shown("devices-profile-unknown"), &[Key::of('P')]);
    assert_eq!(asked, [Intent::PortsAsked(PortDevice::Printer)], "what needs somebody is marked");
}
