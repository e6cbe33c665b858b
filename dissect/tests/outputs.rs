//! The outputs: exact for every kind and shape of field, well-formed for any packet.

mod outputs {
    mod captures;
    mod columns;
    mod schema;
    mod shapes;
}
