//! Chance that can be repeated.
//!
//! A number depends on the run's seed and on a name, and on nothing else: a task takes the
//! same time whichever worker takes it and in whichever order. `playground.py` computes the
//! same numbers, so that the twins of a scenario can be compared.

use std::sync::LazyLock;

static SEED: LazyLock<u64> = LazyLock::new(|| {
    std::env::var(protocol::job::SEED_ENV).ok().and_then(|seed| seed.parse().ok()).unwrap_or(0)
});

/// A number from 0 up to but not including 1 for that name.
pub fn random(name: &str) -> f64 {
    fraction(*SEED, name)
}

/// FNV-1a over the name, started from the mixed seed; the upper 53 bits of the mixed hash.
fn fraction(seed: u64, name: &str) -> f64 {
    let start = 0xcbf2_9ce4_8422_2325 ^ mix(seed);
    let hash = name.bytes().fold(start, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    (mix(hash) >> 11) as f64 / (1u64 << 53) as f64
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every bit of the input moves every bit of the output.
fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn the_same_name_and_seed_give_the_same_number_and_others_another() {
        assert_eq!(fraction(7, "学习"), fraction(7, "学习"));
        assert_ne!(fraction(7, "学习"), fraction(8, "学习"));
        assert_ne!(fraction(7, "学习"), fraction(7, "打球"));
    }

    #[test]
    fn numbers_spread_evenly_between_0_and_1() {
        let numbers: Vec<f64> = (0..10_000).map(|n| fraction(n % 100, &format!("task {n}"))).collect();
        let mean = numbers.iter().sum::<f64>() / 10_000.0;
        assert!(numbers.iter().all(|x| (0.0..1.0).contains(x)));
        assert!((0.48..0.52).contains(&mean), "mean {mean}");
    }

    #[test]
    fn python_computes_the_same_numbers() {
        let names = ["", "a", "听音乐", "打球 9"];
        let program =
            "import sys, playground; print(*(repr(playground.random(name)) for name in sys.argv[1:]))";
        for seed in [0, 7, u64::MAX] {
            let output = Command::new("python3")
                .args(["-c", program])
                .args(names)
                .env("PYTHONPATH", concat!(env!("CARGO_MANIFEST_DIR"), "/python"))
                .env("PYTHONDONTWRITEBYTECODE", "1")
                .env(protocol::job::SEED_ENV, seed.to_string())
                .output()
                .expect("python3 is needed to compare the twins; install it");
            let expected = names.map(|name| fraction(seed, name).to_string()).join(" ");
            assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), expected, "seed {seed}: {output:?}");
        }
    }
}
