# wrong: only notes that begin inside the window
# message: began before the window
def sounding(notes, start, stop, min_seconds):
    inside = notes[(notes[:, 0] >= start) & (notes[:, 0] < stop)]
    return [int(c) for c in np.unique(inside[:, 2]) if (inside[inside[:, 2] == c][:, 1] - inside[inside[:, 2] == c][:, 0]).sum() >= min_seconds]
