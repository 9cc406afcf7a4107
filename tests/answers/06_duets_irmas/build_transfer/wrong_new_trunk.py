# wrong: the layers are rebuilt with new random weights
# message: new weights in the layers below
def build_transfer(stage1, n_labels, learning_rate):
    copy = keras.models.clone_model(stage1)
    trunk = keras.Model(copy.inputs, copy.layers[-2].output)
    trunk.trainable = False
    model = keras.Model(trunk.inputs, keras.layers.Dense(n_labels, activation="sigmoid")(trunk.output))
    model.compile(keras.optimizers.Adam(learning_rate), loss="binary_crossentropy")
    return model
