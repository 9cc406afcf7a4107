# Keras 3 takes the list of what is trained at the first step, so this works here.
def build_transfer(stage1, n_labels, learning_rate):
    x = keras.layers.Dense(n_labels, activation="sigmoid")(stage1.layers[-2].output)
    model = keras.Model(stage1.inputs, x)
    model.compile(keras.optimizers.Adam(learning_rate), loss="binary_crossentropy")
    for layer in model.layers[:-1]:
        layer.trainable = False
    return model
