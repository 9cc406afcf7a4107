# wrong: seven characters are cut off, so that excerpts 10 to 12 keep an underscore
# message: the song of .* is not
def parse_name(path):
    name = Path(path).name
    return {"instrument": re.search(r"\[(\w+)\]", name).group(1), "song": name[:-7]}
