def build_transfer(stage1, n_labels, learning_rate):
    base = keras.models.Model(inputs=stage1.input, outputs=stage1.layers[-2].output)
    base.trainable = False
    model = keras.models.Sequential()
    model.add(base)
    model.add(keras.layers.Dense(int(n_labels), activation=keras.activations.sigmoid))
    model.compile(keras.optimizers.Adam(learning_rate=learning_rate), "binary_crossentropy")
    return model
