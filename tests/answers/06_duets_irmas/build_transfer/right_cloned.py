def build_transfer(stage1, n_labels, learning_rate):
    copy = keras.models.clone_model(stage1)
    copy.set_weights(stage1.get_weights())
    trunk = keras.Model(copy.inputs, copy.layers[-2].output)
    trunk.trainable = False
    model = keras.Sequential([
        keras.Input(stage1.input_shape[1:]),
        trunk,
        keras.layers.Dense(n_labels),
        keras.layers.Activation("sigmoid"),
    ])
    model.compile(loss="binary_crossentropy", optimizer=keras.optimizers.Adam(learning_rate))
    return model
