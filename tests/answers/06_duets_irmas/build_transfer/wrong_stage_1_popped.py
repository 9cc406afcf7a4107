# wrong: the old output layer is taken off stage 1 itself
# message: stage 1 itself gives other answers|has no attribute 'pop'
def build_transfer(stage1, n_labels, learning_rate):
    stage1.pop()
    stage1.trainable = False
    model = keras.Sequential([stage1, keras.layers.Dense(n_labels, activation="sigmoid")])
    model.compile(keras.optimizers.Adam(learning_rate), loss="binary_crossentropy")
    return model
