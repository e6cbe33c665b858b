//! Handshake messages, RFC 8446, 4, and RFC 5246, 7.4: the hellos with their extensions; of the others, type and length.

use super::{Side, VERSIONS, say};
use crate::header::U24;
use crate::tree::Item;
use crate::{Codes, Cx, Field, Malformed, Out, Show, codes, fields, header};

/// How long a message may be that goes on in further records. What says more is taken for encrypted.
pub(super) const MOST_MESSAGE: usize = 1 << 17;

codes! {
    /// What a handshake message is, RFC 8446, 4.
    pub MessageType: u8, MESSAGE_TYPES, "Unknown" {
        /// The server asks to begin anew, until TLS 1.2.
        HELLO_REQUEST = 0, "Hello Request";
        /// What the client can do.
        CLIENT_HELLO = 1, "Client Hello";
        /// What the server chose.
        SERVER_HELLO = 2, "Server Hello";
        /// A ticket to go on with later.
        NEW_SESSION_TICKET = 4, "New Session Ticket";
        /// The end of early data.
        END_OF_EARLY_DATA = 5, "End of Early Data";
        /// The server asks for another hello, in drafts of TLS 1.3.
        HELLO_RETRY_REQUEST = 6, "Hello Retry Request";
        /// Extensions that need no longer be in clear.
        ENCRYPTED_EXTENSIONS = 8, "Encrypted Extensions";
        /// Certificates.
        CERTIFICATE = 11, "Certificate";
        /// The server's part of the key, until TLS 1.2.
        SERVER_KEY_EXCHANGE = 12, "Server Key Exchange";
        /// The server asks for a certificate.
        CERTIFICATE_REQUEST = 13, "Certificate Request";
        /// The server has said all, until TLS 1.2.
        SERVER_HELLO_DONE = 14, "Server Hello Done";
        /// The proof of having the certificate's key.
        CERTIFICATE_VERIFY = 15, "Certificate Verify";
        /// The client's part of the key, until TLS 1.2.
        CLIENT_KEY_EXCHANGE = 16, "Client Key Exchange";
        /// The end of the handshake.
        FINISHED = 20, "Finished";
        /// Where the certificates are, RFC 6066, 5.
        CERTIFICATE_URL = 21, "Certificate URL";
        /// Whether a certificate was revoked, RFC 6066, 8.
        CERTIFICATE_STATUS = 22, "Certificate Status";
        /// Data of applications, RFC 4680.
        SUPPLEMENTAL_DATA = 23, "Supplemental Data";
        /// Other keys follow.
        KEY_UPDATE = 24, "Key Update";
        /// Certificates, compressed, RFC 8879.
        COMPRESSED_CERTIFICATE = 25, "Compressed Certificate";
    }
}

static EXTENSION_TYPES: Codes = Codes {
    unknown: "Unknown",
    names: &[
        (0, "server_name"),
        (1, "max_fragment_length"),
        (5, "status_request"),
        (10, "supported_groups"),
        (11, "ec_point_formats"),
        (13, "signature_algorithms"),
        (14, "use_srtp"),
        (15, "heartbeat"),
        (16, "application_layer_protocol_negotiation"),
        (18, "signed_certificate_timestamp"),
        (21, "padding"),
        (22, "encrypt_then_mac"),
        (23, "extended_master_secret"),
        (27, "compress_certificate"),
        (28, "record_size_limit"),
        (35, "session_ticket"),
        (41, "pre_shared_key"),
        (42, "early_data"),
        (SUPPORTED_VERSIONS as u64, "supported_versions"),
        (44, "cookie"),
        (45, "psk_key_exchange_modes"),
        (47, "certificate_authorities"),
        (49, "post_handshake_auth"),
        (50, "signature_algorithms_cert"),
        (51, "key_share"),
        (65281, "renegotiation_info"),
    ],
};

/// RFC 6066, 3.
const SERVER_NAME: u16 = 0;
/// RFC 8446, 4.2.1.
const SUPPORTED_VERSIONS: u16 = 43;

