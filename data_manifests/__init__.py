"""One YAML file a data set: files, addresses, sizes, checksums, licence, citation, classes, known defects.

Read by ``helpers.data`` through ``importlib.resources``; a package so that the wheel carries the files.
"""
