//! Two processes play ping-pong through a pipe. How does one learn that the other has gone?
use super::{End, PARAMS};
use multiprocessing::{Connection, Pipe, Process, Result, connection::Dynamic, time::sleep};

type Ball = (usize, Vec<u8>);

fn play(conn: Connection<Dynamic>, other: &Connection<Dynamic>) -> Result<()> {
    if PARAMS.end != End::Inherited {
        other.close();
    }
    while let Ok((n, ball)) = conn.recv::<Ball>() {
        sleep(PARAMS.pause);
        println!("小明 打回 {n} 号球");
        if let Err(error) = conn.send(&(n, ball)) {
            println!("小明 打不回去: {error}");
        }
    }
    println!("小明 对面没有人了: EOFError");
    Ok(())
}

pub fn main() -> Result<()> {
    let (there, here) = Pipe::with(PARAMS.duplex)?;
    let mut p = Process::new(play, (there, &here)).name("小明");
    p.start()?; // closes `there` in this process
    for n in 1..PARAMS.balls + PARAMS.flying {
        if n <= PARAMS.balls {
            println!("主进程 发出 {n} 号球");
            here.send(&(n, vec![0; PARAMS.kib << 10]))?;
        }
        if PARAMS.duplex && n >= PARAMS.flying {
            let (n, _): Ball = here.recv()?;
            println!("主进程 接到 {n} 号球");
        }
    }
    if PARAMS.end != End::Kept {
        here.close();
    }
    p.join()
}
