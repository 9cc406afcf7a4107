def count_parameters(input_length, layers):
    # builds the network and asks it; slow, but right
    parts = []
    for layer in layers:
        if layer["kind"] == "conv1d":
            parts.append(keras.layers.Conv1D(layer["filters"], layer["kernel"]))
        if layer["kind"] == "pool":
            parts.append(keras.layers.MaxPooling1D(layer["size"]))
        if layer["kind"] == "flatten":
            parts.append(keras.layers.Flatten())
        if layer["kind"] == "global_pool":
            parts.append(keras.layers.GlobalMaxPooling1D())
        if layer["kind"] == "dense":
            parts.append(keras.layers.Dense(layer["units"]))
    model = keras.Sequential(parts)
    shape, counts = (None, input_length, 1), []
    for part in parts:
        part.build(shape)
        shape = part.compute_output_shape(shape)
        counts.append(part.count_params())
    return counts
