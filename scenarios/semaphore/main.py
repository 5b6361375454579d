"""A car park with few places: so many may be inside at once, and the others wait."""
import time
from multiprocessing import BoundedSemaphore, Process, Semaphore

from playground import params


def park(n, places):
    print(f"{n} 号车 到了门口")
    places.acquire()
    print(f"{n} 号车 停好")
    time.sleep(params.stay)
    print(f"{n} 号车 开走")
    if params.forgets and n == 1:
        print(f"{n} 号车 忘了还停车卡")
        return
    places.release()


if __name__ == "__main__":
    places = BoundedSemaphore(params.places) if params.bounded else Semaphore(params.places)
    if params.extra:
        try:
            places.release()
            print("门卫 多发了一张停车卡")
        except ValueError as error:
            print(f"门卫 发不出去: {error}")
    cars = [Process(target=park, args=(n, places), name=f"{n} 号车") for n in range(1, params.cars + 1)]
    for p in cars:
        p.start()
    for p in cars:
        p.join()
    print(f"天黑了，空位 {places.get_value()}")
