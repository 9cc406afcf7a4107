# wrong: the last hidden layer is left out, too
# message: fewer frozen weights|is not a sigmoid of one Dense layer on stage 1's last hidden|cannot|more is trained|less|fewer
def build_transfer(stage1, n_labels, learning_rate):
    for layer in stage1.layers:
        layer.trainable = False
    x = keras.layers.Dense(n_labels, activation="sigmoid")(stage1.layers[-3].output)
    model = keras.Model(stage1.inputs, x)
    model.compile(keras.optimizers.Adam(learning_rate), loss="binary_crossentropy")
    return model
