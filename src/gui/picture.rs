//! Draws a view to a picture without a display: reference images of the tests, and the screens of the scripted day.
//!
//! The same software renderer as the window's draws it, with the same fonts.

use std::collections::HashMap;
use std::sync::OnceLock;

use iced::{Color, Size};
use iced_test::core::renderer::Headless;
use iced_test::core::theme::Base;
use iced_test::runtime::UserInterface;
use iced_test::runtime::user_interface::{Cache, State};

use super::font;
use super::theme::Theme;
use super::widget::Element;

/// A picture, row by row, four bytes a pixel: red, green, blue, alpha.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// `4 × width × height` bytes.
    pub rgba: Vec<u8>,
}

/// Why a picture could not be drawn or written.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// The software renderer did not start.
    #[error("the software renderer did not start")]
    NoRenderer,
    /// The file could not be read or written.
    #[error("the file of the picture failed: {0}")]
    File(#[from] std::io::Error),
    /// The PNG decoder refused it.
    #[error("the picture could not be decoded: {0}")]
    Decode(#[from] png::DecodingError),
    /// Larger than memory.
    #[error("the picture is too large")]
    TooLarge,
    /// Not eight bits a channel in colour.
    #[error("the picture is not a colour picture of eight bits")]
    OtherFormat,
    /// The PNG encoder refused it.
    #[error("the picture could not be encoded: {0}")]
    Encode(#[from] png::EncodingError),
}

/// An interface laid out off screen, to be drawn, measured or tapped.
pub struct OffScreen<'a, Message> {
    interface: UserInterface<'a, Message, Theme, iced::Renderer>,
    renderer: iced::Renderer,
    size: Size,
}

impl<'a, Message> OffScreen<'a, Message> {
    /// Lays a view out in so many logical pixels.
    pub fn new(view: impl Into<Element<'a, Message>>, width: u32, height: u32) -> Result<Self, PictureError> {
        load_fonts();
        let size = Size::new(width as f32, height as f32);
        let mut renderer = iced_test::futures::futures::executor::block_on(<iced::Renderer as Headless>::new(
            font::TEXT,
            iced::Pixels(16.0),
            Some("tiny-skia"),
        ))
        .ok_or(PictureError::NoRenderer)?;
        let interface = UserInterface::build(view, size, Cache::default(), &mut renderer);
        Ok(Self { interface, renderer, size })
    }

    /// Draws it at one pixel per logical pixel.
    pub fn draw(&mut self, theme: &Theme) -> Picture {
        // A widget learns from this event whether it can be pressed, as it does before each frame of a real window.
        self.send(iced::Event::Window(iced::window::Event::RedrawRequested(std::time::Instant::now())), None);
        let base: iced::theme::Style = theme.base();
        let style = iced_test::core::renderer::Style { text_color: base.text_color };
        self.interface.draw(&mut self.renderer, theme, &style, iced::mouse::Cursor::Unavailable);
        let size = Size::new(self.size.width as u32, self.size.height as u32);
        let rgba = self.renderer.screenshot(size, 1.0, Color { a: 1.0, ..base.background_color });
        Picture { width: size.width, height: size.height, rgba }
    }

    /// Walks the widget tree.
    pub fn operate(&mut self, operation: &mut dyn iced::advanced::widget::Operation) {
        self.interface.operate(&self.renderer, operation);
    }

    /// Taps at a place, and gives what the view says to it.
    pub fn tap(&mut self, place: iced::Point) -> Vec<Message> {
        use iced::mouse::{Button, Event};
        let events = [Event::ButtonPressed(Button::Left), Event::ButtonReleased(Button::Left)];
        events.into_iter().flat_map(|event| self.send(iced::Event::Mouse(event), Some(place))).collect()
    }

    /// When the view wants to be drawn again by itself, once it stands as it is.
    #[cfg(test)]
    pub(super) fn next_frame(&mut self) -> iced::window::RedrawRequest {
        // The first frame may settle what the second one keeps.
        let frame = || iced::Event::Window(iced::window::Event::RedrawRequested(std::time::Instant::now()));
        self.update(frame(), None);
        match self.update(frame(), None).1 {
            State::Updated { redraw_request, .. } => redraw_request,
            State::Outdated => iced::window::RedrawRequest::NextFrame,
        }
    }

    /// Turns the wheel over a place: so many logical pixels up.
    #[cfg(test)]
    pub fn scroll_up(&mut self, place: iced::Point, by: f32) {
        let delta = iced::mouse::ScrollDelta::Pixels { x: 0.0, y: by };
        self.send(iced::Event::Mouse(iced::mouse::Event::WheelScrolled { delta }), Some(place));
    }

    /// The same window with what it shows now: what its widgets know of themselves they keep.
    #[cfg(test)]
    pub fn showing<'b>(mut self, view: impl Into<Element<'b, Message>>) -> OffScreen<'b, Message> {
        let kept = self.interface.into_cache();
        let interface = UserInterface::build(view, self.size, kept, &mut self.renderer);
        OffScreen { interface, renderer: self.renderer, size: self.size }
    }

    fn send(&mut self, event: iced::Event, place: Option<iced::Point>) -> Vec<Message> {
        self.update(event, place).0
    }

    fn update(&mut self, event: iced::Event, place: Option<iced::Point>) -> (Vec<Message>, State) {
        let cursor = place.map_or(iced::mouse::Cursor::Unavailable, iced::mouse::Cursor::Available);
        let mut messages = Vec::new();
        let (state, _) = self.interface.update(
            &[event],
            cursor,
            &mut self.renderer,
            &mut iced::advanced::clipboard::Null,
            &mut messages,
        );
        (messages, state)
    }
}

