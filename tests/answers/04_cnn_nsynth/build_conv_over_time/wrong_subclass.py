# wrong: a model class of one's own
# message: your own|subclass
class Listener(keras.Model):
    def __init__(self, n_classes):
        super().__init__()
        self.convolution = keras.layers.Conv1D(64, 5, activation="relu")
        self.pool = keras.layers.GlobalAveragePooling1D()
        self.head = keras.layers.Dense(n_classes, activation="softmax")

    def call(self, clips):
        return self.head(self.pool(self.convolution(clips)))


def build_conv_over_time(n_frames, n_mels, n_classes):
    model = Listener(n_classes)
    model(np.zeros((1, n_frames, n_mels), dtype="float32"))
    return model
