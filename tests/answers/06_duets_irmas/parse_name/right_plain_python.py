def parse_name(path):
    name = path.split("/")[-1]
    start = name.index("[") + 1
    pieces = name.split("__")
    return {"instrument": name[start : name.index("]", start)], "song": "__".join(pieces[:-1])}
