"""How long a recording is, from its head; the readers of `irmas` and `musicnet` ask `wavs.each` for it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Length:
    """Look at the head of one recording: (what is wrong or "", its seconds)."""

    def __call__(self, path):
        from .. import audio

        try:
            return "", audio.info(path).duration
        except audio.AudioError as error:
            return str(error), 0.0
