# wrong: one more hidden layer is trained
# message: more is trained than the new Dense layer
def build_transfer(stage1, n_labels, learning_rate):
    for layer in stage1.layers:
        layer.trainable = False
    x = keras.layers.Dense(8, activation="relu")(stage1.layers[-2].output)
    x = keras.layers.Dense(n_labels, activation="sigmoid")(x)
    model = keras.Model(stage1.inputs, x)
    model.compile(keras.optimizers.Adam(learning_rate), loss="binary_crossentropy")
    return model
