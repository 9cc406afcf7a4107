# wrong: the number of the excerpt stays in the name of the song
# message: is the excerpt's number still there
def parse_name(path):
    stem = Path(path).stem
    return {"instrument": re.search(r"\[(\w+)\]", stem).group(1), "song": stem}
