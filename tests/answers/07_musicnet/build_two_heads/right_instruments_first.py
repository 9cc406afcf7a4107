from tensorflow.keras.layers import LSTM, Dense, Input


def build_two_heads(input_shape, n_composers, n_instruments, learning_rate):
    sound = Input(shape=input_shape)
    memory = LSTM(24)(sound)
    memory = Dense(24, activation="tanh")(memory)
    plays = Dense(n_instruments, activation="sigmoid", name="instruments")(memory)
    wrote = Dense(n_composers, activation="softmax", name="composer")(memory)
    model = keras.Model(sound, [plays, wrote])
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate),
        loss={"instruments": keras.losses.binary_crossentropy, "composer": keras.losses.sparse_categorical_crossentropy},
    )
    return model
