//! Names of values.

/// The names of a number's values, sorted by value.
#[derive(Debug)]
pub struct Codes {
    /// What is said of a value without a name: `Unknown`, `Reserved`.
    pub unknown: &'static str,
    /// Value and name, in ascending order of value.
    pub names: &'static [(u64, &'static str)],
}

impl Codes {
    /// The name of a value.
    pub fn name(&self, value: u64) -> Option<&'static str> {
        match self.names.get(value as usize) {
            Some((at, name)) if *at == value => Some(name),
            _ => {
                let at = self.names.binary_search_by_key(&value, |row| row.0).ok()?;
                self.names.get(at).map(|row| row.1)
            }
        }
    }
    /// The name of a value, or the word for unknown ones.
    pub fn name_or_unknown(&self, value: u64) -> &'static str {
        self.name(value).unwrap_or(self.unknown)
    }
}

/// Declares a number with named values as a type of its own, and the [`Codes`] a field shows.
///
/// ```
/// use dissect::codes;
/// codes! {
///     /// The kind of a toy.
///     pub ToyType: u8, TOY_TYPES, "Unknown" {
///         /// A ball.
///         BALL = 0, "BALL";
///         /// A kite.
///         KITE = 7, "KITE";
///     }
/// }
/// assert_eq!(ToyType::KITE.name(), Some("KITE"));
/// assert_eq!(ToyType(3).name(), None);
/// ```
#[macro_export]
macro_rules! codes {
    ($(#[$meta:meta])* $vis:vis $id:ident: $int:ty, $codes:ident, $unknown:literal {
        $($(#[$doc:meta])+ $code:ident = $value:literal, $name:literal;)*
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        $vis struct $id(pub $int);
        impl $id {
            $($(#[$doc])+ pub const $code: $id = $id($value);)*
            /// The name of the value, if it has one.
            pub fn name(self) -> Option<&'static str> {
                $codes.name(u64::from(self.0))
            }
        }
        #[doc = concat!("The names of [`", stringify!($id), "`].")]
        $vis static $codes: $crate::Codes = $crate::Codes { unknown: $unknown, names: &[$(($value, $name)),*] };
    };
}
