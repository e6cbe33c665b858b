//! Colours of the rules, fit for both themes: text stays readable on its row.

/// A colour: red, green, blue.
pub type Rgb = [u8; 3];

/// The least contrast of text: WCAG 2.2, 1.4.3.
pub const LEAST_CONTRAST: f64 = 4.5;
/// The surface rows are mixed into in the dark theme.
const DARK: Rgb = [0x17, 0x1a, 0x21];

/// Reads `#rrggbb`.
pub fn parse(text: &str) -> Option<Rgb> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
    Some([part(0)?, part(2)?, part(4)?])
}

/// Writes `#rrggbb`.
pub fn print([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// The relative luminance, from 0 to 1: WCAG 2.2.
fn luminance(colour: Rgb) -> f64 {
    let [red, green, blue] = colour.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// The contrast of two colours, from 1 to 21.
pub fn contrast(one: Rgb, other: Rgb) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn mix(one: Rgb, other: Rgb, share: f64) -> Rgb {
    std::array::from_fn(|at| {
        (f64::from(one[at]) * share + f64::from(other[at]) * (1.0 - share)).round() as u8
    })
}

/// The text and row colours of a rule in a theme. In the light one they are the rule's own, in the dark one the row is the
/// rule's hue over the dark surface; text that would be hard to read goes towards black or white.
pub fn fit(text: Rgb, row: Rgb, dark: bool) -> (Rgb, Rgb) {
    // A rule that is dark already, such as white on red, is a warning: it keeps its row.
    let bright = luminance(row) > 0.18;
    let (text, row) = match (dark, bright) {
        (true, true) => (mix(row, [0xff; 3], 0.35), mix(saturated(row), DARK, 0.20)),
        _ => (text, row),
    };
    let goal = if contrast([0; 3], row) > contrast([0xff; 3], row) { [0; 3] } else { [0xff; 3] };
    let fit = (0..=10)
        .map(|step| mix(goal, text, f64::from(step) / 10.0))
        .find(|&text| contrast(text, row) >= LEAST_CONTRAST);
    (fit.unwrap_or(goal), row)
}

/// The colour with its hue brought out: pastels would all become the same grey over a dark surface.
fn saturated(colour: Rgb) -> Rgb {
    let (least, most) = (colour.into_iter().min().unwrap_or(0), colour.into_iter().max().unwrap_or(0));
    if most - least < 8 {
        return colour;
    }
    let (low, range) = (f64::from(least) * 0.8, f64::from(most) - f64::from(least) * 0.8);
    colour.map(|part| ((f64::from(part) - low) / range * f64::from(most)).round().clamp(0.0, 255.0) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_that_of_wcag() {
        assert!((contrast([0; 3], [0xff; 3]) - 21.0).abs() < 1e-9);
        assert!((contrast([0x77; 3], [0xff; 3]) - 4.48).abs() < 0.01);
        assert_eq!(parse("#12272e"), Some([0x12, 0x27, 0x2e]));
        assert_eq!(
            (parse("12272e"), parse("#12272"), parse("#12g72e"), parse("#1é272")),
            (None, None, None, None)
        );
        assert_eq!(print([1, 0x20, 255]), "#0120ff");
    }

    #[test]
    fn text_is_readable_on_every_row_in_both_themes() {
        let steps = [0, 0x40, 0x80, 0xa4, 0xe4, 0xff];
        let all = || {
            steps.into_iter().flat_map(move |red| {
                steps.into_iter().flat_map(move |green| steps.map(|blue| [red, green, blue]))
            })
        };
        for row in all() {
            for text in [[0x12, 0x27, 0x2e], [0xff; 3], [0xf7, 0x87, 0x87], [0x80; 3]] {
                for dark in [false, true] {
                    let (text, row) = fit(text, row, dark);
                    assert!(contrast(text, row) >= LEAST_CONTRAST, "{text:?} on {row:?}");
                }
            }
        }
    }

    #[test]
    fn the_light_theme_keeps_the_rules_colours() {
        let (text, row) = ([0x12, 0x27, 0x2e], [0xe7, 0xe6, 0xff]);
        assert_eq!(fit(text, row, false), (text, row));
        let (text, row) = fit(text, row, true);
        assert!(luminance(row) < 0.1 && luminance(text) > 0.4);
        // White on dark red stays what it is in both.
        assert_eq!(fit([0xff, 0xfc, 0x9c], [0xa4, 0, 0], true), ([0xff, 0xfc, 0x9c], [0xa4, 0, 0]));
    }
}
