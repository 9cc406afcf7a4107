# wrong: the sizes are multiplied
# message: not the right value|values are off|widen
def receptive_field(layers):
    return int(np.prod([size for _, size, _ in layers]))
