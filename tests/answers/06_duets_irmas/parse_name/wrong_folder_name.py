# wrong: the folder of the file is taken for the instrument
# message: the instrument of .* is not
def parse_name(path):
    return {"instrument": Path(path).parent.name, "song": Path(path).name.rsplit("__", 1)[0]}
