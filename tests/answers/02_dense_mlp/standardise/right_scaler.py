def standardise(X_train, X_test):
    scaler = StandardScaler()
    scaler.fit(X_train)
    Xtr_scale = scaler.transform(X_train)
    Xts_scale = scaler.transform(X_test)
    return Xtr_scale, Xts_scale
