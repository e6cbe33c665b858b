use crate::capture::LinkType;
use crate::testing::{summary, survives, tree};
