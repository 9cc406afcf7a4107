# wrong: nothing is frozen
# message: more is trained than
def build_transfer(stage1, n_labels, learning_rate):
    x = keras.layers.Dense(n_labels, activation="sigmoid")(stage1.layers[-2].output)
    model = keras.Model(stage1.inputs, x)
    model.compile(keras.optimizers.Adam(learning_rate), loss="binary_crossentropy")
    return model
