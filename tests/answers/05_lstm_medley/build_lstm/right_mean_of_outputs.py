def build_lstm(n_features, n_classes, units):
    model = keras.Sequential()
    model.add(keras.layers.InputLayer(shape=(None, n_features)))
    model.add(keras.layers.Masking(mask_value=-1e9))
    model.add(keras.layers.LSTM(units, return_sequences=True))
    model.add(keras.layers.GlobalAveragePooling1D())
    model.add(keras.layers.Dense(n_classes, activation=keras.activations.softmax))
    return model
