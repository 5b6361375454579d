//! The page's files are inside the binary: a new one must make it anew.

fn main() {
    println!("cargo::rerun-if-changed=../../web");
}
