# wrong: from the first onset to the last offset, rests included
# message: silence between
def sounding(notes, start, stop, min_seconds):
    found = []
    for code in np.unique(notes[:, 2]):
        own = notes[(notes[:, 2] == code) & (notes[:, 1] > start) & (notes[:, 0] < stop)]
        if len(own) and min(own[:, 1].max(), stop) - max(own[:, 0].min(), start) >= min_seconds:
            found.append(int(code))
    return found
