# wrong: a greedy expression runs up to the last bracket
# message: the instrument of .* is not
def parse_name(path):
    name = Path(path).name
    return {"instrument": re.search(r"\[(.+)\]", name).group(1), "song": name.rsplit("__", 1)[0]}
