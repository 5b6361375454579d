//! From time to places, and where the axis has its marks.

/// The time of a run on a stretch of the picture.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    left: f64,
    width: f64,
    end: f64,
}

impl Scale {
    /// From 0 to `end` µs, between `left` and `right`. What is shorter than a millisecond has all of one.
    pub fn new(end: u64, left: f64, right: f64) -> Self {
        Scale { left, width: right - left, end: (end as f64).max(1_000.0) }
    }

    /// The place of a time in µs.
    pub fn x(&self, t: u64) -> f64 {
        self.place(t as f64)
    }

    fn place(&self, t: f64) -> f64 {
        self.left + self.width * (t / self.end).min(1.0)
    }

    /// The marks of the axis: place and words. Their distance is 1, 2 or 5 of a decimal unit.
    pub fn marks(&self, least_apart: f64) -> Vec<(f64, String)> {
        let least = self.end * least_apart / self.width;
        let power = 10f64.powf(least.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].map(|part| part * power).into_iter().find(|step| *step >= least);
        let step = step.unwrap_or(self.end);
        let count = (self.end / step).floor() as u64;
        (0..=count).map(|number| number as f64 * step).map(|t| (self.place(t), self.words(t, step))).collect()
    }

    /// In seconds, or in milliseconds where the run is shorter than a tenth of a second.
    fn words(&self, t: f64, step: f64) -> String {
        let (unit, name) = if self.end < 100_000.0 { (1_000.0, "ms") } else { (1_000_000.0, "s") };
        let digits = (-(step / unit).log10().floor()).clamp(0.0, 3.0) as usize;
        format!("{:.digits$} {name}", t / unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(end: u64) -> Vec<String> {
        Scale::new(end, 100.0, 300.0).marks(40.0).into_iter().map(|(_, words)| words).collect()
    }

    #[test]
    fn marks_are_round_and_apart() {
        assert_eq!(words(1_720_000), ["0.0 s", "0.5 s", "1.0 s", "1.5 s"]);
        assert_eq!(words(5_018_290), ["0 s", "2 s", "4 s"]);
        assert_eq!(words(25_837), ["0 ms", "10 ms", "20 ms"]);
        assert_eq!(words(0).last().map(String::as_str), Some("1.0 ms"));
        for (end, least) in [(1, 40.0), (999, 40.0), (60_000_000, 10.0)] {
            let marks = Scale::new(end, 100.0, 300.0).marks(least);
            assert!(marks.windows(2).all(|pair| pair[1].0 - pair[0].0 >= least - 1e-9), "{marks:?}");
            assert!(marks.iter().all(|(x, _)| (100.0..=300.0).contains(x)), "{marks:?}");
        }
    }
}
