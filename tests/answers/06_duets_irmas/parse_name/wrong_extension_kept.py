# wrong: the ending of the file stays in the name of the song
# message: should not keep the ending|is not '.*\.wav'
def parse_name(path):
    name = Path(path).name
    return {"instrument": re.search(r"\[(\w+)\]", name).group(1), "song": name}
