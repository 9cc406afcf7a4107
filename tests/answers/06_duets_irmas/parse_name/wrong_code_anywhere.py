# wrong: looks whether a code stands anywhere in the name, so that classical becomes clarinet
# message: the instrument of .* is not 'cla'|'cla' is the genre
def parse_name(path):
    name = Path(path).name
    for code in ("cla", "cel", "flu", "gac", "gel", "org", "pia", "sax", "tru", "vio", "voi"):
        if code in name:
            return {"instrument": code, "song": name.rsplit("__", 1)[0]}
