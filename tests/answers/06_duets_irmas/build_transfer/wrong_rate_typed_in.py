# wrong: the report's rate is typed in
# message: and not the argument
def build_transfer(stage1, n_labels, learning_rate):
    for layer in stage1.layers:
        layer.trainable = False
    x = keras.layers.Dense(n_labels, activation="sigmoid")(stage1.layers[-2].output)
    model = keras.Model(stage1.inputs, x)
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model