fields! {
    /// A handshake message, or what a record has of one.
    pub(super) GROUP = "tls.handshake", "Handshake Protocol", Show::group().repeats().write(write_message), "RFC 8446, 4";
    /// What the message is.
    TYPE = "tls.handshake.type", "Handshake Type", Show::u8().codes(&MESSAGE_TYPES), "RFC 8446, 4";
    /// How long the message is.
    LENGTH = "tls.handshake.length", "Length", Show::u24(), "RFC 8446, 4";
    /// What the message says, where it is no hello.
    BODY = "tls.handshake.body", "Handshake Message", Show::bytes(), "RFC 8446, 4";
    /// The version that the client offers or the server chose; since TLS 1.3 an extension says it.
    VERSION = "tls.handshake.version", "Version", Show::u16().hex().codes(&VERSIONS), "RFC 8446, 4.1.2";
    /// Random bytes that keys are made of.
    RANDOM = "tls.handshake.random", "Random", Show::bytes(), "RFC 8446, 4.1.2";
    /// How long the identifier of the session is.
    SESSION_LENGTH = "tls.handshake.session_id_length", "Session ID Length", Show::u8(), "RFC 8446, 4.1.2";
    /// The identifier of the session.
    SESSION = "tls.handshake.session_id", "Session ID", Show::bytes(), "RFC 8446, 4.1.2";
    /// How many bytes the list of cipher suites has.
    SUITES_LENGTH = "tls.handshake.cipher_suites_length", "Cipher Suites Length", Show::u16(), "RFC 8446, 4.1.2";
    /// The cipher suites that the client offers.
    SUITES = "tls.handshake.ciphersuites", "Cipher Suites", Show::group(), "RFC 8446, 4.1.2";
    /// A cipher suite: its number in IANA's registry.
    SUITE = "tls.handshake.ciphersuite", "Cipher Suite", Show::u16().hex().repeats(), "RFC 8446, 4.1.2";
    /// How many ways of compression the client offers.
    COMPRESSIONS_LENGTH = "tls.handshake.comp_methods_length", "Compression Methods Length", Show::u8(), "RFC 5246, 7.4.1.2";
    /// The ways of compression that the client offers.
    COMPRESSIONS = "tls.handshake.comp_methods", "Compression Methods", Show::group(), "RFC 5246, 7.4.1.2";
    /// A way of compression: 0 is none.
    COMPRESSION = "tls.handshake.comp_method", "Compression Method", Show::u8().repeats(), "RFC 5246, 7.4.1.2";
    /// How many bytes the extensions have.
    EXTENSIONS_LENGTH = "tls.handshake.extensions_length", "Extensions Length", Show::u16(), "RFC 8446, 4.2";
    /// An extension.
    EXTENSION = "tls.handshake.extension", "Extension", Show::group().repeats().write(write_extension), "RFC 8446, 4.2";
    /// What the extension is.
    EXTENSION_TYPE = "tls.handshake.extension.type", "Type", Show::u16().codes(&EXTENSION_TYPES), "RFC 8446, 4.2";
    /// How many bytes the extension has.
    EXTENSION_LENGTH = "tls.handshake.extension.len", "Length", Show::u16(), "RFC 8446, 4.2";
    /// What the extension says.
    EXTENSION_DATA = "tls.handshake.extension.data", "Data", Show::bytes(), "RFC 8446, 4.2";
    /// How many bytes the list of names has.
    NAMES_LENGTH = "tls.handshake.extensions_server_name_list_len", "Server Name list length", Show::u16(), "RFC 6066, 3";
    /// What the name is: 0 is a host.
    NAME_TYPE = "tls.handshake.extensions_server_name_type", "Server Name Type", Show::u8(), "RFC 6066, 3";
    /// How long the name is.
    NAME_LENGTH = "tls.handshake.extensions_server_name_len", "Server Name length", Show::u16(), "RFC 6066, 3";
    /// The name of the server that the client means.
    NAME = "tls.handshake.extensions_server_name", "Server Name", Show::text(), "RFC 6066, 3";
    /// How many bytes the list of versions has.
    VERSIONS_LENGTH = "tls.handshake.extensions.supported_versions_len", "Supported Versions length", Show::u8(), "RFC 8446, 4.2.1";
    /// A version that the client can speak, or the one that the server chose.
    SUPPORTED_VERSION = "tls.handshake.extensions.supported_version", "Supported Version",
        Show::u16().hex().codes(&VERSIONS).repeats(), "RFC 8446, 4.2.1";
}

header! {
    /// The header of a handshake message.
    pub struct Header {
        /// What the message is: a [`MessageType`].
        pub message_type: u8 => TYPE,
        /// How long the message is.
        pub length: U24 => LENGTH,
    }
}

/// In the value of a group beside the type: a part of a message, with its begin.
const BEGIN: u64 = 1 << 8;
/// A part of a message, without its begin.
const REST: u64 = 1 << 9;
/// Encrypted; or a part of a message that began in other bytes, which looks the same.
const ENCRYPTED: u64 = 1 << 10;

