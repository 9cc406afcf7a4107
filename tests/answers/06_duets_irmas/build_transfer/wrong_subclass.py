# wrong: a model class of one's own
# message: your own
class Transfer(keras.Model):
    def __init__(self, stage1, n_labels):
        super().__init__()
        self.trunk = keras.Model(stage1.input, stage1.layers[-2].output)
        self.trunk.trainable = False
        self.head = keras.layers.Dense(n_labels, activation="sigmoid")

    def call(self, clips):
        return self.head(self.trunk(clips, training=False))


def build_transfer(stage1, n_labels, learning_rate):
    model = Transfer(stage1, n_labels)
    model.compile(keras.optimizers.Adam(learning_rate), "binary_crossentropy")
    model(np.zeros((1, *stage1.input_shape[1:]), dtype="float32"))
    return model
