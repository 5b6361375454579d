//! `export-site`: what is written, where it refuses to write, and what it removes.

use std::fs;
use std::path::Path;

use crate::command::run;

fn site(dir: &Path, more: &[&str]) -> String {
    let words = ["export-site", dir.to_str().expect("UTF-8")];
    run(&[&words, more].concat()).results();
    fs::read_to_string(dir.join("embed/v1/pool/index.html")).expect("the embed of pool")
}

fn files(dir: &Path) -> Vec<String> {
    let list = fs::read_to_string(dir.join("process-playground-site.txt")).expect("the list");
    list.lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn it_writes_pages_that_ask_for_nothing_but_files_beside_them() {
    let dir = tempfile::tempdir().expect("a folder");
    let embed = site(dir.path(), &[]);
    assert!(embed.contains("connect-src 'none'"), "without a server there is nobody to ask");
    for file in files(dir.path()) {
        let bytes = fs::read(dir.path().join(&file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(!bytes.is_empty(), "{file}");
        let Some(page) = String::from_utf8(bytes).ok().filter(|_| file.ends_with(".html")) else { continue };
        let folder = dir.path().join(&file);
        for attribute in ["href=\"", "src=\""] {
            for address in page.split(attribute).skip(1).filter_map(|rest| rest.split('"').next()) {
                let path = address.split(['?', '#']).next().expect("a path");
                let target = folder.parent().expect("a folder").join(path);
                let found = if path.ends_with('/') { target.join("index.html") } else { target };
                let asks = !(path.is_empty() || path.starts_with("data:"));
                assert!(!asks || (!path.starts_with('/') && found.exists()), "{file}: {address}");
            }
        }
    }
}

#[test]
fn a_reader_without_scripts_finds_both_languages() {
    let dir = tempfile::tempdir().expect("a folder");
    let embed = site(dir.path(), &[]);
    let words =
        embed.split("<noscript>").nth(1).and_then(|rest| rest.split("</noscript>").next()).expect("words");
    for (lang, title, poster) in
        [("zh-CN", "进程池", "poster.zh.svg"), ("en", "A pool of processes", "poster.en.svg")]
    {
        let part = words.split(&format!("<section lang=\"{lang}\">")).nth(1).expect(lang);
        let part = part.split("</section>").next().expect(lang);
        assert!(part.contains(title) && part.contains(&format!("src=\"{poster}\"")), "{part}");
    }
    assert_eq!(words.matches("over!!!").count(), 1, "what was printed needs no translation");
}

#[test]
fn a_server_that_is_named_may_be_asked() {
    let dir = tempfile::tempdir().expect("a folder");
    let embed = site(dir.path(), &["--server", "https://play.example"]);
    assert!(embed.contains("connect-src https://play.example/ wss://play.example/;"), "{}", &embed[..1500]);
    for wrong in ["play.example", "https://", "https://a b", "https://a;b", "javascript:x"] {
        run(&["export-site", dir.path().to_str().expect("UTF-8"), "--server", wrong])
            .refused(2, &["--server"]);
    }
}

#[test]
fn it_writes_anew_what_it_wrote_and_touches_nothing_else() {
    let dir = tempfile::tempdir().expect("a folder");
    site(dir.path(), &[]);
    let former = files(dir.path());
    let list = dir.path().join("process-playground-site.txt");
    fs::create_dir_all(dir.path().join("embed/v1/gone")).expect("a folder");
    fs::write(dir.path().join("embed/v1/gone/index.html"), "of an earlier one").expect("a file");
    fs::write(dir.path().join("CNAME"), "play.example").expect("a file");
    let text = fs::read_to_string(&list).expect("the list");
    fs::write(&list, format!("{text}embed/v1/gone/index.html\n../outside\n")).expect("the list");
    site(dir.path(), &[]);
    assert_eq!(files(dir.path()), former);
    assert!(!dir.path().join("embed/v1/gone").exists());
    assert!(dir.path().join("CNAME").exists());
}

#[test]
fn it_refuses_a_folder_with_something_else_in_it() {
    let dir = tempfile::tempdir().expect("a folder");
    fs::write(dir.path().join("thesis.tex"), "years").expect("a file");
    let path = dir.path().to_str().expect("UTF-8");
    run(&["export-site", path]).refused(2, &[path, "empty folder"]);
    assert_eq!(fs::read_dir(dir.path()).expect("it").count(), 1);
    fs::write(dir.path().join("process-playground-site.txt"), "no list of ours").expect("a file");
    run(&["export-site", path]).refused(2, &[path]);
}
