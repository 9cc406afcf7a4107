# wrong: a loss that expects logits, behind a sigmoid
# message: one that expects logits
def build_transfer(stage1, n_labels, learning_rate):
    for layer in stage1.layers:
        layer.trainable = False
    x = keras.layers.Dense(n_labels, activation="sigmoid")(stage1.layers[-2].output)
    model = keras.Model(stage1.inputs, x)
    model.compile(keras.optimizers.Adam(learning_rate), loss=keras.losses.BinaryCrossentropy(from_logits=True))
    return model
