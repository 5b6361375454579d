"""One prints more than anybody may; the other says one line afterwards."""
from multiprocessing import Process


def chatter():
    for number in range(3000):
        print(f"{number} la la la la la la la la la la la la la la la la")


def quiet():
    print("me, too")


if __name__ == "__main__":
    for who, name in [(chatter, "Chatter"), (quiet, "Quiet")]:
        p = Process(target=who, name=name)
        p.start()
        p.join()
