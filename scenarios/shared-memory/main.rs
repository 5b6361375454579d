//! One process writes on a board and another reads it: is it the same board?
use super::{Global, Memory, PARAMS, Unlink};
use multiprocessing::{Process, Result, SharedMemory, time::sleep};

static BOARD: Global<String> = Global::new("board", String::new());

fn write(name: &str) -> Result<()> {
    sleep(PARAMS.pause);
    match PARAMS.memory {
        Memory::Shared => SharedMemory::attach(name)?.write(0, PARAMS.words.as_bytes()),
        Memory::Global => drop(BOARD.update(|_| PARAMS.words.clone())),
    }
    println!("小明 写下「{}」", PARAMS.words);
    Ok(())
}

fn read(name: &str) -> Result<()> {
    sleep(PARAMS.pause);
    let words = match PARAMS.memory {
        Memory::Shared => String::from_utf8_lossy(&SharedMemory::attach(name)?.read(0, 128)).into(),
        Memory::Global => BOARD.get(),
    };
    println!("小红 读到「{}」", words.trim_end_matches('\0'));
    Ok(())
}

pub fn main() -> Result<()> {
    let shm = SharedMemory::create(128)?;
    let mut writer = Process::new(write, (shm.name(),)).name("小明");
    writer.start()?;
    writer.join()?;
    if PARAMS.unlink == Unlink::Early {
        shm.unlink()?;
    }
    let mut reader = Process::new(read, (shm.name(),)).name("小红");
    reader.start().and_then(|()| reader.join())?;
    if PARAMS.unlink == Unlink::AtTheEnd { shm.unlink() } else { Ok(()) }
}
