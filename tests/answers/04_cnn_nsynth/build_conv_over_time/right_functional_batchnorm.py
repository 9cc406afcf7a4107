from keras import layers


def build_conv_over_time(n_frames, n_mels, n_classes):
    inputs = keras.Input(shape=(n_frames, n_mels))
    x = layers.BatchNormalization()(inputs)
    for filters in (32, 48, 64):
        x = layers.Conv1D(filters, 5, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization()(x)
        x = layers.ReLU()(x)
        x = layers.AveragePooling1D(2, padding="same")(x)
    x = layers.GlobalAveragePooling1D()(x)
    x = layers.Dense(64, activation="relu")(x)
    outputs = layers.Dense(n_classes)(x)
    return keras.Model(inputs, layers.Softmax()(outputs))
