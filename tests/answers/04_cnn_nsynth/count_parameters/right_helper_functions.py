def count_parameters(input_length, layers):
    def conv1d(shape, filters, kernel):
        return (shape[0] - kernel + 1, filters), filters + shape[1] * kernel * filters

    def pool(shape, size):
        return ((shape[0] - size) // size + 1, shape[1]), 0

    def flatten(shape):
        return (1, shape[0] * shape[1]), 0

    def global_pool(shape):
        return (1, shape[1]), 0

    def dense(shape, units):
        return (1, units), (shape[1] + 1) * units

    kinds = {"conv1d": conv1d, "pool": pool, "flatten": flatten, "global_pool": global_pool, "dense": dense}
    shape, result = (input_length, 1), []
    for layer in layers:
        sizes = dict(layer)
        shape, n = kinds[sizes.pop("kind")](shape, **sizes)
        result.append(n)
    return result
