def count_parameters(input_length, layers):
    counts = []
    shape = (input_length, 1)
    for layer in layers:
        kind = layer["kind"]
        if kind == "conv1d":
            counts.append(layer["kernel"] * shape[1] * layer["filters"] + layer["filters"])
            shape = (shape[0] - layer["kernel"] + 1, layer["filters"])
        elif kind == "pool":
            counts.append(0)
            shape = (shape[0] // layer["size"], shape[1])
        elif kind == "flatten":
            counts.append(0)
            shape = (shape[0] * shape[1],)
        elif kind == "global_pool":
            counts.append(0)
            shape = (shape[1],)
        else:
            counts.append(shape[0] * layer["units"] + layer["units"])
            shape = (layer["units"],)
    return counts
