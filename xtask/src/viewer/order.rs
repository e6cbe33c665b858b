//! Puts a module's functions into the order of their bytes. gzip looks back 32 KiB: functions that are alike, such as one for
//! each of several types, must stand near each other to be packed as one.

use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{CodeSectionReader, FunctionSectionReader, Parser, Payload, TypeRef};

/// The module with its functions in that order.
pub(super) fn order(module: &[u8]) -> Result<Vec<u8>, String> {
    let (mut imported, mut bodies) = (0, Vec::new());
    for payload in Parser::new(0).parse_all(module) {
        match payload.map_err(|error| error.to_string())? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    let import = import.map_err(|error| error.to_string())?;
                    imported += u32::from(matches!(import.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.as_bytes()),
            _ => {}
        }
    }
    let mut order: Vec<usize> = (0..bodies.len()).collect();
    order.sort_by_key(|at| bodies[*at]);
    let mut places = vec![0; order.len()];
    for (place, at) in (imported..).zip(&order) {
        places[*at] = place;
    }
    let mut ordered = Module::new();
    let mut to = Ordered { imported, order, places };
    to.parse_core_module(&mut ordered, Parser::new(0), module).map_err(|error| error.to_string())?;
    Ok(ordered.finish())
}

/// Writes a module with its functions in another order.
struct Ordered {
    /// How many functions are imported: they come first and stay.
    imported: u32,
    /// Which function stands at each place.
    order: Vec<usize>,
    /// The index that each function gets.
    places: Vec<u32>,
}

impl Reencode for Ordered {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, index: u32) -> Result<u32, Error<Self::Error>> {
        let own = index.checked_sub(self.imported).and_then(|own| self.places.get(own as usize));
        Ok(own.copied().unwrap_or(index))
    }
    fn parse_function_section(
        &mut self,
        to: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        let types = section.into_iter().collect::<Result<Vec<u32>, _>>()?;
        for at in &self.order {
            to.function(types[*at]);
        }
        Ok(())
    }
    fn parse_code_section(
        &mut self,
        to: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        let bodies = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        for at in self.order.clone() {
            self.parse_function_body(to, bodies[at].clone())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `(func $c (export "c") call $b) (func $b call $a)` and `(func $a)` with an import before them: what is called and
    /// exported stays the same function.
    #[test]
    fn functions_keep_their_callers() {
        let module = [
            &b"\0asm\x01\0\0\0"[..],
            &[1, 4, 1, 0x60, 0, 0],             // type: nothing to nothing
            &[2, 7, 1, 1, b'm', 1, b'f', 0, 0], // an imported function: 0
            &[3, 4, 3, 0, 0, 0],                // functions 1, 2 and 3
            &[7, 5, 1, 1, b'c', 0, 1],          // function 1 is exported
            &[10, 14, 3, 4, 0, 0x10, 2, 0x0b, 4, 0, 0x10, 3, 0x0b, 2, 0, 0x0b],
        ];
        let ordered = order(&module.concat()).unwrap();
        // By their bytes: the empty function, the one that calls 2, the one that calls 3.
        let behind = &ordered[ordered.len() - 16..];
        assert_eq!(behind, [10, 14, 3, 2, 0, 0x0b, 4, 0, 0x10, 3, 0x0b, 4, 0, 0x10, 1, 0x0b]);
        assert!(ordered.windows(7).any(|part| part == [7, 5, 1, 1, b'c', 0, 2]));
    }
}
