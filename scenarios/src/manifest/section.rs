//! Reads TOML so that every mistake is found in one pass, each with its line.
//!
//! A [`Page`] is the file, a [`Section`] one table of it. A section remembers which
//! keys it was asked for; what is left in the end is unknown. A value that is missing
//! or of the wrong type becomes a fault and a default, so that reading goes on.

use std::cell::RefCell;
use std::ops::Range;

use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Fault, Level};

/// One file, and what is wrong with it so far.
pub struct Page<'a> {
    file: &'a str,
    text: &'a str,
    faults: RefCell<Vec<Fault>>,
}

impl<'a> Page<'a> {
    /// A file that nothing is known against yet.
    pub fn new(file: &'a str, text: &'a str) -> Self {
        Page { file, text, faults: RefCell::default() }
    }

    /// Notes a mistake at a place in the file.
    pub fn fault(&self, span: Range<usize>, what: impl Into<String>, remedy: impl Into<String>) {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        self.faults.borrow_mut().push(Fault {
            file: self.file.into(),
            line: Some(1 + before.matches('\n').count()),
            level: Level::Error,
            what: what.into(),
            remedy: remedy.into(),
        });
    }

    /// All mistakes, by line.
    pub fn into_faults(self) -> Vec<Fault> {
        let mut faults = self.faults.into_inner();
        faults.sort_by_key(|fault| fault.line);
        faults
    }
}

/// A TOML value of a known type.
pub trait Typed: Sized + Default {
    /// What it is called in a fault.
    const WANTED: &'static str;
    /// The value, if it is of the type.
    fn read(value: &DeValue<'_>) -> Option<Self>;
}

impl Typed for String {
    const WANTED: &'static str = "a text in quotes";
    fn read(value: &DeValue<'_>) -> Option<Self> {
        value.as_str().map(str::to_owned)
    }
}

impl Typed for i64 {
    const WANTED: &'static str = "a whole number";
    fn read(value: &DeValue<'_>) -> Option<Self> {
        value.as_integer().and_then(|n| i64::from_str_radix(n.as_str(), n.radix()).ok())
    }
}

impl Typed for u64 {
    const WANTED: &'static str = "a whole number that is not negative";
    fn read(value: &DeValue<'_>) -> Option<Self> {
        i64::read(value).and_then(|n| n.try_into().ok())
    }
}

impl Typed for f64 {
    const WANTED: &'static str = "a number";
    fn read(value: &DeValue<'_>) -> Option<Self> {
        let float = || value.as_float().and_then(|x| x.as_str().parse().ok()).filter(|x: &f64| x.is_finite());
        float().or_else(|| i64::read(value).map(|n| n as f64))
    }
}

impl Typed for bool {
    const WANTED: &'static str = "true or false";
    fn read(value: &DeValue<'_>) -> Option<Self> {
        value.as_bool()
    }
}

impl Typed for Vec<String> {
    const WANTED: &'static str = "a list of texts";
    fn read(value: &DeValue<'_>) -> Option<Self> {
        value.as_array()?.iter().map(|item| String::read(item.get_ref())).collect()
    }
}

impl Typed for Value {
    const WANTED: &'static str = "a text, a number, true or false";
    fn read(value: &DeValue<'_>) -> Option<Self> {
        None.or_else(|| String::read(value).map(Value::from))
            .or_else(|| bool::read(value).map(Value::from))
            .or_else(|| i64::read(value).map(Value::from))
            .or_else(|| f64::read(value).map(Value::from))
    }
}

/// One table of the file.
pub struct Section<'a> {
    page: &'a Page<'a>,
    span: Range<usize>,
    table: &'a DeTable<'a>,
    asked: RefCell<Vec<&'a str>>,
}

impl<'a> Section<'a> {
    /// The table, to be asked for its keys.
    pub fn new(page: &'a Page<'a>, span: Range<usize>, table: &'a DeTable<'a>) -> Self {
        Section { page, span, table, asked: RefCell::default() }
    }

    /// Whether the key is there.
    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// The value, or a fault and the type's default.
    pub fn required<T: Typed>(&self, key: &'static str) -> T {
        if !self.has(key) {
            self.fault(format!("`{key}` is missing"), format!("add `{key} = …`, {}", T::WANTED));
        }
        self.optional(key).unwrap_or_default()
    }

    /// The value, if it is there; a fault if it is of the wrong type.
    pub fn optional<T: Typed>(&self, key: &'static str) -> Option<T> {
        let value = self.value(key)?;
        let read = T::read(value.get_ref());
        if read.is_none() {
            self.fault_at(key, format!("`{key}` is {}", name_of(value)), format!("give {}", T::WANTED));
        }
        read
    }

    /// The table under that key; a fault if it is something else.
    pub fn section(&self, key: &'static str) -> Option<Section<'a>> {
        self.value(key).and_then(|value| self.as_section(key, value))
    }

    /// The tables under that key, as `[[key]]` makes them.
    pub fn sections(&self, key: &'static str) -> Vec<Section<'a>> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let Some(list) = value.get_ref().as_array() else {
            self.fault_at(key, format!("`{key}` is {}", name_of(value)), format!("write `[[{key}]]`"));
            return Vec::new();
        };
        list.iter().filter_map(|item| self.as_section(key, item)).collect()
    }

    /// Every key with its value, whatever they are called; a fault for each of the wrong type.
    pub fn entries<T: Typed>(&self) -> Vec<(&'a str, Range<usize>, T)> {
        let mut entries = Vec::new();
        for (key, value) in self.table {
            let name: &str = key.get_ref();
            if self.asked.borrow().contains(&name) {
                continue;
            }
            self.asked.borrow_mut().push(name);
            match T::read(value.get_ref()) {
                Some(read) => entries.push((name, key.span(), read)),
                None => self.page.fault(
                    value.span(),
                    format!("`{name}` is {}", name_of(value)),
                    format!("give {}", T::WANTED),
                ),
            }
        }
        entries.sort_by_key(|(_, span, _)| span.start);
        entries
    }

    /// Notes a mistake of the table as a whole.
    pub fn fault(&self, what: impl Into<String>, remedy: impl Into<String>) {
        self.page.fault(self.span.clone(), what, remedy);
    }

    /// Notes a mistake at a key, or at the table if the key is missing.
    pub fn fault_at(&self, key: &str, what: impl Into<String>, remedy: impl Into<String>) {
        let span = self.table.get(key).map_or(self.span.clone(), Spanned::span);
        self.page.fault(span, what, remedy);
    }

    /// Every key that nobody asked for is a fault.
    pub fn finish(self) {
        let asked = self.asked.borrow();
        for key in self.table.keys().filter(|key| !asked.contains(&key.get_ref().as_ref())) {
            let what = format!("unknown key `{}`", key.get_ref());
            self.page.fault(key.span(), what, format!("here may be: {}", asked.join(", ")));
        }
    }

    fn value(&self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.borrow_mut().push(key);
        self.table.get(key)
    }

    fn as_section(&self, key: &str, value: &'a Spanned<DeValue<'a>>) -> Option<Section<'a>> {
        match value.get_ref().as_table() {
            Some(table) => Some(Section::new(self.page, value.span(), table)),
            None => {
                let what = format!("`{key}` is {}", name_of(value));
                self.page.fault(value.span(), what, "give a table, as `{ … }`");
                None
            }
        }
    }
}

/// The type in words, as it stands in a fault.
fn name_of(value: &Spanned<DeValue<'_>>) -> &'static str {
    match value.get_ref() {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
