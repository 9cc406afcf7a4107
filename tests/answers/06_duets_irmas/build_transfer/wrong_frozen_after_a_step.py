# wrong: frozen after compile and after the first step, and not compiled again
# message: frozen arrays|more is trained|learning rate|optimi|new weights in the layers below
def build_transfer(stage1, n_labels, learning_rate):
    x = keras.layers.Dense(n_labels, activation="sigmoid")(stage1.layers[-2].output)
    model = keras.Model(stage1.inputs, x)
    model.compile(keras.optimizers.Adam(learning_rate), loss="binary_crossentropy")
    model.train_on_batch(np.zeros((2, *stage1.input_shape[1:])), np.zeros((2, n_labels)))
    for layer in model.layers[:-1]:
        layer.trainable = False
    return model
