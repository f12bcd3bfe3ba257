//! The three tones as sound, computed: pitch, length and the file a player takes.
//!
//! They are told apart by pitch, by number and by direction, so that each is known without the others: one high note for
//! a good scan, two low ones for a refusal, three that rise for what must be decided.

use std::f64::consts::TAU;

use crate::domain::device::Tone;

/// Samples in a second, of one channel.
pub const SAMPLE_RATE: u32 = 44_100;

/// How loud, of the loudest there is: heard across a counter, no sound of alarm.
const LOUDNESS: f64 = 0.5;
/// Every note swells and dies away within so many seconds, for a sudden edge clicks.
const EDGE: f64 = 0.006;

/// One note, or silence.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Note {
    /// Vibrations in a second; none is silence.
    pitch: Option<f64>,
    /// Seconds.
    length: f64,
}

const fn note(pitch: f64, length: f64) -> Note {
    Note { pitch: Some(pitch), length }
}

const fn silence(length: f64) -> Note {
    Note { pitch: None, length }
}

const GOOD: &[Note] = &[note(1760.0, 0.09)];
const REFUSED: &[Note] = &[note(220.0, 0.16), silence(0.06), note(220.0, 0.16)];
const ATTENTION: &[Note] = &[note(659.3, 0.12), silence(0.02), note(880.0, 0.12), silence(0.02), note(1174.7, 0.18)];

/// A tone as samples of 16 bits.
pub fn synthesise(tone: Tone) -> Vec<i16> {
    let score = match tone {
        Tone::Good => GOOD,
        Tone::Refused => REFUSED,
        Tone::Attention => ATTENTION,
    };
    score.iter().flat_map(|note| samples(*note)).collect()
}

fn samples(Note { pitch, length }: Note) -> impl Iterator<Item = i16> {
    let rate = f64::from(SAMPLE_RATE);
    let count = (length * rate).round() as u32;
    (0..count).map(move |index| {
        let at = f64::from(index) / rate;
        let left = f64::from(count - 1 - index) / rate;
        let edge = (at.min(left) / EDGE).min(1.0);
        // A little of the third harmonic lets small speakers be heard that swallow the low notes.
        let swing =
            pitch.map_or(0.0, |pitch| (0.8 * (TAU * pitch * at).sin()) + (0.2 * (3.0 * TAU * pitch * at).sin()));
        (swing * edge * LOUDNESS * f64::from(i16::MAX)) as i16
    })
}

/// A tone as a WAV file: RIFF, PCM of 16 bits, one channel (Microsoft, Multimedia Programming Interface 1.0, chapter 3).
pub fn wave_file(tone: Tone) -> Vec<u8> {
    const HEAD_BYTES: u32 = 36;
    const SAMPLE_BYTES: u16 = 2;
    let samples = synthesise(tone);
    let data_bytes = samples.len() as u32 * u32::from(SAMPLE_BYTES);
    let mut file = Vec::with_capacity(8 + HEAD_BYTES as usize + data_bytes as usize);
    file.extend_from_slice(b"RIFF");
    file.extend_from_slice(&(HEAD_BYTES + data_bytes).to_le_bytes());
    file.extend_from_slice(b"WAVEfmt ");
    file.extend_from_slice(&16_u32.to_le_bytes());
    // PCM, one channel.
    file.extend_from_slice(&1_u16.to_le_bytes());
    file.extend_from_slice(&1_u16.to_le_bytes());
    file.extend_from_slice(&SAMPLE_RATE.to_le_bytes());
    file.extend_from_slice(&(SAMPLE_RATE * u32::from(SAMPLE_BYTES)).to_le_bytes());
    file.extend_from_slice(&SAMPLE_BYTES.to_le_bytes());
    file.extend_from_slice(&(8 * SAMPLE_BYTES).to_le_bytes());
    file.extend_from_slice(b"data");
    file.extend_from_slice(&data_bytes.to_le_bytes());
    file.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    const TONES: [Tone; 3] = [Tone::Good, Tone::Refused, Tone::Attention];

    /// How much of a pitch is in some samples (Goertzel's algorithm), of the most there can be.
    fn strength(samples: &[i16], pitch: f64) -> f64 {
        let turn = TAU * pitch / f64::from(SAMPLE_RATE);
        let (mut one, mut two) = (0.0, 0.0);
        for sample in samples {
            let next = f64::from(*sample) + 2.0 * turn.cos() * one - two;
            (two, one) = (one, next);
        }
        let power = one * one + two * two - 2.0 * turn.cos() * one * two;
        power.sqrt() * 2.0 / samples.len() as f64 / f64::from(i16::MAX)
    }

    /// The pitch of the loudest vibration, to ten in a second.
    fn pitch_of(samples: &[i16]) -> u32 {
        let pitches = (10..300).map(|tens| tens * 10);
        pitches.max_by(|a, b| strength(samples, f64::from(*a)).total_cmp(&strength(samples, f64::from(*b)))).unwrap()
    }

    #[test]
    fn each_tone_has_its_length_and_its_pitch() {
        let check = |tone, milliseconds: u32, pitch: u32| {
            let samples = synthesise(tone);
            assert_eq!(samples.len() as u32 * 1000 / SAMPLE_RATE, milliseconds, "{tone:?}");
            // The last 80 ms are the last note.
            let last = &samples[samples.len() - 3528..];
            assert!(pitch_of(last).abs_diff(pitch) <= 10, "{tone:?}: {}", pitch_of(last));
        };
        check(Tone::Good, 90, 1760);
        check(Tone::Refused, 380, 220);
        check(Tone::Attention, 460, 1175);
    }

    #[test]
    fn no_tone_is_cut_off_and_none_clicks() {
        for tone in TONES {
            let samples = synthesise(tone);
            let loudest = samples.iter().map(|sample| sample.unsigned_abs()).max().unwrap();
            assert!((8_000..20_000).contains(&loudest), "{tone:?}: {loudest}");
            assert_eq!((samples[0], samples[samples.len() - 1]), (0, 0), "{tone:?}");
            let mean = samples.iter().map(|sample| i64::from(*sample)).sum::<i64>() / samples.len() as i64;
            assert!(mean.abs() < 100, "{tone:?} leans to one side: {mean}");
        }
    }

    #[test]
    fn the_file_says_what_it_holds() {
        for tone in TONES {
            let file = wave_file(tone);
            let number = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap());
            assert_eq!((&file[..4], &file[8..16], &file[36..40]), (&b"RIFF"[..], &b"WAVEfmt "[..], &b"data"[..]));
            assert_eq!(number(4) as usize, file.len() - 8);
            assert_eq!(number(40) as usize, file.len() - 44);
            assert_eq!((number(24), number(28)), (SAMPLE_RATE, 2 * SAMPLE_RATE));
            let samples: Vec<i16> = file[44..].chunks(2).map(|b| i16::from_le_bytes([b[0], b[1]])).collect();
            assert_eq!(samples, synthesise(tone));
        }
    }
}
