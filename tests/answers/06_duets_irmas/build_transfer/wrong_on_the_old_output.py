# wrong: the new layer stands on the old softmax
# message: fewer numbers are trained|is its old output still there
def build_transfer(stage1, n_labels, learning_rate):
    for layer in stage1.layers:
        layer.trainable = False
    x = keras.layers.Dense(n_labels, activation="sigmoid")(stage1.output)
    model = keras.Model(stage1.inputs, x)
    model.compile(keras.optimizers.Adam(learning_rate), loss="binary_crossentropy")
    return model
