//! Paper from the simulated printer as pictures: dot by dot what its bytes draw, so that its codes can be scanned off the
//! screen or off a file.

use iced::widget::image::{FilterMethod, Handle};
use iced::widget::{Column, container, image};
use iced::{ContentFit, Length};

use crate::devices::simulated::printer::{Paper, Strip, draw_piece};
use crate::gui::measure::space;
use crate::gui::picture::Picture;
use crate::gui::widget::Element;

/// Thermal paper and what the head burns into it: red, green, blue, alpha.
const PAPER: [u8; 4] = [0xFC, 0xFB, 0xF7, 0xFF];
const BURNT: [u8; 4] = [0x1C, 0x1B, 0x1F, 0xFF];

/// Pieces that are shown: what a person would see before it goes over the edge of the counter.
const PIECES_MAX: usize = 8;

/// Draws a piece of paper, a pixel a dot.
pub fn draw_paper(piece: &[Strip], line_dots: usize) -> Picture {
    let bitmap = draw_piece(piece, line_dots);
    let (width, height) = (bitmap.width_dots(), bitmap.height_dots());
    let mut rgba = Vec::with_capacity(4 * width * height);
    for y in 0..height {
        for x in 0..width {
            rgba.extend_from_slice(if bitmap.is_black(x, y) { &BURNT } else { &PAPER });
        }
    }
    Picture { width: width as u32, height: height as u32, rgba }
}

/// The paper that hangs from the printer, drawn once each piece: what is finished is not drawn again when a line is added.
#[derive(Default)]
pub struct Roll {
    pieces: Vec<(Vec<Strip>, Handle)>,
}

impl Roll {
    /// Draws what is new.
    pub fn show(&mut self, paper: &Paper) {
        let pieces = paper.pieces();
        let shown = &pieces[pieces.len().saturating_sub(PIECES_MAX)..];
        let mut before = std::mem::take(&mut self.pieces);
        for piece in shown {
            let known = before.iter().position(|(strips, _)| strips == piece);
            self.pieces.push(match known {
                Some(at) => before.swap_remove(at),
                None => {
                    let Picture { width, height, rgba } = draw_paper(piece, paper.line_dots);
                    (piece.to_vec(), Handle::from_rgba(width, height, rgba))
                }
            });
        }
    }

    /// The pieces one below the other, the newest last.
    pub fn view<'a, Message: 'a>(&self) -> Element<'a, Message> {
        let picture = |(_, handle): &(Vec<Strip>, Handle)| {
            image(handle.clone())
                .content_fit(ContentFit::Contain)
                .filter_method(FilterMethod::Linear)
                .width(Length::Fill)
                .into()
        };
        let pieces = Column::with_children(self.pieces.iter().map(picture)).spacing(space::MEDIUM);
        container(pieces).padding(space::SMALL).width(Length::Fill).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::devices::simulated::printer::{TwinCore, TwinSettings, Worked};

    fn printed(bytes: &[u8]) -> Paper {
        let mut twin = TwinCore::new(TwinSettings::default());
        twin.receive(bytes);
        while twin.work() != Worked::Nothing {}
        twin.paper().clone()
    }

    #[test]
    fn a_piece_is_drawn_once_and_the_last_one_again_when_it_grows() {
        let mut roll = Roll::default();
        let ids = |roll: &Roll| roll.pieces.iter().map(|(_, handle)| handle.id()).collect::<Vec<_>>();
        roll.show(&printed(b"one\n\x1dVB\0two\n"));
        let first = ids(&roll);
        roll.show(&printed(b"one\n\x1dVB\0two\nmore\n"));
        let second = ids(&roll);
        assert_eq!((first.len(), second.len()), (2, 2));
        assert_eq!(first[0], second[0]);
        assert_ne!(first[1], second[1]);
        roll.show(&Paper::new(576));
        assert!(roll.pieces.is_empty());
    }

    #[test]
    fn paper_is_as_wide_as_the_real_one_and_has_ink_on_it() {
        let paper = printed(b"TOTAL 12.50\n");
        let picture = draw_paper(paper.pieces()[0], paper.line_dots);
        assert_eq!(picture.width, 640, "80 mm at 203 dpi");
        assert_eq!(picture.rgba.len(), 4 * 640 * picture.height as usize);
        let burnt = picture.rgba.chunks(4).filter(|pixel| *pixel == BURNT).count();
        assert!((200..2000).contains(&burnt), "{burnt}");
    }
}
