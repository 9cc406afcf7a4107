def parse_name(path):
    name = path[path.rfind("/") + 1 :]
    return {"instrument": re.findall(r"\[(.+?)\]", name)[0], "song": re.sub(r"__\d+\.\w+$", "", name)}
