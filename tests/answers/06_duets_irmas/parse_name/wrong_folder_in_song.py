# wrong: the folders stay in the name of the song
# message: the song of .* is not
def parse_name(path):
    return {"instrument": re.search(r"\[(\w+)\]", Path(path).name).group(1), "song": path.rsplit("__", 1)[0]}
