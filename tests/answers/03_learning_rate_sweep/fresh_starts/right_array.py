def fresh_starts(losses_before, n_classes):
    excess = np.asarray(losses_before) - np.log(n_classes)
    return (excess >= -0.1) & (excess <= 0.8)
