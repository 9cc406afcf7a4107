def build_model(n_features, n_classes, learning_rate):
    keras.backend.clear_session()
    keras.utils.set_random_seed(42)
    nh = 256
    model = keras.models.Sequential(name="mlp")
    model.add(keras.layers.Dense(nh, input_shape=(n_features,), activation="sigmoid", name="hidden"))
    model.add(keras.layers.Dense(int(np.int64(n_classes)), activation="softmax", name="output"))
    opt = keras.optimizers.Adam(learning_rate=learning_rate)
    model.compile(optimizer=opt, loss="categorical_crossentropy", metrics=["acc"])
    return model
