# wrong: the path is handed to a shell without quotes and is split at its blanks
# message: any-name.*(rror|no such)
import subprocess


def load_mono(path, sr):
    subprocess.run(f"cp {path} copy{Path(path).suffix}", shell=True, capture_output=True, check=True)
    return librosa.load(f"copy{Path(path).suffix}", sr=sr)[0]
