def parse_name(path):
    stem = Path(path).stem
    parts = stem.split("__")
    song = "__".join(parts[:-1])  # the excerpt's number is the last part
    instrument = song.split("[")[1].split("]")[0]
    return {"song": song, "instrument": instrument}
