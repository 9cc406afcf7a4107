# wrong: Adam(lr=...), which Keras 3 does not know
# message: write `learning_rate=`
def build_transfer(stage1, n_labels, learning_rate):
    for layer in stage1.layers:
        layer.trainable = False
    x = keras.layers.Dense(n_labels, activation="sigmoid")(stage1.layers[-2].output)
    model = keras.Model(stage1.inputs, x)
    model.compile(keras.optimizers.Adam(lr=learning_rate), loss="binary_crossentropy")
    return model
