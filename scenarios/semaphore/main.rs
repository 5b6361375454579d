//! A car park with few places: so many may be inside at once, and the others wait.
use super::PARAMS;
use multiprocessing::{BoundedSemaphore, Process, Result, Semaphore, time::sleep};

fn park(n: usize, places: &Semaphore) -> Result<()> {
    println!("{n} 号车 到了门口");
    places.acquire();
    println!("{n} 号车 停好");
    sleep(PARAMS.stay);
    println!("{n} 号车 开走");
    if PARAMS.forgets && n == 1 {
        println!("{n} 号车 忘了还停车卡");
        return Ok(());
    }
    places.release()
}

pub fn main() -> Result<()> {
    let places = match PARAMS.bounded {
        true => BoundedSemaphore::new(PARAMS.places as u32)?.into(),
        false => Semaphore::new(PARAMS.places as u32)?,
    };
    let places = places.name("车位");
    if PARAMS.extra {
        match places.release() {
            Ok(()) => println!("门卫 多发了一张停车卡"),
            Err(error) => println!("门卫 发不出去: {error}"),
        }
    }
    let car = |n| Process::new(park, (n, &places)).name(format!("{n} 号车"));
    let mut cars: Vec<_> = (1..=PARAMS.cars).map(car).collect();
    cars.iter_mut().try_for_each(|p| p.start())?;
    cars.iter().try_for_each(|p| p.join())?;
    println!("天黑了，空位 {}", places.get_value());
    Ok(())
}
