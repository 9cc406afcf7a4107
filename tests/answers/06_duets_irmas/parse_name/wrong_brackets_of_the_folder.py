# wrong: the first bracket of the whole path, so that a folder's bracket is read
# message: in the folder
def parse_name(path):
    return {"instrument": re.search(r"\[(\w+)\]", path).group(1), "song": Path(path).name.rsplit("__", 1)[0]}
