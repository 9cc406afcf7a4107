def receptive_field(layers):
    sizes = np.array([layer[1] for layer in layers])
    strides = np.array([layer[2] for layer in layers])
    before = np.concatenate([[1], np.cumprod(strides)[:-1]])
    return 1 + np.sum((sizes - 1) * before)
