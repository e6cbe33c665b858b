//! The method of a request, as a number, RFC 3261, 7.1.

use super::start_line::METHODS;

/// A method: one of the registered ones, or any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Method(u8);

impl Method {
    /// INVITE, RFC 3261, 13.
    pub const INVITE: Method = Method(0);
    /// ACK, RFC 3261, 13.
    pub const ACK: Method = Method(1);
    /// BYE, RFC 3261, 15.
    pub const BYE: Method = Method(2);
    /// CANCEL, RFC 3261, 9.
    pub const CANCEL: Method = Method(3);
    /// REGISTER, RFC 3261, 10.
    pub const REGISTER: Method = Method(4);
    /// A method that is not registered.
    pub const OTHER: Method = Method(u8::MAX);

    /// The method of this name.
    pub fn of(name: &[u8]) -> Method {
        Method(match name {
            b"INVITE" => 0,
            b"ACK" => 1,
            b"BYE" => 2,
            b"CANCEL" => 3,
            b"REGISTER" => 4,
            b"OPTIONS" => 5,
            _ => {
                let rare = METHODS.iter().position(|known| known.as_bytes() == name);
                return rare.map_or(Method::OTHER, |at| Method(at as u8));
            }
        })
    }
    /// Its name; empty for one that is not registered.
    pub fn name(self) -> &'static str {
        METHODS.get(usize::from(self.0)).copied().unwrap_or("")
    }
    /// Its place in [`METHODS`]; none for one that is not registered.
    pub(super) fn index(self) -> Option<usize> {
        Some(usize::from(self.0)).filter(|at| *at < METHODS.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registered_methods_are_known_by_name() {
        for (at, name) in METHODS.iter().enumerate() {
            let method = Method::of(name.as_bytes());
            assert_eq!((method.index(), method.name()), (Some(at), *name));
        }
        assert_eq!(
            (Method::of(b"invite"), Method::OTHER.index(), Method::OTHER.name()),
            (Method::OTHER, None, "")
        );
    }
}
