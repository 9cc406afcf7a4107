# wrong: a tuple in place of a dict
# message: should be a dict
def parse_name(path):
    name = Path(path).name
    return re.search(r"\[(\w+)\]", name).group(1), name.rsplit("__", 1)[0]
