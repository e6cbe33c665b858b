//! Where a field is specified, as a link: `RFC 9260, 3.2` leads to that section.

/// A piece of a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it says.
    pub text: String,
    /// Where it leads.
    pub to: Option<String>,
}

/// The pieces of a reference, separated by `; `.
pub fn parts(section: &str) -> Vec<Part> {
    section.split("; ").map(|text| Part { text: text.to_owned(), to: target(text) }).collect()
}

fn target(text: &str) -> Option<String> {
    let (document, place) =
        text.split_once(", ").map_or((text, None), |(document, place)| (document, Some(place)));
    if document.starts_with("draft-")
        && document.bytes().all(|byte| byte == b'-' || byte.is_ascii_alphanumeric())
    {
        return Some(format!("https://datatracker.ietf.org/doc/html/{document}"));
    }
    let number = document.strip_prefix("RFC ")?;
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let page = format!("https://www.rfc-editor.org/rfc/rfc{number}");
    let plain = |place: &str| place.bytes().all(|byte| byte == b'.' || byte.is_ascii_alphanumeric());
    Some(match place {
        Some(place) if place.starts_with(|sign: char| sign.is_ascii_digit()) && plain(place) => {
            format!("{page}#section-{place}")
        }
        Some(place) => match place.strip_prefix("Appendix ").or((place.len() == 1).then_some(place)) {
            Some(letter) if plain(letter) => format!("{page}#appendix-{letter}"),
            _ => page,
        },
        None => page,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_lead_where_they_stand() {
        let to = |section: &str| parts(section).remove(0).to.unwrap_or_default();
        assert_eq!(to("RFC 9260, 3.2"), "https://www.rfc-editor.org/rfc/rfc9260#section-3.2");
        assert_eq!(to("RFC 791"), "https://www.rfc-editor.org/rfc/rfc791");
        assert_eq!(to("RFC 3168, Appendix B"), "https://www.rfc-editor.org/rfc/rfc3168#appendix-B");
        assert_eq!(to("RFC 862, Packet format"), "https://www.rfc-editor.org/rfc/rfc862");
        assert_eq!(
            to("draft-stewart-sctp-pktdrprep, 2"),
            "https://datatracker.ietf.org/doc/html/draft-stewart-sctp-pktdrprep"
        );
        assert_eq!(to("IEEE 802.3, 3.2.3"), "");
        assert_eq!(to("RFC x\"onclick=, 3"), "");
        assert_eq!(
            parts("RFC 1, 2; RFC 3, 4")[1].to.as_deref(),
            Some("https://www.rfc-editor.org/rfc/rfc3#section-4")
        );
    }

    #[test]
    fn every_rfc_of_the_fields_has_a_link() {
        for field in crate::model::fields::all() {
            for part in parts(field.section) {
                let linked = part.text.starts_with("RFC ") || part.text.starts_with("draft-");
                assert_eq!(part.to.is_some(), linked, "{}: {}", field.name, part.text);
            }
        }
    }
}
