# wrong: the new layer is frozen with all others
# message: the new layer is frozen, too
def build_transfer(stage1, n_labels, learning_rate):
    x = keras.layers.Dense(n_labels, activation="sigmoid")(stage1.layers[-2].output)
    model = keras.Model(stage1.inputs, x)
    model.trainable = False
    model.compile(keras.optimizers.Adam(learning_rate), loss="binary_crossentropy")
    return model