/// Adds the messages of a record, whose last `absent` bytes are not there.
pub(super) fn dissect(cx: &mut Cx<'_>, body: &[u8], absent: usize, side: &mut Side) {
    let (own, mut rest) = body.split_at_checked(side.missing).unwrap_or((body, &[]));
    if !own.is_empty() {
        cx.group_with(&GROUP, own, REST, |cx| cx.leaf(&BODY, own, 0));
        side.missing -= own.len();
    }
    if !rest.is_empty() && (side.changed || !is_clear(rest)) {
        cx.leaf(&GROUP, rest, ENCRYPTED);
        return say(cx, "Encrypted Handshake Message");
    }
    while let Some((kind, len)) = begin(rest) {
        let message = rest.get(..len).unwrap_or(rest);
        let name = MessageType(kind).name().unwrap_or("Handshake");
        if len > rest.len() + absent {
            side.missing = len - rest.len();
            cx.group_with(&GROUP, rest, BEGIN | u64::from(kind), |cx| {
                if let Some((_, rest)) = Header::dissect(cx, rest) {
                    cx.leaf(&BODY, rest, 0);
                }
            });
            say(cx, "[");
            if let Some(info) = cx.info() {
                info.str(name).str(" Fragment]");
            }
            return;
        }
        say(cx, name);
        cx.group_with(&GROUP, message, kind.into(), |cx| dissect_message(cx, message, side));
        rest = rest.get(len..).unwrap_or(&[]);
    }
}

/// The type of the first message and its length with its header: of a header that ends in the bytes, at least its own.
fn begin(bytes: &[u8]) -> Option<(u8, usize)> {
    let length = Header::parse(bytes).map_or(0, |(_, header)| header.length.0 as usize);
    bytes.first().map(|kind| (*kind, Header::LEN + length))
}

/// Whether a record has messages in clear: known ones, one behind the other, the last of which may go on elsewhere.
fn is_clear(body: &[u8]) -> bool {
    let mut rest = body;
    while let Some((kind, len)) = begin(rest) {
        // What encryption begins with is often zero.
        let alone = MessageType(kind) != MessageType::HELLO_REQUEST || body.len() == len;
        if MessageType(kind).name().is_none() || !alone || len > Header::LEN + MOST_MESSAGE {
            return false;
        }
        rest = rest.get(len..).unwrap_or(&[]);
    }
    true
}

fn dissect_message(cx: &mut Cx<'_>, bytes: &[u8], side: &mut Side) {
    let Some((header, body)) = Header::dissect(cx, bytes) else { return };
    let length = bytes.get(1..Header::LEN).unwrap_or(&[]);
    cx.limited(&LENGTH, length, |cx| match MessageType(header.message_type) {
        MessageType::CLIENT_HELLO => {
            dissect_hello(cx, body, true);
        }
        MessageType::SERVER_HELLO => side.chosen = dissect_hello(cx, body, false),
        _ if body.is_empty() => {}
        _ => cx.leaf(&BODY, body, 0),
    });
}

/// Splits off so many bytes for a field; a malformed node where there are fewer.
fn take<'b>(
    cx: &mut Cx<'_>,
    field: &'static Field,
    bytes: &'b [u8],
    len: usize,
) -> Option<(&'b [u8], &'b [u8])> {
    let found = bytes.split_at_checked(len);
    if found.is_none() {
        cx.malformed(bytes, Malformed::short(field, 0, len, bytes.len()));
    }
    found
}

/// Adds a number of so many bytes. Answers it, and what follows.
fn number<'b>(
    cx: &mut Cx<'_>,
    field: &'static Field,
    bytes: &'b [u8],
    len: usize,
) -> Option<(u16, &'b [u8])> {
    let (own, rest) = take(cx, field, bytes, len)?;
    let value = header::number(own);
    cx.leaf(field, own, value);
    Some((value as u16, rest))
}

/// Adds bytes with their length, a number of so many bytes, before them. Answers what follows.
fn counted<'b>(
    cx: &mut Cx<'_>,
    (length, size): (&'static Field, usize),
    field: &'static Field,
    bytes: &'b [u8],
    body: impl FnOnce(&mut Cx<'_>, &[u8]),
) -> Option<&'b [u8]> {
    let (count, rest) = number(cx, length, bytes, size)?;
    let (own, rest) = take(cx, field, rest, count.into())?;
    body(cx, own);
    Some(rest)
}

