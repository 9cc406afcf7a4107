from tensorflow.keras import optimizers
from tensorflow.keras.layers import Dense
from tensorflow.keras.models import Sequential


def build_model(n_features, n_classes, learning_rate):
    nh = 256  # number of hidden units
    model = Sequential()
    model.add(Dense(units=nh, input_shape=(n_features,), activation="sigmoid", name="hidden"))
    model.add(Dense(units=n_classes, activation="softmax", name="output"))
    opt = optimizers.Adam(learning_rate=learning_rate)
    model.compile(loss="categorical_crossentropy", optimizer=opt, metrics=["accuracy"])
    model.summary()
    return model
