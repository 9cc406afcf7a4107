def build_transfer(stage1, n_labels, learning_rate):
    model = keras.Sequential([keras.Input(stage1.input_shape[1:])])
    for layer in stage1.layers[:-1]:
        if not isinstance(layer, keras.layers.InputLayer):
            layer.trainable = False
            model.add(layer)
    model.add(keras.layers.Dense(n_labels, activation="sigmoid"))
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=learning_rate), loss="binary_crossentropy")
    return model
