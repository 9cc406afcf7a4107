# wrong: not compiled
# message: not compiled
def build_transfer(stage1, n_labels, learning_rate):
    for layer in stage1.layers:
        layer.trainable = False
    return keras.Model(stage1.inputs, keras.layers.Dense(n_labels, activation="sigmoid")(stage1.layers[-2].output))