/// Adds numbers of so many bytes each.
fn numbers(cx: &mut Cx<'_>, field: &'static Field, bytes: &[u8], size: usize) {
    if cx.showing() {
        bytes.chunks_exact(size).for_each(|own| {
            number(cx, field, own, size);
        });
    }
}

/// Adds a hello. Answers the version that its server chose, where an extension says it.
fn dissect_hello(cx: &mut Cx<'_>, bytes: &[u8], client: bool) -> Option<u16> {
    let (_, rest) = number(cx, &VERSION, bytes, 2)?;
    let (random, rest) = take(cx, &RANDOM, rest, 32)?;
    cx.leaf(&RANDOM, random, 0);
    let rest = counted(cx, (&SESSION_LENGTH, 1), &SESSION, rest, |cx, own| {
        if !own.is_empty() {
            cx.leaf(&SESSION, own, 0);
        }
    })?;
    let rest = if client {
        let rest = counted(cx, (&SUITES_LENGTH, 2), &SUITES, rest, |cx, own| {
            cx.group(&SUITES, own, |cx| numbers(cx, &SUITE, own, 2));
        })?;
        counted(cx, (&COMPRESSIONS_LENGTH, 1), &COMPRESSIONS, rest, |cx, own| {
            cx.group(&COMPRESSIONS, own, |cx| numbers(cx, &COMPRESSION, own, 1));
        })?
    } else {
        let (_, rest) = number(cx, &SUITE, rest, 2)?;
        number(cx, &COMPRESSION, rest, 1)?.1
    };
    if rest.is_empty() {
        return None;
    }
    let (length, rest) = number(cx, &EXTENSIONS_LENGTH, rest, 2)?;
    let mut rest = rest.get(..length.into()).unwrap_or(rest);
    let mut chosen = None;
    while !rest.is_empty() {
        let len = match *rest {
            [_, _, high, low, ..] => 4 + usize::from(u16::from_be_bytes([high, low])),
            _ => rest.len(),
        };
        let own;
        (own, rest) = rest.split_at_checked(len).unwrap_or((rest, &[]));
        cx.group(&EXTENSION, own, |cx| {
            let version = dissect_extension(cx, own, client);
            chosen = chosen.or(version);
        });
    }
    chosen
}

/// Adds an extension. Answers the version that it says the server chose.
fn dissect_extension(cx: &mut Cx<'_>, bytes: &[u8], client: bool) -> Option<u16> {
    let (kind, rest) = number(cx, &EXTENSION_TYPE, bytes, 2)?;
    let (length, rest) = number(cx, &EXTENSION_LENGTH, rest, 2)?;
    let (own, _) = take(cx, &EXTENSION_DATA, rest, length.into())?;
    match kind {
        SERVER_NAME if !own.is_empty() => {
            let (_, rest) = number(cx, &NAMES_LENGTH, own, 2)?;
            let (_, rest) = number(cx, &NAME_TYPE, rest, 1)?;
            counted(cx, (&NAME_LENGTH, 2), &NAME, rest, |cx, own| cx.leaf(&NAME, own, 0))?;
        }
        SUPPORTED_VERSIONS if client => {
            counted(cx, (&VERSIONS_LENGTH, 1), &SUPPORTED_VERSION, own, |cx, own| {
                numbers(cx, &SUPPORTED_VERSION, own, 2);
            })?;
        }
        SUPPORTED_VERSIONS => return number(cx, &SUPPORTED_VERSION, own, 2).map(|(version, _)| version),
        _ if own.is_empty() => {}
        _ => cx.leaf(&EXTENSION_DATA, own, 0),
    }
    None
}

/// Writes what a message is.
pub(super) fn write_message(item: Item<'_>, out: &mut Out) {
    out.str(": ");
    match item.node.value {
        ENCRYPTED => out.str("Encrypted Handshake Message"),
        REST => out.str("continued"),
        kind => {
            out.str(MESSAGE_TYPES.name_or_unknown(kind & 0xff));
            out.str(if kind & BEGIN == 0 { "" } else { " (fragment)" })
        }
    };
}

/// Writes what an extension is, and its length.
fn write_extension(item: Item<'_>, out: &mut Out) {
    let [kind, length] = item.numbers([&EXTENSION_TYPE, &EXTENSION_LENGTH]);
    if let (Some(kind), Some(length)) = (kind, length) {
        out.str(": ").str(EXTENSION_TYPES.name_or_unknown(kind)).str(" (len=").dec(length).str(")");
    }
}
