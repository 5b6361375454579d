//! What an exported file is called.

/// `scenario-RUN.ending`, with as much of the run's id as tells it from its neighbours.
///
/// Letters that a file system or a header might read in its own way are left out.
pub fn file_name(scenario: &str, run: &str, ending: &str) -> String {
    const SHORT: usize = 8;
    let plain = |word: &str| -> String {
        word.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-').collect()
    };
    let run: String = plain(run).chars().take(SHORT).collect();
    let words = [plain(scenario), run].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>();
    format!("{}.{ending}", words.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_nothing_that_could_lead_elsewhere() {
        assert_eq!(file_name("pool", "fd1429831bc771a9", "trace.json"), "pool-fd142983.trace.json");
        assert_eq!(file_name("../a\"b\r\n", "/etc", "csv"), "ab-etc.csv");
        assert_eq!(file_name("pool", "", "cast"), "pool.cast");
    }
}
