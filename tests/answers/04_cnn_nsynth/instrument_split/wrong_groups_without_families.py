# wrong: split by instrument, but without a look at the families
# message: has none there|has none left|family with one instrument
def instrument_split(instruments, families, test_share, seed):
    return evaluate.split_by_group(instruments, test_share, seed)
