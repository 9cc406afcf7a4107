# wrong: librosa.onset.onset_detect: every change of the spectrum counts
# message: lie more than 30 ms|you found
def note_onsets(y, sr):
    return librosa.onset.onset_detect(y=y, sr=sr, units="time")
