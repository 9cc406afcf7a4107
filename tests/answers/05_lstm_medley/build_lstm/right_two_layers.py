from tensorflow.keras.layers import LSTM, Dense
from tensorflow.keras.models import Sequential


def build_lstm(n_features, n_classes, units):
    model = Sequential()
    model.add(LSTM(units, return_sequences=True, dropout=0.1, input_shape=(None, n_features)))
    model.add(LSTM(units // 2))
    model.add(Dense(n_classes))
    model.add(keras.layers.Softmax())
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
