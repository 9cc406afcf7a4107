def parse_name(path):
    found = re.match(r"^(.*?\[([a-z]{3})\].*)__\d+\.wav$", path.split("/")[-1])
    return {"instrument": found.group(2), "song": found.group(1)}
