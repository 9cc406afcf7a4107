import os


def parse_name(path):
    file_name = os.path.basename(path)
    song = file_name.rsplit("__", 1)[0]
    start = file_name.index("[") + 1
    return dict(instrument=file_name[start : file_name.index("]")], song=song)
