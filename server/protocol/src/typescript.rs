//! Writes `web/protocol.d.ts` from the serde types, and fails when the committed file is another.

use std::any::TypeId;
use std::collections::{BTreeMap, HashSet};

use ts_rs::{Config, TS, TypeVisitor};

use crate::samples::compare_or_write;

const HEAD: &str = "\
// Generated from server/protocol; do not edit.
// UPDATE_GENERATED=1 cargo test -p protocol writes it anew.

";

#[test]
fn the_committed_typescript_is_what_the_rust_types_say() {
    let mut declarations = Declarations::new();
    declarations.visit::<crate::Event>();
    declarations.visit::<crate::Card>();
    declarations.visit::<crate::socket::Request>();
    declarations.visit::<crate::socket::Frame>();
    let text = HEAD.to_owned() + &declarations.by_name.into_values().collect::<Vec<_>>().join("\n");
    compare_or_write("../../web/protocol.d.ts", &text);
}

struct Declarations {
    config: Config,
    seen: HashSet<TypeId>,
    by_name: BTreeMap<String, String>,
}

impl Declarations {
    fn new() -> Self {
        let config = Config::new().with_large_int("number");
        Declarations { config, seen: HashSet::new(), by_name: BTreeMap::new() }
    }
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
        if T::output_path().is_some() {
            let docs = T::docs().unwrap_or_default();
            let declaration = format!("{docs}export {}\n", T::decl(&self.config));
            let former = self.by_name.insert(T::ident(&self.config), declaration.clone());
            assert!(
                former.is_none_or(|former| former == declaration),
                "two types have one name: {declaration}"
            );
        }
    }
}
