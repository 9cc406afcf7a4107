# wrong: batch normalisation is left free, so that its mean follows the mixtures
# message: more is trained|batch normalisation still learns
def build_transfer(stage1, n_labels, learning_rate):
    for layer in stage1.layers:
        layer.trainable = isinstance(layer, keras.layers.BatchNormalization)
    x = keras.layers.Dense(n_labels, activation="sigmoid")(stage1.layers[-2].output)
    model = keras.Model(stage1.inputs, x)
    model.compile(keras.optimizers.Adam(learning_rate), loss="binary_crossentropy")
    return model
