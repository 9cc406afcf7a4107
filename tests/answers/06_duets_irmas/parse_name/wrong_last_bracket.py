# wrong: the last bracket, which is the genre
# message: is the genre of
def parse_name(path):
    name = Path(path).name
    return {"instrument": re.findall(r"\[(\w+)\]", name)[-1], "song": name.rsplit("__", 1)[0]}
