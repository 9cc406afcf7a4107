# wrong: the four digits alone name the song: other instruments and genres use the same number
# message: the song of .* is not
def parse_name(path):
    name = Path(path).name
    number = re.search(r"(\d{4})__", name).group(1)
    return {"instrument": re.search(r"\[(\w+)\]", name).group(1), "song": number}
