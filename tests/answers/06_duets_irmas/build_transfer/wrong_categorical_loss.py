# wrong: categorical cross-entropy on sigmoid outputs
# message: not the mean binary cross-entropy
def build_transfer(stage1, n_labels, learning_rate):
    for layer in stage1.layers:
        layer.trainable = False
    x = keras.layers.Dense(n_labels, activation="sigmoid")(stage1.layers[-2].output)
    model = keras.Model(stage1.inputs, x)
    model.compile(keras.optimizers.Adam(learning_rate), loss="categorical_crossentropy")
    return model