/// Draws the window as it would be with a display, in so many pixels.
pub fn draw(window: &super::window::Window, width: u32, height: u32) -> Result<Picture, PictureError> {
    // A view measures its words while it is built.
    load_fonts();
    let view = window.view(Size::new(width as f32, height as f32));
    Ok(OffScreen::new(view, width, height)?.draw(&window.theme()))
}

/// The bundled fonts, once in the life of the program.
pub(super) fn load_fonts() {
    static LOADED: OnceLock<()> = OnceLock::new();
    LOADED.get_or_init(|| {
        // A poisoned lock means that another thread panicked while loading: the fonts it loaded are still good.
        let mut system = match iced::advanced::graphics::text::font_system().write() {
            Ok(system) => system,
            Err(poisoned) => poisoned.into_inner(),
        };
        for file in font::files() {
            system.load_font(file);
        }
    });
}

impl Picture {
    /// From a PNG file of eight bits a channel, with alpha or without, or of a palette of such colours.
    pub fn read_png(path: &std::path::Path) -> Result<Self, PictureError> {
        let file = std::io::BufReader::new(std::fs::File::open(path)?);
        let mut decoder = png::Decoder::new(file);
        decoder.set_transformations(png::Transformations::ALPHA | png::Transformations::EXPAND);
        let mut reader = decoder.read_info()?;
        let mut rgba = vec![0; reader.output_buffer_size().ok_or(PictureError::TooLarge)?];
        let info = reader.next_frame(&mut rgba)?;
        rgba.truncate(info.buffer_size());
        if (info.color_type, info.bit_depth) != (png::ColorType::Rgba, png::BitDepth::Eight) {
            return Err(PictureError::OtherFormat);
        }
        Ok(Self { width: info.width, height: info.height, rgba })
    }

    /// As a PNG file, without alpha: a window has none. A picture of up to 256 colours has a palette, which is less than half
    /// the size.
    pub fn write_png(&self, path: &std::path::Path) -> Result<(), PictureError> {
        let file = std::io::BufWriter::new(std::fs::File::create(path)?);
        let mut encoder = png::Encoder::new(file, self.width, self.height);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::High);
        let bytes = match self.index_colours() {
            Some((palette, indices)) => {
                encoder.set_color(png::ColorType::Indexed);
                encoder.set_palette(palette);
                // Neighbouring places in a palette say nothing of each other (PNG, clause 12.7.3).
                encoder.set_filter(png::Filter::NoFilter);
                indices
            }
            None => {
                encoder.set_color(png::ColorType::Rgb);
                self.rgba.as_chunks::<4>().0.iter().flat_map(|[red, green, blue, _]| [*red, *green, *blue]).collect()
            }
        };
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&bytes)?;
        writer.finish()?;
        Ok(())
    }

    /// The colours in the order in which they come, three bytes each, and the place of each pixel's among them; nothing when
    /// there are more than a byte can count.
    fn index_colours(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        let mut places: HashMap<[u8; 4], u8> = HashMap::new();
        let (mut palette, mut indices) = (Vec::new(), Vec::with_capacity(self.rgba.len() / 4));
        for colour in self.rgba.as_chunks::<4>().0 {
            let place = match places.get(colour) {
                Some(place) => *place,
                None => {
                    let place = u8::try_from(places.len()).ok()?;
                    places.insert(*colour, place);
                    palette.extend_from_slice(&colour[..3]);
                    place
                }
            };
            indices.push(place);
        }
        Some((palette, indices))
    }
}
