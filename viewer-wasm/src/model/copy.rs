//! What is copied, as text.

use dissect::Field;
use dissect::field::Kind;
use std::fmt::Write;

/// The bytes as one row of hexadecimal: `de ad be ef`.
pub fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 3);
    for (at, byte) in bytes.iter().enumerate() {
        let _ = write!(out, "{}{byte:02x}", if at == 0 { "" } else { " " });
    }
    out
}

/// The bytes as a dump with offsets and text, which the page and other tools read again.
pub fn dump(bytes: &[u8]) -> String {
    let layout = super::hex::Layout { len: bytes.len(), width: 16 };
    let lights = super::hex::Lights::default();
    let plain = |runs: &[super::hex::Run]| runs.iter().map(|run| run.text.as_str()).collect::<String>();
    let mut out = String::new();
    for line in 0..layout.lines() {
        let line = layout.line(bytes, line, &lights);
        let _ = writeln!(out, "{}  {:<48}  {}", line.offset, plain(&line.hex), plain(&line.text));
    }
    out
}

/// The bytes as an array in C.
pub fn c_array(name: &str, bytes: &[u8]) -> String {
    let mut out = format!("static const unsigned char {name}[{}] = {{\n", bytes.len());
    for row in bytes.chunks(12) {
        let row: Vec<String> = row.iter().map(|byte| format!("0x{byte:02x},")).collect();
        let _ = writeln!(out, "    {}", row.join(" "));
    }
    out.push_str("};\n");
    out
}

/// A display filter that holds where this field has this value.
pub fn filter(field: &Field, value: &str) -> String {
    let name = field.name;
    match field.show.kind {
        _ if value.is_empty() => name.to_owned(),
        Kind::None | Kind::Protocol => name.to_owned(),
        Kind::Boolean => {
            format!("{name} == {}", if matches!(value, "0" | "False" | "false") { "0" } else { "1" })
        }
        Kind::Text | Kind::Moment => format!("{name} == {}", quoted(value)),
        Kind::Bytes if !value.contains(':') => format!("{name} == {}", colons(value)),
        _ => format!("{name} == {value}"),
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for sign in text.chars() {
        match sign {
            '"' | '\\' => {
                out.push('\\');
                out.push(sign);
            }
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            sign => out.push(sign),
        }
    }
    out.push('"');
    out
}

fn colons(digits: &str) -> String {
    let digits: Vec<char> = digits.chars().filter(char::is_ascii_hexdigit).collect();
    let pairs: Vec<String> = digits.chunks(2).map(|pair| pair.iter().collect()).collect();
    pairs.join(":")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fields;

    #[test]
    fn bytes_are_copied_as_hexadecimal_dump_and_array() {
        let bytes: Vec<u8> = (0..18).collect();
        assert_eq!(hex(&bytes[..4]), "00 01 02 03");
        assert_eq!(hex(&[]), "");
        assert_eq!(
            dump(&bytes),
            "0000  00 01 02 03 04 05 06 07  08 09 0a 0b 0c 0d 0e 0f  ................\n\
             0010  10 11                                             ..\n"
        );
        assert_eq!(
            c_array("sctp_data", &bytes[..13]),
            "static const unsigned char sctp_data[13] = {\n    \
             0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b,\n    0x0c,\n};\n"
        );
    }

    #[test]
    fn a_filter_names_field_and_value() {
        let of = |name: &str, value: &str| {
            filter(fields::all().iter().find(|field| field.name == name).unwrap(), value)
        };
        assert_eq!(of("sctp.srcport", "2905"), "sctp.srcport == 2905");
        assert_eq!(of("sctp", ""), "sctp");
        assert_eq!(of("ip.src", "10.0.0.1"), "ip.src == 10.0.0.1");
        assert_eq!(of("sip.Method", "IN\"VITE"), "sip.Method == \"IN\\\"VITE\"");
        assert_eq!(of("sctp.data_e_bit", "True"), "sctp.data_e_bit == 1");
        assert_eq!(of("sctp.parameter_state_cookie", "dead00"), "sctp.parameter_state_cookie == de:ad:00");
    }
}
