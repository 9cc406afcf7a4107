# wrong: a model class of one's own
# message: your own|subclass
class Reader(keras.Model):
    def __init__(self, n_classes, units):
        super().__init__()
        self.lstm = keras.layers.LSTM(units)
        self.head = keras.layers.Dense(n_classes, activation="softmax")

    def call(self, frames):
        return self.head(self.lstm(frames))


def build_lstm(n_features, n_classes, units):
    model = Reader(n_classes, units)
    model(np.zeros((1, 5, n_features), dtype="float32"))
    return model
