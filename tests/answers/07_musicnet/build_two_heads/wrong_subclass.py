# wrong: a model class of one's own
# message: your own
class TwoHeads(keras.Model):
    def __init__(self, n_composers, n_instruments):
        super().__init__()
        self.trunk = keras.Sequential([keras.layers.Conv1D(32, 5, activation="relu"), keras.layers.GlobalAveragePooling1D()])
        self.composer = keras.layers.Dense(n_composers, activation="softmax", name="composer")
        self.instruments = keras.layers.Dense(n_instruments, activation="sigmoid", name="instruments")

    def call(self, x):
        x = self.trunk(x)
        return {"composer": self.composer(x), "instruments": self.instruments(x)}


def build_two_heads(input_shape, n_composers, n_instruments, learning_rate):
    model = TwoHeads(n_composers, n_instruments)
    model(np.zeros((1, *input_shape), dtype="float32"))
    losses = {"composer": "sparse_categorical_crossentropy", "instruments": "binary_crossentropy"}
    model.compile(keras.optimizers.Adam(learning_rate), loss=losses)
    return model
