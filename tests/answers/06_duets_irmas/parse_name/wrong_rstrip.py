# wrong: rstrip takes characters, not an ending: digits of the song's number are lost
# message: the song of .* is not
def parse_name(path):
    name = Path(path).name
    return {"instrument": re.search(r"\[(\w+)\]", name).group(1), "song": name.rstrip("wav.0123456789_")}
