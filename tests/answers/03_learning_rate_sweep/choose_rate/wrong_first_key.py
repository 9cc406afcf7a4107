# wrong: the first rate of the dict
# message: reached a lower validation loss
def choose_rate(results):
    return list(results)[0]
