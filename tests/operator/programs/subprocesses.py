"""Other programs: a pipeline, and one that fails."""
import subprocess
import sys

if __name__ == "__main__":
    echo = subprocess.Popen(["echo", "hello"], stdout=subprocess.PIPE)
    subprocess.run(["tr", "a-z", "A-Z"], stdin=echo.stdout, check=True)
    echo.wait()
    failed = subprocess.run([sys.executable, "-S", "-c", "import os; os._exit(3)"])
    print("ok", failed.returncode, flush=True)
