# wrong: cuts at the first double underscore, where a number may stand in front
# message: the song of .* is not
def parse_name(path):
    name = Path(path).name
    return {"instrument": re.search(r"\[(\w+)\]", name).group(1), "song": name.split("__")[0]}
